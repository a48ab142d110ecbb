//! Which kind is meant, how it is called in paths, and the rights that reading it takes.

use super::{Range, Which};
use crate::clients::kubernetes::{path, right};
use serde::{Deserialize, Serialize};

/// One kind in one version of its group, as the checklist names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// `v1`, `karpenter.sh/v1`.
    pub api: String,
    /// `NodePool`.
    pub kind: String,
}

/// Kinds of Kubernetes itself, and whether they live in namespaces: so that the commonest mistake is told while planning. Of
/// every other kind the cluster says so itself.
const WELL_KNOWN: [(&str, &str, bool); 25] = [
    ("v1", "ConfigMap", true),
    ("v1", "Endpoints", true),
    ("v1", "Event", true),
    ("v1", "LimitRange", true),
    ("v1", "Namespace", false),
    ("v1", "Node", false),
    ("v1", "PersistentVolume", false),
    ("v1", "PersistentVolumeClaim", true),
    ("v1", "Pod", true),
    ("v1", "ResourceQuota", true),
    ("v1", "Service", true),
    ("v1", "ServiceAccount", true),
    ("apps/v1", "DaemonSet", true),
    ("apps/v1", "Deployment", true),
    ("apps/v1", "ReplicaSet", true),
    ("apps/v1", "StatefulSet", true),
    ("autoscaling/v2", "HorizontalPodAutoscaler", true),
    ("batch/v1", "CronJob", true),
    ("batch/v1", "Job", true),
    ("events.k8s.io/v1", "Event", true),
    ("networking.k8s.io/v1", "Ingress", true),
    ("policy/v1", "PodDisruptionBudget", true),
    ("storage.k8s.io/v1", "CSIDriver", false),
    ("storage.k8s.io/v1", "CSINode", false),
    ("storage.k8s.io/v1", "StorageClass", false),
];

impl Resource {
    /// Whether its objects live in namespaces, where that is known without asking.
    pub(super) fn is_namespaced(&self) -> Option<bool> {
        let known = WELL_KNOWN.iter().find(|(api, kind, _)| *api == self.api && *kind == self.kind);
        known.map(|(.., is_namespaced)| *is_namespaced)
    }

    /// Its plural, where no cluster is without it: the kinds of the core.
    pub(super) fn known_plural(&self) -> Option<String> {
        self.is_namespaced().filter(|_| self.group().is_empty()).map(|_| plural(&self.kind))
    }

    /// The path of its group's version: what is served there is said there.
    pub(super) fn discovery(&self) -> String {
        path(&self.api, None, &[])
    }

    /// The group; empty for the core.
    pub(super) fn group(&self) -> &str {
        self.api.split_once('/').map_or("", |(group, _)| group)
    }

    /// `plural` with its group, as `kubectl` takes it.
    pub(super) fn qualified(&self, plural: &str) -> String {
        match self.group() {
            "" => plural.to_owned(),
            group => format!("{plural}.{group}"),
        }
    }

    /// The rights that a look takes. Its plural is Kubernetes' own guess, since no cluster was asked yet.
    pub(super) fn rights(&self, range: &Range, which: &Which) -> Vec<String> {
        let (plural, namespace) = (plural(&self.kind), range.namespace());
        let one = |verb: &str| right(verb, &path(&self.api, namespace, &[&plural]));
        let mut rights = match which {
            Which::Named(_) => vec![one("get")],
            Which::All | Which::Selected { .. } => vec![one("list")],
        };
        rights.extend(namespace.map(|_| "get namespaces".to_owned()));
        rights
    }
}

/// The plural that Kubernetes itself guesses for a kind (`meta.UnsafeGuessKindToResource`).
pub(super) fn plural(kind: &str) -> String {
    let single = kind.to_lowercase();
    let is_vowel = |letter: char| "aeiou".contains(letter);
    if single == "endpoints" {
        return single;
    }
    match single.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if single.ends_with('s') => format!("{single}es"),
        _ => format!("{single}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_is_guessed_as_kubernetes_does() {
        for (kind, expected) in [
            ("NodePool", "nodepools"),
            ("StorageClass", "storageclasses"),
            ("NetworkPolicy", "networkpolicies"),
            ("Gateway", "gateways"),
            ("Endpoints", "endpoints"),
        ] {
            assert_eq!(plural(kind), expected);
        }
    }

    #[test]
    fn the_rights_are_those_of_the_choice() {
        let quota = Resource { api: "v1".to_owned(), kind: "ResourceQuota".to_owned() };
        let range = Range::Namespace("coder".to_owned());
        assert_eq!(quota.rights(&range, &Which::All), ["list resourcequotas in namespace coder", "get namespaces"]);
        let pool = Resource { api: "karpenter.sh/v1".to_owned(), kind: "NodePool".to_owned() };
        let named = Which::Named(vec!["a".to_owned()]);
        assert_eq!(pool.rights(&Range::Cluster, &named), ["get nodepools.karpenter.sh"]);
        assert_eq!(pool.discovery(), "/apis/karpenter.sh/v1");
        assert_eq!(quota.discovery(), "/api/v1");
    }
}
