//! `LiteLLM` gateways with a database: keys, who may read about them, and what health says.
//!
//! Answers are those of a 1.106 proxy (recorded), field by field. Making and deleting keys is left out: a test edits the state.

mod answer;
mod calls;
mod key;
mod purse;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Value, json};

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

pub use key::{Dates, Key, Role};
pub use purse::Purse;

/// What the gateway says of its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// `connected`.
    Connected,
    /// `Not connected`, with status 200 and `healthy` all the same.
    NotConnected,
    /// Connected once, and away now: readiness is 503, in the words of a failed look at it.
    Away,
}

/// One gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// The master key.
    pub master: String,
    /// All other keys, in the order of their making.
    pub keys: Vec<Key>,
    /// The models that are configured.
    pub models: Vec<String>,
    /// Its database.
    pub database: Database,
    /// How dates are written.
    pub dates: Dates,
    /// Whether the `key_alias` filter of `/key/list` finds parts of an alias too, as newer dashboards ask for.
    pub finds_parts: bool,
    /// Names under which keys may use several models.
    pub groups: BTreeMap<String, Vec<String>>,
    /// What teams may spend, by id.
    pub teams: BTreeMap<String, Purse>,
    /// What users may spend over all their own keys, by id.
    pub purses: BTreeMap<String, Purse>,
    /// What a call to a model is answered instead of a completion: a status, the error's type and its message.
    pub fails: BTreeMap<String, (u16, String, String)>,
}

impl Gateway {
    /// A gateway with no keys but its master's.
    #[must_use]
    pub fn new(master: &str) -> Self {
        Self {
            addresses: Vec::new(),
            master: master.to_owned(),
            keys: Vec::new(),
            models: vec!["claude-sonnet".to_owned()],
            database: Database::Connected,
            dates: Dates::Zoned,
            finds_parts: false,
            groups: BTreeMap::new(),
            teams: BTreeMap::new(),
            purses: BTreeMap::new(),
            fails: BTreeMap::new(),
        }
    }

    /// Whether the key may use the model, by its name or by a group's.
    pub(crate) fn lets(&self, key: &Key, model: &str) -> bool {
        let groups = key.models.iter().filter_map(|name| self.groups.get(name)).flatten();
        key.models.is_empty() || key.models.iter().chain(groups).any(|name| name == model)
    }

    /// The key of this alias, to change it.
    pub fn key_mut(&mut self, alias: &str) -> Option<&mut Key> {
        self.keys.iter_mut().find(|key| key.alias.as_deref() == Some(alias))
    }
}

impl Eq for Gateway {}

struct Proxy {
    host: String,
}

impl Behind for Proxy {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        let reply = match state.litellm.get(&self.host) {
            Some(gateway) => answer::answer(gateway, request),
            None => Reply::json(404, &json!({ "detail": "Not Found" })),
        };
        framed(reply)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        framed(refusal(status))
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.litellm.iter();
    let stands = hosts.flat_map(|(host, gateway)| {
        let proxy = Proxy { host: host.clone() };
        Stand::of_addresses(System::Litellm, host, &gateway.addresses, proxy)
    });
    stands.collect()
}

/// The error body; its `code` is a string, and an empty `param` is null.
fn error(status: u16, message: &str, kind: &str, param: &str) -> Reply {
    let param = Some(param).filter(|param| !param.is_empty());
    let error: Value = json!({ "message": message, "type": kind, "param": param, "code": status.to_string() });
    Reply::json(status, &json!({ "error": error }))
}

fn refusal(status: u16) -> Reply {
    match status {
        401 => error(401, "Authentication Error, No api key passed in.", "auth_error", "None"),
        403 => error(403, "You are not authorized to access this endpoint.", "bad_request_error", "user_id"),
        404 => error(404, "Key not found in database", "not_found_error", "key"),
        429 => error(429, "Rate limit exceeded", "throttling_error", "None"),
        503 => error(503, "Service Unavailable", "no_db_connection", "None"),
        _ => Reply::text(status, "Internal Server Error"),
    }
}

fn framed(reply: Reply) -> Reply {
    // What is large enough to be compressed says so, even when it is not.
    let vary = if reply.body.len() < 1000 { "Origin" } else { "Origin, Accept-Encoding" };
    reply
        .header("vary", vary)
        .header("x-frame-options", "DENY")
        .header("content-security-policy", "frame-ancestors 'none'")
        .header("x-content-type-options", "nosniff")
}
