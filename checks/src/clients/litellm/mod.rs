//! LiteLLM: what its management API says of virtual keys, here; its health, its models, what may be spent and a call, in a
//! file for each.
//!
//! Its refusals quote keys and their hashes; nothing of a refusal leaves here before [`scrubbed`] has seen it. A key's
//! `expires` must be in the answer, if only as `null`: an answer without it is another release's, and proves nothing.

pub mod call;
pub mod health;
pub mod spend;

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Unobserved, Why, short};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;
use url::Url;

/// The most keys on a page of `/key/list`.
const PAGE: usize = 100;
/// The most pages that are read.
const PAGES: usize = 50;

/// A virtual key, as the gateway describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct VirtualKey {
    /// Its alias.
    #[serde(default)]
    pub key_alias: Option<String>,
    /// When it ends, as written; `null` for never.
    pub expires: Value,
    /// True when it is switched off.
    #[serde(default)]
    pub blocked: Option<bool>,
    /// True when its team is.
    #[serde(default)]
    pub team_blocked: Option<bool>,
    /// Whose it is.
    #[serde(default)]
    pub user_id: Option<String>,
    /// When it was made, as written.
    #[serde(default)]
    pub created_at: Value,
    /// True when the gateway replaces it by itself.
    #[serde(default)]
    pub auto_rotate: Option<bool>,
    /// How often: `30d`.
    #[serde(default)]
    pub rotation_interval: Option<String>,
    /// When it was replaced last, as written.
    #[serde(default)]
    pub last_rotation_at: Value,
    /// When it is due next, as written.
    #[serde(default)]
    pub key_rotation_at: Value,
    /// All else that is said of it: never to be kept as it is, for its hash may be among it.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What the gateway says of the key that asks.
#[derive(Clone, Debug)]
pub enum Own {
    /// Its description.
    Known(Box<VirtualKey>),
    /// The gateway refuses it because it has ended.
    Ended(String),
    /// The gateway refuses it because it is switched off.
    Blocked(String),
    /// The gateway does not know it.
    Unknown(String),
}

/// A list of keys, whole, and the first answer that it was read from.
#[derive(Debug)]
pub struct Listed {
    /// The keys, newest first.
    pub keys: Vec<VirtualKey>,
    /// The answer with the first page.
    pub first: Arc<Response>,
}

/// What the gateway at `endpoint` says of `key` when it asks for itself, and the answer that says it.
///
/// # Errors
/// No answer, a refusal that is not of the key itself, or an answer that cannot be read.
pub async fn own(cx: &Context, endpoint: &Endpoint, key: &SecretString) -> Result<(Own, Arc<Response>), Unobserved> {
    #[derive(Deserialize)]
    struct Info {
        info: VirtualKey,
    }
    let answer = ask(cx, endpoint, key, address(endpoint, "key/info")?).await?;
    // Older releases refuse an ended key with 400.
    if answer.status == 401 || (answer.status == 400 && is_ended(&answer)) {
        return Ok((refused(&answer)?, answer));
    }
    let read = granted(&answer).and_then(|answer| answer.json::<Info>().map_err(clean));
    let info = read.map_err(|missing| match missing.why {
        Why::NotFound => Unobserved {
            detail: "the connection's token is the master key, which has no description: name a `key_alias`".to_owned(),
            ..missing
        },
        _ => missing,
    })?;
    Ok((Own::Known(Box::new(info.info)), answer))
}

/// Every key that the token of `endpoint` may see: those of `alias`, or all.
///
/// # Errors
/// No answer, no right to list keys, a list that cannot be read or is not whole.
pub async fn list(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    alias: Option<&str>,
) -> Result<Listed, Unobserved> {
    let (mut keys, mut page, mut first) = (Vec::new(), 1, None);
    loop {
        let answer = ask(cx, endpoint, token, list_address(endpoint, alias, page)?).await?;
        let part: Page = granted(&answer)?.json().map_err(clean)?;
        let got = part.keys.len();
        for key in part.keys {
            let key = VirtualKey::deserialize(&key).map_err(|error| unread(&answer, &key, &error))?;
            keys.push(key);
        }
        let first = first.get_or_insert_with(|| answer.clone()).clone();
        if page >= part.total_pages {
            return match part.total_count {
                Some(count) if count != keys.len() => {
                    Err(torn(&answer, format_args!("{count} keys were announced, {} came", keys.len())))
                }
                _ => Ok(Listed { keys, first }),
            };
        }
        if got == 0 || page >= PAGES {
            return Err(torn(&answer, format_args!("the list breaks off at page {page} of {}", part.total_pages)));
        }
        page += 1;
    }
}

#[derive(Deserialize)]
struct Page {
    keys: Vec<Value>,
    #[serde(default)]
    total_count: Option<usize>,
    total_pages: usize,
}

