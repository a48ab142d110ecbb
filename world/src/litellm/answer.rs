//! The gateway's paths, and who may have them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::key::{Key, Role, hash, masked};
use super::purse::Purse;
use super::{Database, Gateway, calls, error};
use crate::serve::{Reply, Request};

/// Who is asking.
enum Caller<'a> {
    Master,
    Key(&'a Key),
}

impl Caller<'_> {
    fn may_see(&self, key: &Key) -> bool {
        match self {
            Self::Master => true,
            Self::Key(own) => {
                own.role == Role::Viewer
                    || own.secret == key.secret
                    || (own.user_id.is_some() && own.user_id == key.user_id)
            }
        }
    }
}

pub(super) fn answer(gateway: &Gateway, request: &Request) -> Reply {
    if calls::is_call(request) {
        let called = caller(gateway, request).map(|caller| match caller {
            Caller::Master => calls::answer(gateway, None, request),
            Caller::Key(key) => calls::answer(gateway, Some(key), request),
        });
        return answered(called);
    }
    if request.method != "GET" {
        return Reply::json(405, &json!({ "detail": "Method Not Allowed" }));
    }
    match request.path.as_str() {
        "/health/liveliness" | "/health/liveness" => Reply::json(200, &json!("I'm alive!")),
        "/health/readiness" => readiness(gateway),
        "/key/info" => answered(caller(gateway, request).map(|caller| info(gateway, &caller, request))),
        "/key/list" => answered(caller(gateway, request).map(|caller| list(gateway, &caller, request))),
        "/team/info" => {
            answered(caller(gateway, request).map(|caller| purse(&gateway.teams, "team", &caller, request)))
        }
        "/user/info" => {
            answered(caller(gateway, request).map(|caller| purse(&gateway.purses, "user", &caller, request)))
        }
        "/v1/models" | "/models" => answered(caller(gateway, request).map(|caller| models(gateway, &caller))),
        _ => Reply::json(404, &json!({ "detail": "Not Found" })),
    }
}

/// What a team or a user may spend. Its own are shown to a key, all to the master and a viewer.
fn purse(purses: &BTreeMap<String, Purse>, of: &str, caller: &Caller<'_>, request: &Request) -> Reply {
    let id = request.parameter(&format!("{of}_id")).unwrap_or_default();
    let may_see = match caller {
        Caller::Master => true,
        Caller::Key(key) => {
            let own = if of == "team" { &key.team_id } else { &key.user_id };
            key.role == Role::Viewer || own.as_deref() == Some(id.as_str())
        }
    };
    match purses.get(&id) {
        _ if !may_see => error(403, "not allowed to access this info", "auth_error", "None"),
        None => error(404, &format!("{of} not found, passed {of} id: {id}"), "not_found_error", of),
        Some(purse) => Reply::json(200, &purse.json(of, &id)),
    }
}

fn answered(reply: Result<Reply, Reply>) -> Reply {
    reply.unwrap_or_else(|refused| refused)
}

fn readiness(gateway: &Gateway) -> Reply {
    let database = match gateway.database {
        Database::Connected => "connected",
        Database::NotConnected => "Not connected",
        Database::Away => {
            let words = "Service Unhealthy (Can't reach database server at `litellm-db`:`5432`)";
            return Reply::json(503, &json!({ "detail": words }));
        }
    };
    Reply::json(200, &json!({ "status": "healthy", "db": database }))
}

fn caller<'a>(gateway: &'a Gateway, request: &Request) -> Result<Caller<'a>, Reply> {
    let Some(secret) = request.bearer() else {
        return Err(error(401, "Authentication Error, No api key passed in.", "auth_error", "None"));
    };
    if secret == gateway.master {
        return Ok(Caller::Master);
    }
    if gateway.database == Database::NotConnected {
        return Err(error(400, "No connected db.", "no_db_connection", ""));
    }
    let Some(key) = gateway.keys.iter().find(|key| key.secret == secret) else {
        return Err(unknown(&secret));
    };
    if key.blocked == Some(true) {
        let message = "Authentication Error, Key is blocked. Update via `/key/unblock` if you're admin.";
        return Err(error(401, message, "auth_error", "None"));
    }
    if key.has_expired(request.now) {
        return Err(expired(key, request));
    }
    Ok(Caller::Key(key))
}

