//! Pull-through cache rules: which prefix stands for which upstream, and whether the upstream lets ECR in.
//!
//! Validating reads the upstream's secret and signs in with it, and changes nothing. What the *nodes'* role may do is not
//! among the answers: importing is allowed by its policy, not by the rule.

use super::{Client, Ecr, regional};
use crate::{
    clients::{aws::refusal::Call, connections::AwsAccount},
    contract::{Context, Unobserved, Why, short},
};
use aws_sdk_ecr::operation::{
    describe_pull_through_cache_rules::DescribePullThroughCacheRulesError as DescribeError,
    validate_pull_through_cache_rule::ValidatePullThroughCacheRuleError as ValidateError,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest words of the other side that are shown, in characters.
const WORDS: usize = 240;

/// A pull-through cache rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheRule {
    /// The host of its upstream: `ghcr.io`.
    pub upstream: String,
    /// The prefix in the upstream that its own stands for, where it stands for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_prefix: Option<String>,
    /// True where it signs in at the upstream.
    #[serde(default)]
    pub has_credential: bool,
}

/// Whether the upstream lets ECR in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// It does.
    Valid,
    /// It does not; ECR's own words.
    Invalid(String),
}

impl Ecr {
    /// The pull-through cache rule of `prefix` in a region; `None` where there is none.
    ///
    /// # Errors
    /// No answer, or one that proves nothing.
    pub async fn cache_rule(
        cx: &Context,
        account: &AwsAccount,
        region: &str,
        prefix: &str,
    ) -> Result<Option<CacheRule>, Unobserved> {
        let words = ["describe-pull-through-cache-rules", "--ecr-repository-prefixes", prefix];
        let call = regional(account, region, "DescribePullThroughCacheRules", &words);
        let prefix = Arc::<str>::from(prefix);
        let look = move |client: Client, call: Call| {
            let prefix = prefix.clone();
            async move { described(&client, &prefix, &call).await }
        };
        let rule = cx.ecr::<Option<CacheRule>, _>(account, region, call, look).await?;
        Ok((*rule).clone())
    }

    /// Whether ECR gets into the upstream of `prefix`'s rule.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; there is no such rule.
    pub async fn validity(
        cx: &Context,
        account: &AwsAccount,
        region: &str,
        prefix: &str,
    ) -> Result<Validity, Unobserved> {
        let words = ["validate-pull-through-cache-rule", "--ecr-repository-prefix", prefix];
        let call = regional(account, region, "ValidatePullThroughCacheRule", &words);
        let prefix = Arc::<str>::from(prefix);
        let look = move |client: Client, call: Call| {
            let prefix = prefix.clone();
            async move { validated(&client, &prefix, &call).await }
        };
        let validity = cx.ecr::<Validity, _>(account, region, call, look).await?;
        Ok((*validity).clone())
    }
}

async fn described(client: &Client, prefix: &str, call: &Call) -> Result<Option<CacheRule>, Unobserved> {
    let answer = match client.describe_pull_through_cache_rules().ecr_repository_prefixes(prefix).send().await {
        Ok(answer) => answer,
        Err(error) => {
            return match error.as_service_error() {
                Some(DescribeError::PullThroughCacheRuleNotFoundException(_)) => Ok(None),
                _ => Err(call.refused(&error)),
            };
        }
    };
    let [rule] = answer.pull_through_cache_rules() else {
        let many = answer.pull_through_cache_rules().len();
        return Err(call.without(Why::Malformed, format!("{many} rules for one prefix"), None));
    };
    match (rule.ecr_repository_prefix(), rule.upstream_registry_url()) {
        (Some(own), Some(upstream)) if own == prefix => Ok(Some(CacheRule {
            upstream: host(upstream),
            upstream_prefix: rule.upstream_repository_prefix().filter(|prefix| *prefix != "ROOT").map(host),
            has_credential: rule.credential_arn().is_some(),
        })),
        _ => Err(call.without(Why::Malformed, "a rule without its prefix or its upstream", None)),
    }
}

async fn validated(client: &Client, prefix: &str, call: &Call) -> Result<Validity, Unobserved> {
    match client.validate_pull_through_cache_rule().ecr_repository_prefix(prefix).send().await {
        // Without the prefix the answer is about nothing, and `isValid` is false where it is left out.
        Ok(answer) if answer.ecr_repository_prefix() != Some(prefix) => {
            Err(call.without(Why::Malformed, "the answer is not about this rule", None))
        }
        Ok(answer) if answer.is_valid => Ok(Validity::Valid),
        Ok(answer) => Ok(Validity::Invalid(short(answer.failure().unwrap_or("no words"), WORDS))),
        Err(error) => match error.as_service_error() {
            Some(ValidateError::PullThroughCacheRuleNotFoundException(_)) => {
                Err(call.without(Why::NotFound, "there is no such rule", None))
            }
            _ => Err(call.refused(&error)),
        },
    }
}

/// A host as it is compared: without a scheme and without a slash at its end.
fn host(text: &str) -> String {
    let text = text.strip_prefix("https://").unwrap_or(text);
    short(text.trim_end_matches('/'), WORDS)
}
