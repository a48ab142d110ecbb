//! Replication: which rules a registry has, and whether one image has reached the other regions.
//!
//! An empty list of statuses means that no rule was there when the image was pushed: it is given as it is, and is no success.

use super::{Client, Ecr, identifier, regional};
use crate::{
    clients::{aws::refusal::Call, connections::AwsAccount},
    contract::{Context, Unobserved, Why, short},
};
use aws_sdk_ecr::{
    operation::describe_image_replication_status::DescribeImageReplicationStatusError as StatusError,
    types::{ReplicationConfiguration, ReplicationRule as Rule},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A rule: what is copied where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicationRule {
    /// Prefixes of repositories; empty means all.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Where they go.
    pub to: Vec<Destination>,
}

/// A registry that images are copied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// The region.
    pub region: String,
    /// The account.
    pub account: String,
}

impl ReplicationRule {
    /// True if and only if it copies `repository` to `region` of `account`.
    #[must_use]
    pub fn covers(&self, repository: &str, region: &str, account: &str) -> bool {
        let is_meant = self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| repository.starts_with(prefix));
        is_meant && self.to.iter().any(|to| to.region == region && to.account == account)
    }
}

/// How far an image's copy to one region is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replicated {
    /// The region.
    pub region: String,
    /// The account.
    pub account: String,
    /// `COMPLETE`, `IN_PROGRESS` or `FAILED`.
    pub status: String,
    /// Why it failed, in ECR's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Ecr {
    /// The replication rules of a region's registry.
    ///
    /// # Errors
    /// No answer, or one that proves nothing.
    pub async fn replication_rules(
        cx: &Context,
        account: &AwsAccount,
        region: &str,
    ) -> Result<Vec<ReplicationRule>, Unobserved> {
        let call = regional(account, region, "DescribeRegistry", &["describe-registry"]);
        let look = |client: Client, call: Call| async move { rules(&client, &call).await };
        let rules = cx.ecr::<Vec<ReplicationRule>, _>(account, region, call, look).await?;
        Ok((*rules).clone())
    }

    /// How far the copies of one image are; `None` where the image is not there.
    ///
    /// # Errors
    /// No answer, or one that proves nothing.
    pub async fn replicated(&self, cx: &Context, reference: &str) -> Result<Option<Vec<Replicated>>, Unobserved> {
        let Self { account, region, repository } = self;
        let id = if reference.contains(':') { "imageDigest" } else { "imageTag" };
        let id = format!("{id}={reference}");
        let call = self.call("DescribeImageReplicationStatus", "describe-image-replication-status", reference, "");
        let line = ["ecr", "describe-image-replication-status", "--repository-name", repository, "--image-id", &id];
        let call = Call { by_hand: super::by_hand(account, region, &line), ..call };
        let asked = Arc::new((repository.clone(), reference.to_owned()));
        let look = move |client: Client, call: Call| {
            let asked = asked.clone();
            async move { statuses(&client, &asked.0, &asked.1, &call).await }
        };
        let seen = cx.ecr::<Option<Vec<Replicated>>, _>(account, region, call, look).await?;
        Ok((*seen).clone())
    }
}

async fn rules(client: &Client, call: &Call) -> Result<Vec<ReplicationRule>, Unobserved> {
    let answer = client.describe_registry().send().await.map_err(|error| call.refused(&error))?;
    if answer.registry_id().is_none() {
        return Err(call.without(Why::Malformed, "the answer is about no registry", None));
    }
    let written = answer.replication_configuration().map(ReplicationConfiguration::rules).unwrap_or_default();
    Ok(written.iter().map(rule).collect())
}

fn rule(written: &Rule) -> ReplicationRule {
    let to = written
        .destinations()
        .iter()
        .map(|to| Destination { region: to.region().to_owned(), account: to.registry_id().to_owned() });
    ReplicationRule {
        prefixes: written.repository_filters().iter().map(|filter| filter.filter().to_owned()).collect(),
        to: to.collect(),
    }
}

async fn statuses(
    client: &Client,
    repository: &str,
    reference: &str,
    call: &Call,
) -> Result<Option<Vec<Replicated>>, Unobserved> {
    let request = client.describe_image_replication_status().repository_name(repository);
    let answer = match request.image_id(identifier(reference)).send().await {
        Ok(answer) => answer,
        Err(error) => {
            return match error.as_service_error() {
                Some(StatusError::ImageNotFoundException(_) | StatusError::RepositoryNotFoundException(_)) => Ok(None),
                _ => Err(call.refused(&error)),
            };
        }
    };
    if answer.repository_name() != Some(repository) {
        return Err(call.without(Why::Malformed, "the answer is not about this repository", None));
    }
    let seen = answer.replication_statuses().iter().map(|one| Replicated {
        region: one.region().unwrap_or_default().to_owned(),
        account: one.registry_id().unwrap_or_default().to_owned(),
        status: one.status().map_or("", |status| status.as_str()).to_owned(),
        failure: one.failure_code().map(|code| short(code, 80)),
    });
    Ok(Some(seen.collect()))
}
