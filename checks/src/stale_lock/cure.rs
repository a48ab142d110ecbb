//! What to do about a lock: look at it, ask its holder, and only then take it away. No command here takes one away: whether
//! somebody still works under it is not to be seen from outside, and a lock that is broken too early costs a state.

use super::evidence::{Evidence, Kind, Lock, Source};
use crate::contract::Remedy;

/// What is to be done about `lock`, with the command that looks at it.
pub(super) fn of(evidence: &Evidence, lock: &Lock) -> Remedy {
    let shown = look(evidence, lock);
    // The look may say by itself as whom it is made.
    let says = if shown.says.is_empty() { advice(lock) } else { format!("{}; {}", advice(lock), shown.says) };
    shown.saying(says)
}

fn advice(lock: &Lock) -> String {
    match lock.kind {
        Kind::Lease => {
            "find out what became of the holder; once it is sure that it does not work any more, its owner lets the lease go".to_owned()
        }
        Kind::State => {
            let who = lock.holder.as_deref().unwrap_or("who holds it");
            let id = lock.id.as_deref().filter(|id| is_plain(id)).map_or_else(String::new, |id| format!(" {id}"));
            format!("ask {who} whether that run still goes on; only if not, `terraform force-unlock{id}` in its root module frees it")
        }
        Kind::Release => {
            "see whether a deployment still runs; if none does, roll the release back to its last deployed version".to_owned()
        }
        Kind::Job if lock.is_suspended => "let it go on, or take it out of the event's way".to_owned(),
        Kind::Job => "see what its pods wait for: an image, a node, a quota, a lock of another".to_owned(),
        Kind::Application => "see what the sync waits for, then end the operation in Argo CD".to_owned(),
        Kind::Configmap => {
            "find out what became of the holder; once it is sure that nothing is deployed any more, free the lock as the platform's runbook says".to_owned()
        }
    }
}

fn look(evidence: &Evidence, lock: &Lock) -> Remedy {
    let kubectl = match &evidence.source {
        Source::S3 { look, .. } => return look.clone(),
        Source::Cluster { kubectl, .. } => kubectl,
    };
    let words = match lock.kind {
        Kind::Lease | Kind::State => vec!["get", "lease", &lock.name, "-o", "yaml"],
        Kind::Configmap => vec!["get", "configmap", &lock.name, "-o", "yaml"],
        Kind::Application => vec!["get", "applications.argoproj.io", &lock.name, "-o", "yaml"],
        Kind::Job => vec!["describe", "job", &lock.name],
        Kind::Release => {
            let selector = format!("owner=helm,name={}", lock.name);
            return kubectl.look_in(&lock.namespace, &["get", "secrets", "--selector", &selector, "--show-labels"]);
        }
    };
    kubectl.look_in(&lock.namespace, &words)
}

/// Where else it may be.
pub(super) fn elsewhere(evidence: &Evidence) -> Remedy {
    match &evidence.source {
        Source::S3 { .. } => Remedy::prose(
            "name the bucket and the key as the backend's configuration has them; with workspaces the key begins with `env:/`",
        ),
        Source::Cluster { kubectl, resource, wanted, .. } => {
            let resource = if wanted.starts_with("secret ") { "leases" } else { resource.as_str() };
            let words = ["get"].into_iter().chain(resource.split(' ')).chain(["--all-namespaces"]);
            kubectl.look(&words.collect::<Vec<_>>()).saying("see what is there, and name it in the checklist")
        }
    }
}

/// What is to be done about work that is listed twice.
pub(super) fn twice(evidence: &Evidence) -> Remedy {
    let says = "let one of them do the work, and find out why it was listed again";
    match &evidence.source {
        Source::Cluster { kubectl, namespace: Some(namespace), .. } => {
            kubectl.look_in(namespace, &["get", "jobs", "--show-labels"]).saying(says)
        }
        Source::Cluster { kubectl, .. } => {
            kubectl.look(&["get", "jobs", "--all-namespaces", "--show-labels"]).saying(says)
        }
        Source::S3 { .. } => Remedy::prose(says),
    }
}

/// True if and only if nothing in it means anything to a shell.
fn is_plain(id: &str) -> bool {
    !id.starts_with('-') && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
