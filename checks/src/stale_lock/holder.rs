//! Whether holders live: their names against the pods and nodes that there are.
//!
//! A holder writes `POD_UUID` (client-go's leader election, `hostname + "_" + uuid`), its pod's name, or its node's. Only a name of
//! the form that Kubernetes gives to pods is taken for a pod's by itself: control planes hold Leases from outside the cluster.

use super::{
    evidence::{Life, Lock},
    scope::{Scope, named},
    settings::HolderIs,
};
use crate::{
    clients::{
        clocks::MOST_SKEW,
        kubernetes::{Api, Pod, Selector, path},
    },
    contract::{Access, Invalid, Unobserved},
};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// How many nodes are asked for by name.
const MOST_NODES: usize = 50;

/// What holds, and where it is looked for.
pub(super) struct Holders {
    pub(super) is: Option<HolderIs>,
    /// Where pods are; all namespaces, or some.
    scopes: Vec<Scope>,
}

impl Holders {
    /// `at` is the map in `with` that says so.
    pub(super) fn new(at: &str, is: Option<HolderIs>, scope: &Scope, pods_in: Vec<String>) -> Result<Self, Invalid> {
        if !pods_in.is_empty() && matches!(is, Some(HolderIs::Node | HolderIs::Other)) {
            return Err(Invalid::new(&format!("{at}.pods_in"), "the holder is said to be no pod"));
        }
        if !pods_in.is_empty() && *scope == Scope::All {
            return Err(Invalid::new(&format!("{at}.pods_in"), "pods are looked for in all namespaces already"));
        }
        for (i, namespace) in pods_in.iter().enumerate() {
            named(&format!("{at}.pods_in.{i}"), namespace)?;
        }
        let more = pods_in.into_iter().map(Scope::One).filter(|more| more != scope);
        let scopes = std::iter::once(scope.clone()).chain(more).collect();
        Ok(Self { is, scopes })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        match self.is {
            None | Some(HolderIs::Pod) => self.scopes.iter().map(|scope| scope.right_to_list("v1", "pods")).collect(),
            Some(HolderIs::Node) => vec![Access::new("kubernetes", "get nodes")],
            Some(HolderIs::Other) => Vec::new(),
        }
    }

    /// Says of every lock whether its holder lives; the error is why that could not be seen.
    pub(super) async fn tell(&self, api: &Api, locks: &mut [Lock]) -> Option<Unobserved> {
        let told = match self.is {
            Some(HolderIs::Other) => Ok(()),
            Some(HolderIs::Node) => tell_nodes(api, locks).await,
            None | Some(HolderIs::Pod) => self.tell_pods(api, locks).await,
        };
        told.err()
    }

    async fn tell_pods(&self, api: &Api, locks: &mut [Lock]) -> Result<(), Unobserved> {
        let is_pod = |lock: &Lock| {
            let name = lock.holder.as_deref().map(base);
            name.is_some_and(|name| self.is.is_some() || is_pod_like(name))
        };
        if !locks.iter().any(is_pod) {
            return Ok(());
        }
        let lists = self
            .scopes
            .iter()
            .map(|scope| async move { api.list::<Pod>(&scope.path("v1", "pods"), &Selector::default()).await });
        let lists = futures::future::try_join_all(lists).await?;
        let pods: Vec<&Pod> = lists.iter().flat_map(|list| list.iter()).collect();
        for lock in locks.iter_mut().filter(|lock| is_pod(lock)) {
            (lock.life, lock.life_says) = self.of_pod(lock, &pods);
        }
        Ok(())
    }

    fn of_pod(&self, lock: &Lock, pods: &[&Pod]) -> (Life, String) {
        let name = lock.holder.as_deref().map(base).unwrap_or_default();
        let own = |pod: &&&Pod| pod.metadata.name == name;
        // Of several in several namespaces, one that may be it is enough.
        let told =
            pods.iter().filter(own).map(|pod| of_its_pod(lock, pod)).max_by_key(|(life, _)| *life == Life::Alive);
        told.or_else(|| of_its_node(name, pods))
            .unwrap_or_else(|| (Life::Gone, format!("no pod {name} {}", self.place())))
    }