fn list_address(endpoint: &Endpoint, alias: Option<&str>, page: usize) -> Result<Url, Unobserved> {
    let mut url = address(endpoint, "key/list")?;
    let mut query = url.query_pairs_mut();
    if let Some(alias) = alias {
        query.append_pair("key_alias", alias);
    }
    query.append_pair("return_full_object", "true");
    query.append_pair("page", &page.to_string()).append_pair("size", &PAGE.to_string());
    drop(query);
    Ok(url)
}

fn address(endpoint: &Endpoint, path: &str) -> Result<Url, Unobserved> {
    endpoint.at(path).map_err(|error| Unobserved::new(Why::Unconfigured, endpoint.url.as_str(), error))
}

async fn ask(cx: &Context, endpoint: &Endpoint, key: &SecretString, url: Url) -> Result<Arc<Response>, Unobserved> {
    cx.ask(Ask::to(url).via(&endpoint.via).bearer(key)).await.map_err(clean)
}

#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    message: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

fn is_ended(answer: &Response) -> bool {
    let refusal = serde_json::from_slice::<Refusal>(&answer.body);
    refusal.is_ok_and(|refusal| refusal.error.kind.as_deref() == Some("expired_key"))
}

/// What a refusal of a key that asks for itself means. One that the gateway does not explain may come from what stands
/// before it, and is no finding.
fn refused(answer: &Response) -> Result<Own, Unobserved> {
    let reason = serde_json::from_slice::<Refusal>(&answer.body).map(|refusal| refusal.error);
    if let Ok(Reason { message, kind }) = reason {
        let says = scrubbed(&message);
        match kind.as_deref() {
            Some("expired_key") => return Ok(Own::Ended(says)),
            Some("token_not_found_in_db") => return Ok(Own::Unknown(says)),
            _ if message.to_ascii_lowercase().contains("key is blocked") => return Ok(Own::Blocked(says)),
            _ => {}
        }
    }
    granted(answer).map(|_| Own::Unknown(String::new()))
}

/// The answer, unless it is a refusal; in the gateway's own words, without keys and hashes.
fn granted(answer: &Response) -> Result<&Response, Unobserved> {
    answer.granted().map_err(|missing| {
        let words = serde_json::from_slice::<Refusal>(&answer.body).map(|refusal| refusal.error.message);
        let mut missing = clean(missing);
        if let Ok(words) = words {
            missing.detail = format!("status {}: {}", answer.status, scrubbed(&words));
        }
        if missing.why == Why::Forbidden {
            missing.detail =
                format!("{}; listing keys needs a key of a user with the role proxy_admin_viewer", missing.detail);
        }
        missing
    })
}

fn clean(mut missing: Unobserved) -> Unobserved {
    missing.detail = scrubbed(&missing.detail);
    missing
}

fn unread(answer: &Response, key: &Value, error: &serde_json::Error) -> Unobserved {
    let detail = if key.is_string() {
        "the list has hashes in place of keys: this release does not know `return_full_object`".to_owned()
    } else {
        scrubbed(&format!("a key in the list cannot be read: {error}"))
    };
    torn(answer, detail)
}

fn torn(answer: &Response, detail: impl std::fmt::Display) -> Unobserved {
    Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand())
}

/// The text without keys and without anything that may be a key's hash, whole or cut off at the text's end; at most
/// 200 characters.
#[must_use]
pub fn scrubbed(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let (mut clean, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(is_part) {
        clean.push_str(&rest[..start]);
        let tail = &rest[start..];
        let (word, after) = tail.split_at(tail.find(|letter| !is_part(letter)).unwrap_or(tail.len()));
        let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_hash = word.len() >= 32 || (is_hex && word.len() >= 8 && after.is_empty());
        let is_secret = is_hash || word.starts_with("sk-");
        clean.push_str(if is_secret { "[key]" } else { word });
        rest = after;
    }
    clean.push_str(rest);
    short(&clean, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_key_nor_a_hash_survives_even_cut_off() {
        let hash = "3f23a3100c3183021be4f433982d93c1f20ea652ad60ef8cbe04abfe8a5a0dcf";
        let said = format!("Received API Key = sk-..., Key Hash (Token) ={hash}. Unable to find sk-abc-DEF_1 in cache");
        assert_eq!(scrubbed(&said), "Received API Key = [key], Key Hash (Token) =[key] Unable to find [key] in cache");
        assert_eq!(scrubbed("Token ={\"3f23a3100c"), "Token ={\"[key]");
        assert_eq!(
            scrubbed("Key Expiry time 2026-11-22 08:18:43.170000+00:00"),
            "Key Expiry time 2026-11-22 08:18:43.170000+00:00"
        );
    }

    #[test]
    fn an_expiry_that_is_left_out_is_not_never() {
        assert!(serde_json::from_str::<VirtualKey>(r#"{"key_alias":"workshop"}"#).is_err());
        assert!(serde_json::from_str::<VirtualKey>(r#"{"expires":null}"#).expect("a key").expires.is_null());
    }
}
