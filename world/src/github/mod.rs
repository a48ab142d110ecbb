//! GitHub's REST API, as far as it says whose a token is, when it ends, and who is in an organisation.

mod activity;
mod apps;
mod membership;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use crate::fault::System;
use crate::serve::{Reply, Request, Stand};
use crate::state::State;

pub use activity::Push;
pub use apps::{App, Installation};
pub use membership::{Organisation, Standing};

/// How the expiry header is written; both have been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `2021-09-03 02:34:04 UTC`
    Utc,
    /// `2023-04-26 20:23:26 +0200`
    Offset,
}

/// A personal access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose it is.
    pub login: String,
    /// When it ends; `None` for one that never does, or is no personal access token: no header.
    pub expires: Option<Timestamp>,
    /// How that is written.
    pub format: Format,
}

/// The API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Github {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// By the token itself.
    pub tokens: BTreeMap<String, Token>,
    /// By name.
    pub organisations: BTreeMap<String, Organisation>,
    /// Further logins that exist.
    pub accounts: BTreeSet<String>,
    /// Pushes to repositories, by `owner/name`.
    pub pushes: BTreeMap<String, Vec<Push>>,
    /// The Apps.
    pub apps: Vec<App>,
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.github.iter().map(|(host, own)| (host, &own.addresses));
    Stand::hosted(
        System::Github,
        hosts,
        |state, host, request| Some(answer(state.github.get(host)?, request)),
        |status, _| refusal(status),
    )
}

fn answer(github: &Github, request: &Request) -> Reply {
    if request.header("user-agent").is_none_or(|agent| agent.is_empty()) {
        let words =
            "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header.\r\n";
        return Reply::text(403, words);
    }
    if let Some(reply) = apps::answer(github, request) {
        return with_limits(reply, true, request.now);
    }
    let token = match credential(request) {
        None => None,
        Some(secret) => match github.tokens.get(&secret).filter(|token| is_alive(token, request.now)) {
            Some(token) => Some(token),
            None => return refusal(401),
        },
    };
    let reply = match (request.path.as_str(), token) {
        ("/rate_limit", _) => Reply::json(200, &limits(token.is_some(), request.now)),
        ("/user", Some(token)) => {
            Reply::json(200, &json!({ "login": token.login, "id": 1, "type": "User", "site_admin": false }))
        }
        ("/user", None) => message(401, "Requires authentication"),
        _ => token
            .and_then(|_| activity::listed(github, request))
            .or_else(|| membership::answer(github, token, request))
            .unwrap_or_else(|| refusal(404)),
    };
    let reply = with_limits(reply, token.is_some(), request.now);
    match token.and_then(expiry) {
        Some(expiry) => reply.header("github-authentication-token-expiration", expiry),
        None => reply,
    }
}

fn credential(request: &Request) -> Option<String> {
    let header = request.header("authorization")?;
    let (scheme, secret) = header.split_once(' ')?;
    let is_known = ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    is_known.then(|| secret.trim().to_owned())
}

fn is_alive(token: &Token, now: Timestamp) -> bool {
    token.expires.is_none_or(|expires| expires > now)
}

fn expiry(token: &Token) -> Option<String> {
    let expires = token.expires?;
    Some(match token.format {
        Format::Utc => expires.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Format::Offset => {
            let zone = TimeZone::fixed(Offset::constant(2));
            expires.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S %z").to_string()
        }
    })
}

fn limits(is_known: bool, now: Timestamp) -> Value {
    let limit = if is_known { 5000 } else { 60 };
    let core = json!({ "limit": limit, "used": 1, "remaining": limit - 1, "reset": now.as_second() + 3600, "resource": "core" });
    json!({ "resources": { "core": core }, "rate": core })
}

fn with_limits(reply: Reply, is_known: bool, now: Timestamp) -> Reply {
    let limit = if is_known { 5000 } else { 60 };
    reply
        .header("content-type", "application/json; charset=utf-8")
        .header("x-github-media-type", "github.v3; format=json")
        .header("x-github-request-id", "0000:000000:0000000:0000000:00000000")
        .header("x-ratelimit-limit", limit.to_string())
        .header("x-ratelimit-remaining", (limit - 1).to_string())
        .header("x-ratelimit-reset", (now.as_second() + 3600).to_string())
        .header("x-ratelimit-resource", "core")
}

fn refusal(status: u16) -> Reply {
    let words = match status {
        401 => "Bad credentials",
        403 => "Resource not accessible by personal access token",
        404 => "Not Found",
        429 => "API rate limit exceeded",
        503 => "Service unavailable",
        _ => "Server Error",
    };
    message(status, words)
}

fn message(status: u16, message: &str) -> Reply {
    let body = json!({ "message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string() });
    Reply::json(status, &body).header("content-type", "application/json; charset=utf-8")
}
