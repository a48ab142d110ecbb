//! An answer of the API, and what it means when it is not the object that was asked for.
//!
//! Not every refusal is a `Status`: throttling, a dead aggregated API, an unknown path and the kubelet answer in plain text.

use super::{
    Kubectl,
    resource::{Parts, right},
};
use crate::contract::{Remedy, Unobserved, Why, short};
use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Deserialize;
use std::time::Duration;

/// The longest words of the other side that are shown, in characters.
const WORDS: usize = 240;

/// One answer, whole and bounded.
pub(super) struct Answer {
    pub(super) asked: String,
    pub(super) verb: &'static str,
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) asked_at: Timestamp,
}

#[derive(Deserialize)]
struct Status {
    kind: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    #[serde(default)]
    name: String,
    #[serde(default)]
    retry_after_seconds: Option<u64>,
}

impl Answer {
    /// The server's words, if it says that the one object that was asked for is not there. An unknown path, group or
    /// resource is not meant: that says nothing of the object.
    pub(super) fn absence(&self) -> Option<String> {
        let status = self.status_object().filter(|_| self.status == 404)?;
        let names_it = status.details.is_some_and(|details| !details.name.is_empty());
        (status.reason == "NotFound" && names_it).then(|| short(&status.message, WORDS))
    }

    pub(super) fn is_expired(&self) -> bool {
        self.status == 410
    }

    /// What it means that this came in place of an object.
    pub(super) fn refusal(&self, kubectl: &Kubectl) -> Unobserved {
        let status = self.status_object();
        let words = status.as_ref().map_or_else(|| self.words(), |status| short(&status.message, WORDS));
        let (why, detail) = match self.status {
            401 => (Why::Unauthorised, format!("the cluster does not accept the credential: {words}")),
            403 => (Why::Forbidden, format!("needs the right `{}`: {words}", self.needed(&words))),
            404 if status.is_none() => (Why::NotFound, format!("the cluster does not serve this path: {words}")),
            404 | 410 => (Why::NotFound, words),
            408 | 504 => (Why::TimedOut, format!("status {}: {words}", self.status)),
            429 => (Why::Throttled, words),
            500..=599 => (Why::ServerError, format!("status {}: {words}", self.status)),
            300..=399 => (Why::Redirected, format!("status {}: an API server does not redirect", self.status)),
            code => (Why::Malformed, format!("status {code}: {words}")),
        };
        let by_hand = if why == Why::Forbidden { self.can_i(kubectl) } else { look(kubectl, &self.path) };
        let retry_after = status.and_then(|status| status.details?.retry_after_seconds).map(Duration::from_secs);
        Unobserved::new(why, &self.asked, detail).after(self.retry_after().or(retry_after)).by_hand(by_hand)
    }

    fn status_object(&self) -> Option<Status> {
        serde_json::from_slice::<Status>(&self.body).ok().filter(|status| status.kind == "Status")
    }

    /// The first words of a body that is no `Status`.
    fn words(&self) -> String {
        let words = short(&String::from_utf8_lossy(&self.body[..self.body.len().min(400)]), WORDS);
        if words.is_empty() { format!("status {} without words", self.status) } else { words }
    }

    fn needed(&self, words: &str) -> String {
        if words.contains("cannot impersonate") { "impersonate users".to_owned() } else { right(self.verb, &self.path) }
    }

    fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
        text.trim().parse().ok().map(Duration::from_secs)
    }

    /// Asks the cluster for the right by itself.
    fn can_i(&self, kubectl: &Kubectl) -> Remedy {
        let Some(parts) = Parts::of(&self.path) else { return look(kubectl, &self.path) };
        let (resource, below) = (parts.qualified(), parts.subresource().map(|below| format!("--subresource={below}")));
        let mut words = vec!["auth", "can-i", self.verb, &resource];
        words.extend(below.as_deref());
        match &parts.namespace {
            Some(namespace) => kubectl.look_in(namespace, &words),
            None => kubectl.look(&words),
        }
    }
}

/// The same look by hand; of a secret, without printing it.
pub(super) fn look(kubectl: &Kubectl, path: &str) -> Remedy {
    let parts = Parts::of(path);
    match parts.as_ref().and_then(|parts| Some((parts.without_values()?, parts.namespace.as_deref()))) {
        Some((words, Some(namespace))) => kubectl.look_in(namespace, &words),
        Some((words, None)) => kubectl.look(&[&words[..], &["--all-namespaces"]].concat()),
        None => kubectl.look(&["get", "--raw", path]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_by_hand_never_prints_a_secret() {
        let kubectl = Kubectl { context: Some("a".to_owned()), ..Kubectl::default() };
        for (path, line) in [
            ("/api/v1/namespaces/ns/secrets/key", "kubectl --context a -n ns describe secret key"),
            ("/api/v1/namespaces/ns/secrets?limit=250", "kubectl --context a -n ns get secrets"),
            ("/api/v1/secrets?limit=250", "kubectl --context a get secrets --all-namespaces"),
            ("/api/v1/namespaces/ns/pods", "kubectl --context a get --raw /api/v1/namespaces/ns/pods"),
        ] {
            assert_eq!(look(&kubectl, path).command.expect("printable").as_str(), line);
        }
    }
}
