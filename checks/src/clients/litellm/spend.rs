//! What may be spent, and how fast: by a key, by its budget, its team and its user, each of which can stop it.
//!
//! A limit must be in the answer, if only as `null`: one that is left out is another release's, and is not no limit.

use super::{Refusal, VirtualKey, address, ask, clean, granted, torn};
use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Remedy, Unobserved, Why, short},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What may be spent, and how fast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purse {
    /// Whose it is: `key workshop`, `team guests`.
    pub of: String,
    /// US dollars, so far.
    pub spend: f64,
    /// US dollars; `None` for any number.
    pub max_budget: Option<f64>,
    /// When the spend is counted from nothing again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resets: Option<Timestamp>,
    /// Requests a minute; `None` for any number.
    pub rpm: Option<f64>,
    /// Tokens a minute; `None` for any number.
    pub tpm: Option<f64>,
    /// Requests under way at once; `None` for any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<f64>,
    /// Requests a minute of one model, where it has a limit of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub model_rpm: BTreeMap<String, f64>,
    /// Tokens a minute of one model, where it has a limit of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub model_tpm: BTreeMap<String, f64>,
    /// The models that may be used; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// True when it is switched off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
}

/// The purses that a key is bound by, its own first, as far as the key itself says; `answer` is where it does. A list of
/// keys names a budget and does not tell its limits: that one is unseen.
///
/// # Errors
/// A limit is left out, or is no number.
pub fn of_key(key: &VirtualKey, name: &str, answer: &Response) -> Result<Vec<Result<Purse, Unobserved>>, Unobserved> {
    let unread = |says: String| torn(answer, format_args!("what the key may spend cannot be read: {says}"));
    let mut own = purse(&key.rest, format!("key {name}")).map_err(unread)?;
    own.blocked = key.blocked == Some(true) || key.team_blocked == Some(true);
    let budget = match (key.rest.get("litellm_budget_table"), id(&key.rest, "budget_id")) {
        (Some(Value::Object(budget)), _) => {
            let shared = Purse { of: format!("budget of key {name}"), models: Vec::new(), ..own.clone() };
            Some(Ok(limits(budget, shared).map_err(unread)?))
        }
        (_, Some(budget)) => Some(Err(untold(name, budget, answer))),
        _ => None,
    };
    Ok(std::iter::once(Ok(own)).chain(budget).collect())
}

fn untold(name: &str, budget: &str, answer: &Response) -> Unobserved {
    let detail = format!("key {name} has the budget {}, whose limits a list of keys does not tell", short(budget, 80));
    Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(Remedy::prose(
        "look as the key itself, whose own description tells them: `key: {}` over a connection that has it",
    ))
}

/// When the key ends; `None` for never. `answer` is where it says so.
///
/// # Errors
/// What it says is no time.
pub fn ends(key: &VirtualKey, answer: &Response) -> Result<Option<Timestamp>, Unobserved> {
    match &key.expires {
        Value::Null => Ok(None),
        written => {
            let ends = written.as_str().and_then(time);
            ends.map(Some).ok_or_else(|| torn(answer, "`expires` of the key is no time"))
        }
    }
}

/// The id of the team that a key is of.
#[must_use]
pub fn team(key: &VirtualKey) -> Option<&str> {
    id(&key.rest, "team_id")
}

fn id<'a>(told: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    told.get(name).and_then(Value::as_str).filter(|id| !id.is_empty())
}

/// What the team or user `id` may spend; `of` is `team` or `user`: `GET /team/info`, `GET /user/info`. Of a team, also what
/// its `member` may. Empty for a user of whom the gateway knows no more than the name, and who has no limits.
///
/// # Errors
/// No answer, no right, or an answer that cannot be read.
pub async fn shared(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    of: &str,
    id: &str,
    member: Option<&str>,
) -> Result<Vec<Result<Purse, Unobserved>>, Unobserved> {
    let mut url = address(endpoint, &format!("{of}/info"))?;
    url.query_pairs_mut().append_pair(&format!("{of}_id"), id);
    let answer = ask(cx, endpoint, token, url).await?;
    // Whoever may not see a user is answered 403.
    if of == "user" && answer.status == 404 && serde_json::from_slice::<Refusal>(&answer.body).is_ok() {
        return Ok(Vec::new());
    }
    let told: Map<String, Value> = granted(&answer)?.json().map_err(clean)?;
    let info = told.get(&format!("{of}_info"));
    if of == "user" && info.is_some_and(Value::is_null) {
        return Ok(Vec::new());
    }
    let info = info.and_then(Value::as_object);
    let info = info.ok_or_else(|| torn(&answer, format_args!("the answer has no `{of}_info`")))?;
    let mut purse = purse(info, format!("{of} {id}")).map_err(|says| torn(&answer, says))?;
    purse.blocked = info.get("blocked").and_then(Value::as_bool).unwrap_or(false);
    let member = member.and_then(|user| membership(&told, id, user).transpose());
    let member = member.map(|read| read.map_err(|says| torn(&answer, says)));
    Ok(std::iter::once(Ok(purse)).chain(member).collect())
}

