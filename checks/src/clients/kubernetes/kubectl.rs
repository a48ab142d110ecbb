//! The same by hand: `kubectl` with the cluster named, so that a command pasted tomorrow meets the same cluster.

use crate::{clients::connections::Cluster, contract::Remedy};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How `kubectl` reaches a cluster; kept in evidence, because remedies are made from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kubectl {
    /// The kubeconfig, where the checklist names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubeconfig: Option<String>,
    /// The context; `None` inside a pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The user that looks are made as.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub as_user: Option<String>,
}

impl Kubectl {
    pub(super) fn of(cluster: &Cluster, base: &Path, context: Option<&str>) -> Self {
        let kubeconfig = cluster.kubeconfig.as_ref().map(|path| base.join(path).display().to_string());
        Self {
            kubeconfig: kubeconfig.filter(|_| !cluster.is_in_cluster),
            context: context.map(str::to_owned),
            as_user: cluster.as_user.clone(),
        }
    }

    /// A command that looks, as the user that the checklist looks as.
    #[must_use]
    pub fn look(&self, arguments: &[&str]) -> Remedy {
        self.command(self.as_user.as_deref(), None, arguments)
    }

    /// A command that looks, within `namespace`.
    #[must_use]
    pub fn look_in(&self, namespace: &str, arguments: &[&str]) -> Remedy {
        self.command(self.as_user.as_deref(), Some(namespace), arguments)
    }

    /// A command that changes something of the whole cluster, as the person who runs it.
    #[must_use]
    pub fn change(&self, arguments: &[&str]) -> Remedy {
        self.command(None, None, arguments)
    }

    /// A command that changes something within `namespace`, as the person who runs it.
    #[must_use]
    pub fn change_in(&self, namespace: &str, arguments: &[&str]) -> Remedy {
        self.command(None, Some(namespace), arguments)
    }

    fn command(&self, as_user: Option<&str>, namespace: Option<&str>, arguments: &[&str]) -> Remedy {
        let mut words = vec!["kubectl"];
        let named = [
            ("--kubeconfig", self.kubeconfig.as_deref()),
            ("--context", self.context.as_deref()),
            ("--as", as_user),
            ("-n", namespace),
        ];
        for (flag, value) in named {
            words.extend(value.map(|value| [flag, value]).iter().flatten());
        }
        words.extend(arguments);
        Remedy::run(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_made_as_the_person_and_a_look_as_the_checklist_says() {
        let kubectl = Kubectl { context: Some("a".into()), as_user: Some("reader".into()), ..Kubectl::default() };
        let line = |remedy: Remedy| remedy.command.expect("printable").as_str().to_owned();
        assert_eq!(line(kubectl.look(&["get", "nodes"])), "kubectl --context a --as reader get nodes");
        assert_eq!(
            line(kubectl.change_in("ns", &["scale", "deployment/x", "--replicas=3"])),
            "kubectl --context a -n ns scale deployment/x --replicas=3"
        );
    }
}
