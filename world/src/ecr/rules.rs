//! What a region's registry does by itself: fetch from upstreams, and copy to other regions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Call, Outcome};
use super::describe::{not_found, repository, resolve, seconds, strings};

/// A pull-through cache rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheRule {
    /// Its upstream: `ghcr.io`.
    pub upstream: String,
    /// The secret that it signs in with.
    pub credential: Option<String>,
    /// Why it does not get into its upstream; `None` where it does.
    pub failure: Option<String>,
}

impl CacheRule {
    /// A sound rule that signs in with a secret of its own.
    #[must_use]
    pub fn for_upstream(upstream: &str) -> Self {
        Self {
            upstream: upstream.to_owned(),
            credential: Some(format!("ecr-pullthroughcache/{}", upstream.replace('.', "-"))),
            failure: None,
        }
    }
}

/// A replication rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicationRule {
    /// Prefixes of repositories; none means all.
    pub prefixes: Vec<String>,
    /// Regions.
    pub to: Vec<String>,
}

/// How far a copy is: `COMPLETE`, `IN_PROGRESS` or `FAILED`, and why it failed.
pub type Copied = BTreeMap<String, (String, Option<String>)>;

pub(super) fn caches(call: &Call<'_>) -> Outcome {
    let asked = strings(&call.body["ecrRepositoryPrefixes"]);
    let rules = &call.place.pull_through;
    if let Some(prefix) = asked.iter().find(|prefix| !rules.contains_key(**prefix)) {
        return Err(no_rule(call, prefix));
    }
    let meant = rules.iter().filter(|(prefix, _)| asked.is_empty() || asked.contains(&prefix.as_str()));
    let rules: Vec<Value> = meant.map(|(prefix, rule)| cache(call, prefix, rule)).collect();
    Ok(json!({ "pullThroughCacheRules": rules }))
}

pub(super) fn validity(call: &Call<'_>) -> Outcome {
    let prefix = call.body["ecrRepositoryPrefix"].as_str().unwrap_or_default();
    let Some(rule) = call.place.pull_through.get(prefix) else {
        return Err(no_rule(call, prefix));
    };
    let mut answer = cache(call, prefix, rule);
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("createdAt");
        answer.remove("upstreamRegistry");
    }
    answer["isValid"] = json!(rule.failure.is_none());
    if let Some(failure) = &rule.failure {
        answer["failure"] = json!(failure);
    }
    Ok(answer)
}

fn no_rule(call: &Call<'_>, prefix: &str) -> (&'static str, String) {
    let message = format!(
        "The pull through cache rule with ecr repository prefix '{prefix}' does not exist in the registry with id '{}'",
        call.account
    );
    ("PullThroughCacheRuleNotFoundException", message)
}

fn cache(call: &Call<'_>, prefix: &str, rule: &CacheRule) -> Value {
    let kind = match rule.upstream.as_str() {
        "ghcr.io" => "github-container-registry",
        "registry-1.docker.io" => "docker-hub",
        "quay.io" => "quay",
        "registry.k8s.io" => "k8s",
        _ => "ecr-public",
    };
    let mut value = json!({
        "ecrRepositoryPrefix": prefix,
        "registryId": call.account,
        "upstreamRegistryUrl": rule.upstream,
        "upstreamRegistry": kind,
        "upstreamRepositoryPrefix": "ROOT",
        "createdAt": seconds(call.now),
    });
    if let Some(name) = &rule.credential {
        value["credentialArn"] =
            json!(format!("arn:aws:secretsmanager:{}:{}:secret:{name}-Ab1Cd2", call.region, call.account));
    }
    value
}

/// The account that copies go to.
fn into(call: &Call<'_>) -> String {
    call.place.replicates_into.clone().unwrap_or_else(|| call.account.to_string())
}

pub(super) fn registry(call: &Call<'_>) -> Value {
    let rules = call.place.replication.iter().map(|rule| {
        let to = rule.to.iter().map(|region| json!({ "region": region, "registryId": into(call) }));
        let filters = rule.prefixes.iter().map(|prefix| json!({ "filter": prefix, "filterType": "PREFIX_MATCH" }));
        json!({ "destinations": to.collect::<Vec<_>>(), "repositoryFilters": filters.collect::<Vec<_>>() })
    });
    json!({ "registryId": call.account, "replicationConfiguration": { "rules": rules.collect::<Vec<_>>() } })
}

/// Without a rule when it was pushed, an image has no status at all.
pub(super) fn copies(call: &Call<'_>) -> Outcome {
    let (name, repository) = repository(call)?;
    let id = &call.body["imageId"];
    let Ok((digest, _)) = resolve(repository, id) else {
        return Err(not_found(call, name, id));
    };
    let statuses = repository.copied.get(&digest).into_iter().flatten().map(|(region, (status, failure))| {
        let mut value = json!({ "region": region, "registryId": into(call), "status": status });
        if let Some(failure) = failure {
            value["failureCode"] = json!(failure);
        }
        value
    });
    Ok(json!({
        "repositoryName": name,
        "imageId": { "imageDigest": digest },
        "replicationStatuses": statuses.collect::<Vec<_>>(),
    }))
}