/// What `user` may spend as a member of `team`; `None` where the team does not bound its members one by one.
fn membership(told: &Map<String, Value>, team: &str, user: &str) -> Result<Option<Purse>, String> {
    let all = told.get("team_memberships").and_then(Value::as_array).ok_or("`team_memberships` is left out")?;
    let is_theirs = |one: &&Map<String, Value>| id(one, "user_id") == Some(user);
    let Some(own) = all.iter().filter_map(Value::as_object).find(is_theirs) else { return Ok(None) };
    match own.get("litellm_budget_table") {
        Some(Value::Object(budget)) => {
            let of = format!("user {} in team {}", short(user, 80), short(team, 80));
            limits(budget, Purse::unbound(of, number(own, "spend")?.unwrap_or(0.0))).map(Some)
        }
        _ if id(own, "budget_id").is_some() => {
            Err("a member's budget is named, and its limits are left out".to_owned())
        }
        _ => Ok(None),
    }
}

impl Purse {
    /// Of which any amount may be spent.
    fn unbound(of: String, spend: f64) -> Self {
        Self {
            of,
            spend,
            max_budget: None,
            resets: None,
            rpm: None,
            tpm: None,
            at_once: None,
            model_rpm: BTreeMap::new(),
            model_tpm: BTreeMap::new(),
            models: Vec::new(),
            blocked: false,
        }
    }
}

fn purse(told: &Map<String, Value>, of: String) -> Result<Purse, String> {
    let empty = Purse {
        model_rpm: of_models(told, "model_rpm_limit")?,
        model_tpm: of_models(told, "model_tpm_limit")?,
        models: texts(told.get("models")),
        ..Purse::unbound(of, number(told, "spend")?.unwrap_or(0.0))
    };
    limits(told, empty)
}

fn limits(told: &Map<String, Value>, of: Purse) -> Result<Purse, String> {
    let resets = match told.get("budget_reset_at").unwrap_or(&Value::Null) {
        Value::Null => None,
        written => Some(written.as_str().and_then(time).ok_or("`budget_reset_at` is no time")?),
    };
    let [max_budget, rpm, tpm] = [number(told, "max_budget")?, number(told, "rpm_limit")?, number(told, "tpm_limit")?];
    // Teams and users of older releases have no such limit.
    let at_once =
        if told.contains_key("max_parallel_requests") { number(told, "max_parallel_requests")? } else { None };
    Ok(Purse { max_budget, rpm, tpm, at_once, resets: resets.or(of.resets), ..of })
}

fn number(told: &Map<String, Value>, name: &str) -> Result<Option<f64>, String> {
    match told.get(name) {
        None => Err(format!("`{name}` is left out")),
        Some(Value::Null) => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or_else(|| format!("`{name}` is no number")),
    }
}

/// Limits of single models are kept in the key's metadata.
fn of_models(told: &Map<String, Value>, name: &str) -> Result<BTreeMap<String, f64>, String> {
    let Some(limits) = told.get("metadata").and_then(|metadata| metadata.get(name)) else {
        return Ok(BTreeMap::new());
    };
    let each = limits.as_object().into_iter().flatten().map(|(model, limit)| {
        let limit = limit.as_f64().ok_or_else(|| format!("`{name}` of {model} is no number"))?;
        Ok((model.clone(), limit))
    });
    each.collect()
}

fn texts(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A time with its zone, or without one, which is UTC.
fn time(text: &str) -> Option<Timestamp> {
    let naive = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse().ok().or_else(naive)
}