    fn place(&self) -> String {
        let names: Vec<&str> = self.scopes.iter().filter_map(Scope::namespace).collect();
        if names.len() < self.scopes.len() { "in any namespace".to_owned() } else { format!("in {}", names.join(", ")) }
    }
}

fn of_its_pod(lock: &Lock, pod: &Pod) -> (Life, String) {
    let name = &pod.metadata.name;
    if matches!(pod.status.phase.as_str(), "Succeeded" | "Failed") {
        let why = Some(&pod.status.reason).filter(|reason| !reason.is_empty()).unwrap_or(&pod.status.phase);
        return (Life::Gone, format!("the pod {name} has ended: {why}"));
    }
    let is_later = |made| lock.last_sign().is_some_and(|sign| made > sign + SignedDuration::from_secs(MOST_SKEW));
    match pod.metadata.creation_timestamp {
        // A StatefulSet gives the same name again.
        Some(made) if is_later(made) => (Life::Gone, format!("the pod {name} that there is was made later, at {made}")),
        _ => (Life::Alive, format!("the pod {name} is {}", pod.status.phase)),
    }
}

/// A pod in its node's network takes the node's name for its own.
fn of_its_node(name: &str, pods: &[&Pod]) -> Option<(Life, String)> {
    let lives =
        |pod: &&&Pod| pod.spec.node_name == name && !matches!(pod.status.phase.as_str(), "Succeeded" | "Failed");
    let pod = pods.iter().find(lives)?;
    Some((Life::Alive, format!("the pod {} is on the node {name}", pod.metadata.name)))
}

async fn tell_nodes(api: &Api, locks: &mut [Lock]) -> Result<(), Unobserved> {
    let names: BTreeSet<String> =
        locks.iter().filter_map(|lock| lock.holder.as_deref()).map(|name| base(name).to_owned()).collect();
    for name in names.iter().take(MOST_NODES) {
        let is_there = api.find::<serde::de::IgnoredAny>(&path("v1", None, &["nodes", name])).await?.is_some();
        let told = if is_there {
            (Life::Alive, format!("there is a node {name}"))
        } else {
            (Life::Gone, format!("there is no node {name}"))
        };
        for lock in locks.iter_mut().filter(|lock| lock.holder.as_deref().map(base) == Some(name)) {
            (lock.life, lock.life_says) = told.clone();
        }
    }
    Ok(())
}

/// The name in a holder's identity: without the UUID behind it, and without the namespace before it.
fn base(identity: &str) -> &str {
    let name = identity.split('_').next().unwrap_or_default();
    name.rsplit('/').next().unwrap_or_default()
}

/// True if and only if `name` ends as Kubernetes ends the names of pods: with five of its own letters (which leave out vowels,
/// `0`, `1` and `3`: `k8s.io/apimachinery/pkg/util/rand`), or with a `StatefulSet`'s number.
fn is_pod_like(name: &str) -> bool {
    let Some((front, last)) = name.rsplit_once('-') else { return false };
    let is_random = last.len() == 5 && last.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte));
    let is_number = (1..=3).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_digit());
    let is_address = front.starts_with("ip-");
    !front.is_empty() && !name.contains('.') && (is_random || (is_number && !is_address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_is_known_by_its_name_and_a_machine_is_none() {
        for name in ["coder-7d9c5b8f6d-x2k4z", "miren-0", "runner-lz5qk"] {
            assert!(is_pod_like(name), "{name}");
        }
        for name in
            ["ip-10-0-3-7.us-east-2.compute.internal", "ip-10-0-3-7", "laptop", "cert-manager-controller", "-0", ""]
        {
            assert!(!is_pod_like(name), "{name}");
        }
        assert_eq!(base("coder-0_1b671a64-40d5-491e-99b0-da01ff1f3341"), "coder-0");
        assert_eq!(base("coder/coder-0"), "coder-0");
    }
}
