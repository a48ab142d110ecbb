//! What a Service answers through the API server's proxy, told apart from what the API server says in its place.
//!
//! The server's own words are a `Status` about the Service or about the way to it. A service that itself answers such a `Status`
//! cannot be told apart.

use super::{Api, path, refusal::Answer, refusal::look};
use crate::{
    clients::looks::Question,
    contract::{Unobserved, Why},
};
use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Deserialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How the server begins when it could not reach what it was to pass on to (`k8s.io/apimachinery`, `proxy` package), and
/// when a Service leads nowhere (`k8s.io/kubernetes`, `pkg/registry/core/service`).
const OWN: [&str; 3] = ["error trying to reach service", "no endpoints available for service", "no service port"];

/// An answer that came through the proxy.
#[derive(Clone, Debug)]
pub struct Proxied {
    /// What was asked, for a person.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// From the first byte asked to the last byte come.
    pub took: Duration,
    /// What the API server says in place of the service, where it does.
    pub server_says: Option<String>,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

#[derive(Deserialize)]
struct Status {
    kind: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    kind: String,
}

/// The path of a Service's proxy: `service` is its name, `port` a name or a number, `below` begins with a slash.
#[must_use]
pub fn proxy_path(namespace: &str, is_secure: bool, service: &str, port: &str, below: &str) -> String {
    let scheme = if is_secure { "https:" } else { "" };
    let root = path("v1", Some(namespace), &["services"]);
    format!("{root}/{scheme}{service}:{port}/proxy{below}")
}

impl Api {
    /// What comes through the proxy at `path`, whatever its status; asked for this asker alone.
    ///
    /// # Errors
    /// The API server is not there, or does not let this asker through.
    pub async fn proxied(&self, path: &str, limit: Duration) -> Result<Arc<Proxied>, Unobserved> {
        let asked = format!("GET {}{path}", self.way.server);
        let question = Question { host: self.way.host.clone(), key: String::new(), asked: asked.clone(), limit };
        let (api, path, by_hand) = (self.clone(), path.to_owned(), look(self.kubectl(), path));
        let ask = move || {
            let (api, path, asked) = (api.clone(), path.clone(), asked.clone());
            async move {
                let begun = Instant::now();
                let answer = api.send("get", path, asked, "*/*").await?;
                api.told(answer, begun.elapsed())
            }
        };
        self.cx.looks().alone(self.cx.trace(), question, ask).await.map_err(|mut missing| {
            missing.remedy.get_or_insert_with(|| Box::new(by_hand));
            missing
        })
    }

    fn told(&self, answer: Answer, took: Duration) -> Result<Proxied, Unobserved> {
        let status = serde_json::from_slice::<Status>(&answer.body).ok().filter(|status| status.kind == "Status");
        let is_about = |status: &Status| status.details.as_ref().is_some_and(|details| details.kind == "services");
        let server_says = status.as_ref().filter(|status| {
            OWN.iter().any(|words| status.message.starts_with(words)) || (answer.status == 404 && is_about(status))
        });
        let server_says = server_says.map(|status| status.message.clone());
        let is_refused = match answer.status {
            401 | 408 | 500 | 504 => status.is_some(),
            403 => status.as_ref().is_some_and(is_about),
            429 => true,
            _ => false,
        };
        if is_refused && server_says.is_none() {
            let mut refusal = answer.refusal(self.kubectl());
            // Asked again by hand, not by the look: it is a measurement.
            if refusal.why == Why::ServerError {
                refusal.retry_after = None;
            }
            return Err(refusal);
        }
        let Answer { asked, status, headers, body, asked_at, .. } = answer;
        Ok(Proxied { asked, asked_at, took, server_says, status, headers, body })
    }
}
