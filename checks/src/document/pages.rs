//! URLs and hosts: a URL is asked by GET, and without a credential unless the checklist names one for its address.

use super::{Fact, settings::Target};
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Context, Unobserved, Why},
};
use std::time::Duration;
use url::Url;

/// Hosts that answer 404 for what is private, and for what is not there, alike.
const HIDING: [&str; 5] = ["github.com", "api.github.com", "raw.githubusercontent.com", "gitlab.com", "bitbucket.org"];
/// The most of a page that is kept; what it says is of no interest.
const KEPT: usize = 1024;

/// What the URL answers.
pub(super) async fn url(target: &Target, url: &str, cx: &Context) -> Result<Fact, Unobserved> {
    let url = Url::parse(url).map_err(|error| Unobserved::new(Why::Malformed, url, error))?;
    let ask = with_credential(Ask::to(url.clone()), target, cx)?;
    let ask = ask.redirects(5).within(Duration::from_secs(10)).keeping(KEPT).last_status();
    match cx.ask(ask).await {
        // Too often, and not in time: that says nothing of what is there.
        Ok(answer) if matches!(answer.status, 407 | 408 | 429) => Err(answer.refusal()),
        Ok(answer) if answer.status == 404 && is_hidden(&answer) => {
            let detail = "it is not there, or hidden from whoever asks: the answer is the same";
            Err(Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(answer.by_hand()))
        }
        Ok(answer) => Ok(Fact::Status(answer.status)),
        // More than is read: it is there.
        Err(missing) if missing.why == Why::TooLarge => Ok(Fact::Here),
        Err(missing) if missing.why == Why::Unresolved => match host(url.host_str().unwrap_or_default(), cx).await {
            Ok(Fact::Absent) => Ok(Fact::Absent),
            _ => Err(missing),
        },
        Err(missing) => Err(missing),
    }
}

/// Whether the host has an address.
pub(super) async fn host(host: &str, cx: &Context) -> Result<Fact, Unobserved> {
    Ok(if cx.network().has_address(host).await? { Fact::Here } else { Fact::Absent })
}

/// The connection at whose address the URL is.
fn connection<'a>(target: &'a Target, url: &Url) -> Option<&'a Endpoint> {
    let is_at = |base: &Url| base.origin() == url.origin() && url.path().starts_with(base.path().trim_end_matches('/'));
    target.connections.iter().find(|endpoint| is_at(&endpoint.url))
}

/// True where 404 is no absence: hosts of private repositories, and Coder, say it to whoever lacks a right, known or not.
fn is_hidden(answer: &Response) -> bool {
    let host = answer.url.host_str().unwrap_or_default();
    HIDING.contains(&host) || answer.words().contains("do not have access")
}

/// The request with the credential of the connection at whose address it is, where the checklist names one.
pub(super) fn with_credential(ask: Ask, target: &Target, cx: &Context) -> Result<Ask, Unobserved> {
    let Some(endpoint) = connection(target, ask.url()) else { return Ok(ask) };
    let ask = ask.via(&endpoint.via);
    if let Some(token) = endpoint.token() {
        let token = cx.reveal(&token)?;
        return Ok(match endpoint.kind {
            "coder" => ask.secret_header("coder-session-token", "", &token),
            _ => ask.bearer(&token),
        });
    }
    match (&endpoint.username, endpoint.password()) {
        (Some(user), Some(password)) => Ok(ask.basic(user, &cx.reveal(&password)?)),
        _ => Ok(ask),
    }
}
