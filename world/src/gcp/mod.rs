//! Google Cloud, as far as it says of a service account's keys, and exchanges one for an access token.
//!
//! An account that is not there and one that may not be read are refused alike. A key signs an assertion, whose signature,
//! times and audience are verified.

mod exchange;

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

/// Where keys are listed.
pub const IAM: &str = "iam.googleapis.com";
/// Where keys are exchanged.
pub const TOKENS: &str = "oauth2.googleapis.com";

/// A key that a user made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// The private key, in PEM.
    pub pem: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends; `None` for never.
    pub ends: Option<Timestamp>,
    /// Whether it is switched off.
    pub is_disabled: bool,
}

/// Google Cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gcp {
    /// Documentation addresses of `iam.googleapis.com`.
    pub addresses: Vec<IpAddr>,
    /// Documentation addresses of `oauth2.googleapis.com`.
    pub token_addresses: Vec<IpAddr>,
    /// The keys of each service account, by its address.
    pub accounts: BTreeMap<String, Vec<Key>>,
    /// Access tokens, and whether they may list keys.
    pub tokens: BTreeMap<String, bool>,
}

impl Gcp {
    /// Adds the key of a service account's JSON file, made at this time, without an end. What is no such file adds nothing.
    #[must_use]
    pub fn with_file(mut self, file: &str, made: Timestamp) -> Self {
        let file: Value = serde_json::from_str(file).unwrap_or_default();
        let text = |name: &str| file[name].as_str().map(str::to_owned);
        if let (Some(email), Some(id), Some(pem)) = (text("client_email"), text("private_key_id"), text("private_key"))
        {
            let key = Key { id, pem, made, ends: None, is_disabled: false };
            self.accounts.entry(email).or_default().push(key);
        }
        self
    }

    /// An account's first key, to change it; `None` where it has none.
    pub fn key_mut(&mut self, email: &str) -> Option<&mut Key> {
        self.accounts.get_mut(email)?.first_mut()
    }
}

struct Iam;

impl Behind for Iam {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(IAM))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        listed(&state.gcp, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        refusal(status)
    }
}

struct Tokens;

impl Behind for Tokens {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(TOKENS))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        exchange::answer(&mut state.gcp, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        exchange::refusal(status)
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    if state.gcp.accounts.is_empty() {
        return Vec::new();
    }
    let iam = Stand::of_api(System::Gcp, IAM, &state.gcp.addresses, Iam);
    let tokens = Stand::of_api(System::Gcp, TOKENS, &state.gcp.token_addresses, Tokens);
    iam.into_iter().chain(tokens).collect()
}

fn listed(gcp: &Gcp, request: &Request) -> Reply {
    let Some(may_list) = request.bearer().and_then(|token| gcp.tokens.get(&token).copied()) else {
        return refusal(401);
    };
    let segments = request.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["v1", "projects", "-", "serviceAccounts", email, "keys"] = parts[..] else {
        return failed(404, "NOT_FOUND", "Method not found.");
    };
    match gcp.accounts.get(email).filter(|_| may_list) {
        None => failed(
            403,
            "PERMISSION_DENIED",
            "Permission 'iam.serviceAccountKeys.list' denied on resource (or it may not exist).",
        ),
        Some(keys) if keys.is_empty() => Reply::json(200, &json!({})),
        Some(keys) => {
            let keys: Vec<Value> = keys.iter().map(|key| described(email, key)).collect();
            Reply::json(200, &json!({ "keys": keys }))
        }
    }
    .header("content-type", "application/json; charset=UTF-8")
}

fn described(email: &str, key: &Key) -> Value {
    let project = email.split_once('@').and_then(|(_, host)| host.split_once('.')).map_or("-", |(project, _)| project);
    let ends = key.ends.map_or_else(|| "9999-12-31T23:59:59Z".to_owned(), second);
    let mut described = json!({
        "name": format!("projects/{project}/serviceAccounts/{email}/keys/{}", key.id),
        "validAfterTime": second(key.made),
        "validBeforeTime": ends,
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "keyOrigin": "GOOGLE_PROVIDED",
        "keyType": "USER_MANAGED",
    });
    if key.is_disabled {
        described["disabled"] = json!(true);
        described["disableReason"] = json!("SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED");
    }
    described
}

fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn refusal(status: u16) -> Reply {
    let (name, words) = match status {
        401 => ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
        403 => ("PERMISSION_DENIED", "The caller does not have permission"),
        404 => ("NOT_FOUND", "Requested entity was not found."),
        429 => ("RESOURCE_EXHAUSTED", "Quota exceeded."),
        503 => ("UNAVAILABLE", "The service is currently unavailable."),
        _ => ("INTERNAL", "Internal error encountered."),
    };
    failed(status, name, words)
}

fn failed(status: u16, name: &str, words: &str) -> Reply {
    Reply::json(status, &json!({ "error": { "code": status, "message": words, "status": name } }))
        .header("content-type", "application/json; charset=UTF-8")
}
