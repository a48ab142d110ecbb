//! What caps a namespace: its resource quotas, and its limit ranges.

use super::evidence::{Quota, Range};
use crate::{
    clients::kubernetes::{Api, Meta, Selector, or_default, path},
    contract::{Unobserved, values::Quantity},
};
use serde::Deserialize;
use std::collections::BTreeMap;

type Amounts = BTreeMap<String, Quantity>;

/// The caps of one namespace.
pub(super) struct Caps {
    pub(super) quotas: Result<Vec<Quota>, Unobserved>,
    pub(super) ranges: Result<Vec<Range>, Unobserved>,
}

impl Caps {
    /// True if and only if nothing was found, and nothing hidden: then the namespace need not exist at all.
    pub(super) fn is_silent(&self) -> bool {
        let is_empty = |quotas: &Vec<Quota>| quotas.is_empty();
        self.quotas.as_ref().is_ok_and(is_empty) && self.ranges.as_ref().is_ok_and(Vec::is_empty)
    }
}

pub(super) async fn look(api: &Api, namespace: &str) -> Caps {
    let (quotas, ranges) = futures::join!(quotas(api, namespace), ranges(api, namespace));
    Caps { quotas, ranges }
}

async fn quotas(api: &Api, namespace: &str) -> Result<Vec<Quota>, Unobserved> {
    let path = path("v1", Some(namespace), &["resourcequotas"]);
    let seen = api.list::<QuotaObject>(&path, &Selector::default()).await?;
    let mut quotas: Vec<Quota> = seen.iter().map(QuotaObject::seen).collect();
    quotas.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(quotas)
}

async fn ranges(api: &Api, namespace: &str) -> Result<Vec<Range>, Unobserved> {
    let path = path("v1", Some(namespace), &["limitranges"]);
    let seen = api.list::<RangeObject>(&path, &Selector::default()).await?;
    let mut ranges: Vec<Range> = seen.iter().flat_map(RangeObject::seen).collect();
    ranges.sort_by(|a, b| (&a.name, &a.kind).cmp(&(&b.name, &b.kind)));
    Ok(ranges)
}

#[derive(Clone, Deserialize)]
struct QuotaObject {
    metadata: Meta,
    spec: QuotaSpec,
    #[serde(default, deserialize_with = "or_default")]
    status: QuotaStatus,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QuotaSpec {
    #[serde(default, deserialize_with = "or_default")]
    hard: Amounts,
    #[serde(default, deserialize_with = "or_default")]
    scopes: Vec<String>,
    #[serde(default)]
    scope_selector: Option<ScopeSelector>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScopeSelector {
    #[serde(default, deserialize_with = "or_default")]
    match_expressions: Vec<Scope>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    scope_name: String,
}

#[derive(Clone, Default, Deserialize)]
struct QuotaStatus {
    #[serde(default, deserialize_with = "or_default")]
    hard: Amounts,
    #[serde(default, deserialize_with = "or_default")]
    used: Amounts,
}

impl QuotaObject {
    fn seen(&self) -> Quota {
        // A wish that is not in force yet counts too, and so does what is in force until then: the lesser binds.
        let lesser = |(key, wished): (&String, &Quantity)| {
            (key.clone(), self.status.hard.get(key).map_or(*wished, |in_force| *wished.min(in_force)))
        };
        let selected = self.spec.scope_selector.iter().flat_map(|selector| &selector.match_expressions);
        Quota {
            name: self.metadata.name.clone(),
            hard: self.spec.hard.iter().map(lesser).collect(),
            used: self.status.used.clone(),
            scopes: self.spec.scopes.iter().cloned().chain(selected.map(|scope| scope.scope_name.clone())).collect(),
        }
    }
}

#[derive(Clone, Deserialize)]
struct RangeObject {
    metadata: Meta,
    spec: RangeSpec,
}

#[derive(Clone, Default, Deserialize)]
struct RangeSpec {
    #[serde(default, deserialize_with = "or_default")]
    limits: Vec<Rule>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    min: Amounts,
    #[serde(default, deserialize_with = "or_default")]
    max: Amounts,
    #[serde(default, deserialize_with = "or_default")]
    default_request: Amounts,
}

impl RangeObject {
    fn seen(&self) -> impl Iterator<Item = Range> + '_ {
        self.spec.limits.iter().map(|rule| Range {
            name: self.metadata.name.clone(),
            kind: rule.kind.clone(),
            min: rule.min.clone(),
            max: rule.max.clone(),
            fills_in: rule.default_request.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_quota_says_what_it_allows_and_what_is_used() {
        let text = include_str!("../../tests/recordings/kubernetes/resourcequotas.http");
        let (start, end) = (text.find('{').expect("a body"), text.rfind('}').expect("its end"));
        let list: serde_json::Value = serde_json::from_str(&text[start..=end]).expect("a list");
        let quotas: Vec<QuotaObject> = serde_json::from_value(list["items"].clone()).expect("quotas");
        let quota = quotas[0].seen();
        assert_eq!(quota.name, "coder-quota");
        assert_eq!(
            (quota.hard["requests.cpu"].to_string(), quota.used["requests.cpu"].to_string()),
            ("8".into(), "7500m".into())
        );
        assert_eq!(quota.hard["count/deployments.apps"].to_string(), "12");
    }

    #[test]
    fn what_is_wished_and_what_is_in_force_both_bind() {
        let quota: QuotaObject = serde_json::from_str(
            r#"{ "metadata": { "name": "q" }, "spec": { "hard": { "pods": "50" }, "scopeSelector": { "matchExpressions": [{ "scopeName": "PriorityClass", "operator": "Exists" }] } },
                 "status": { "hard": { "pods": "20" }, "used": { "pods": "3" } } }"#,
        )
        .expect("a quota");
        assert_eq!(quota.seen().hard["pods"].to_string(), "20");
        assert_eq!(quota.seen().scopes, ["PriorityClass"]);
    }
}