fn unknown(secret: &str) -> Reply {
    let message = format!(
        "Authentication Error, Invalid proxy server token passed. Received API Key = {}, Key Hash (Token) ={}. \
         Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
        masked(secret),
        hash(secret)
    );
    error(401, &message, "token_not_found_in_db", "key")
}

fn expired(key: &Key, request: &Request) -> Reply {
    let date = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M:%S%.6f+00:00").to_string();
    let message = format!(
        "Authentication Error - Expired Key. Key Expiry time {} and current time {}",
        key.expires.map(date).unwrap_or_default(),
        date(request.now)
    );
    error(401, &message, "expired_key", &key.name())
}

fn info(gateway: &Gateway, caller: &Caller<'_>, request: &Request) -> Reply {
    let asked = request.parameter("key").filter(|asked| !asked.is_empty());
    let (named, key) = match (asked, caller) {
        (Some(asked), _) => {
            let found = gateway.keys.iter().find(|key| key.secret == asked || key.hash() == asked);
            (asked, found)
        }
        (None, Caller::Key(own)) => (own.hash(), Some(*own)),
        (None, Caller::Master) => (hash(&gateway.master), None),
    };
    let Some(key) = key else {
        return error(404, "Key not found in database", "not_found_error", "key");
    };
    if !caller.may_see(key) {
        return error(
            403,
            "You are not allowed to access this key's info. Your role=None",
            "internal_server_error",
            "None",
        );
    }
    Reply::json(200, &json!({ "key": named, "info": key.info(gateway.dates, request.now) }))
        .header("vary", "Origin, Accept-Encoding")
}

fn list(gateway: &Gateway, caller: &Caller<'_>, request: &Request) -> Reply {
    if let Caller::Key(own) = caller
        && own.user_id.is_none()
    {
        let message = "You are not authorized to access this endpoint. No 'user_id' is associated with your API key.";
        return error(403, message, "bad_request_error", "user_id");
    }
    let (Some(page), Some(size)) = (number(request, "page", 1), number(request, "size", 10)) else {
        return invalid("page");
    };
    if page == 0 || size == 0 || size > 100 {
        return invalid("size");
    }
    let alias = request.parameter("key_alias").filter(|alias| !alias.is_empty());
    let hash = request.parameter("key_hash").filter(|hash| !hash.is_empty());
    let has_alias = |key: &Key| match (&alias, key.alias.as_deref()) {
        (None, _) => true,
        (Some(wanted), Some(alias)) if gateway.finds_parts => alias.to_lowercase().contains(&wanted.to_lowercase()),
        (Some(wanted), alias) => alias == Some(wanted),
    };
    let has_hash = |key: &Key| hash.as_ref().is_none_or(|hash| key.hash() == *hash);
    // Newest first, as the gateway sorts by default.
    let found: Vec<&Key> =
        gateway.keys.iter().rev().filter(|key| caller.may_see(key) && has_alias(key) && has_hash(key)).collect();
    let is_full = request.parameter("return_full_object").is_some_and(|full| full == "true");
    let shown = found.iter().skip((page - 1).saturating_mul(size)).take(size);
    let keys: Vec<Value> =
        shown.map(|key| if is_full { key.listed(gateway.dates) } else { json!(key.hash()) }).collect();
    let pages = found.len().div_ceil(size);
    let body = json!({ "keys": keys, "total_count": found.len(), "current_page": page, "total_pages": pages });
    Reply::json(200, &body)
}

fn number(request: &Request, name: &str, otherwise: usize) -> Option<usize> {
    match request.parameter(name) {
        None => Some(otherwise),
        Some(text) => text.parse().ok(),
    }
}

fn invalid(name: &str) -> Reply {
    let detail = json!([{ "type": "value_error", "loc": ["query", name], "msg": "Input should be between 1 and 100" }]);
    Reply::json(422, &json!({ "detail": detail }))
}

fn models(gateway: &Gateway, caller: &Caller<'_>) -> Reply {
    let may_use = |model: &&String| match caller {
        Caller::Master => true,
        Caller::Key(key) => gateway.lets(key, model),
    };
    let model = |id: &String| {
        json!({ "id": id, "object": "model", "created": 1_677_610_602, "owned_by": "openai",
                "mode": "chat", "max_input_tokens": 200_000, "max_output_tokens": 64_000 })
    };
    let data: Vec<Value> = gateway.models.iter().filter(may_use).map(model).collect();
    Reply::json(200, &json!({ "data": data, "object": "list" }))
}
