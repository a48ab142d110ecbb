//! Karpenter's `NodePools`: how far one may grow, and whether it makes nodes for workspaces at all.
//!
//! Source: Karpenter, `karpenter.sh/v1` `NodePool`. `Ready` does not include `NodeRegistrationHealthy`: a pool whose nodes never
//! join is ready, so that both are read.

use super::{
    evidence::{Pool, PoolState},
    settings::Ground,
    stage::contradicts,
    toleration::{shown, untolerated},
};
use crate::{
    clients::kubernetes::{Api, Condition, Meta, Taint, or_default, path},
    contract::values::Quantity,
};
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) async fn look(api: &Api, name: &str, ground: &Ground) -> Pool {
    let seen = api.find::<Object>(&path("karpenter.sh/v1", None, &["nodepools", name])).await;
    Pool { name: name.to_owned(), seen: seen.map(|seen| seen.map(|object| object.state(ground))) }
}

#[derive(Clone, Debug, Deserialize)]
struct Object {
    metadata: Meta,
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Debug, Deserialize)]
struct Spec {
    #[serde(default, deserialize_with = "or_default")]
    limits: BTreeMap<String, Quantity>,
    #[serde(default)]
    replicas: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    template: Template,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Template {
    #[serde(default, deserialize_with = "or_default")]
    metadata: TemplateMeta,
    #[serde(default, deserialize_with = "or_default")]
    spec: TemplateSpec,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct TemplateMeta {
    #[serde(default, deserialize_with = "or_default")]
    labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct TemplateSpec {
    #[serde(default, deserialize_with = "or_default")]
    taints: Vec<Taint>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Status {
    #[serde(default)]
    resources: Option<BTreeMap<String, Quantity>>,
    #[serde(default)]
    nodes: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    conditions: Vec<Condition>,
}

impl Object {
    fn state(&self, ground: &Ground) -> PoolState {
        let counted =
            self.status.resources.as_ref().and_then(|resources| resources.get("nodes")).map(|nodes| nodes.whole());
        PoolState {
            closed: self.closed(ground),
            limits: self.spec.limits.clone(),
            holds: self.status.resources.clone(),
            nodes: self.status.nodes.or(counted),
            replicas: self.spec.replicas,
        }
    }

    /// Why it makes no nodes for workspaces; `None` where it does.
    fn closed(&self, ground: &Ground) -> Option<String> {
        if self.metadata.deletion_timestamp.is_some() {
            return Some("is being deleted".to_owned());
        }
        let condition = |kind: &str| self.status.conditions.iter().find(|condition| condition.kind == kind);
        let why = |condition: &Condition| {
            let reason = if condition.message.is_empty() { &condition.reason } else { &condition.message };
            format!("{} is {}: {reason}", condition.kind, condition.status)
        };
        match condition("Ready") {
            None => return Some("does not say that it is ready".to_owned()),
            Some(ready) if ready.status != "True" => return Some(why(ready)),
            Some(_) => {}
        }
        // Before its first node this is Unknown, which says nothing against it.
        if let Some(joined) = condition("NodeRegistrationHealthy").filter(|joined| joined.status == "False") {
            return Some(why(joined));
        }
        let template = &self.spec.template;
        if let Some(taint) = untolerated(&template.spec.taints, &ground.tolerates) {
            return Some(format!("gives its nodes the taint {}", shown(taint)));
        }
        let mut labels = template.metadata.labels.clone();
        labels.insert("karpenter.sh/nodepool".to_owned(), self.metadata.name.clone());
        contradicts(&labels, &ground.node_selector)
            .then(|| "gives its nodes other labels than workspaces need".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(name: &str) -> Object {
        let text = include_str!("../../tests/recordings/kubernetes/nodepools.http");
        let (start, end) = (text.find('{').expect("a body"), text.rfind('}').expect("its end"));
        let list: serde_json::Value = serde_json::from_str(&text[start..=end]).expect("a list");
        let pools: Vec<Object> = serde_json::from_value(list["items"].clone()).expect("pools");
        pools.into_iter().find(|pool| pool.metadata.name == name).expect("a pool of this name")
    }

    fn ground(text: &str) -> Ground {
        serde_json::from_str(text).expect("a ground")
    }

    #[test]
    fn a_recorded_pool_says_what_it_may_and_what_it_holds() {
        let state = recorded("workspaces").state(&ground(r#"{ "namespace": "ws" }"#));
        assert_eq!(state.closed, None);
        assert_eq!((state.nodes, state.replicas), (Some(3), None));
        assert_eq!(state.limits["cpu"].to_string(), "64");
        assert_eq!(state.held("cpu").map(|cpu| cpu.to_string()).as_deref(), Some("48"));
        assert_eq!(state.held("nodes").map(|nodes| nodes.to_string()).as_deref(), Some("3"));
    }

    #[test]
    fn a_recorded_pool_whose_class_is_not_ready_makes_none() {
        let closed = recorded("gpu").state(&ground(r#"{ "namespace": "ws" }"#)).closed;
        assert_eq!(closed.as_deref(), Some("Ready is False: NodeClassReady=False"));
    }

    #[test]
    fn a_pool_whose_nodes_get_other_labels_or_taints_makes_none_for_workspaces() {
        let mut pool = recorded("workspaces");
        let other = ground(r#"{ "namespace": "ws", "node_selector": { "karpenter.sh/nodepool": "spare" } }"#);
        assert!(pool.state(&other).closed.is_some_and(|why| why.contains("labels")));
        pool.spec.template.spec.taints =
            vec![Taint { key: "dedicated".into(), value: "gpu".into(), effect: "NoSchedule".into() }];
        let any = ground(r#"{ "namespace": "ws" }"#);
        assert_eq!(pool.state(&any).closed.as_deref(), Some("gives its nodes the taint dedicated=gpu:NoSchedule"));
        let tolerant = ground(r#"{ "namespace": "ws", "tolerates": ["dedicated=gpu"] }"#);
        assert_eq!(pool.state(&tolerant).closed, None);
    }
}
