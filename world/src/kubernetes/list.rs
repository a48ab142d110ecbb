//! Lists: what fits the selectors, a page at a time.
//!
//! A token holds where the next page begins, as the real one does, so it lives on through edits. It never expires by itself:
//! `Cluster::expire_continues` says when.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::field::Fields;
use super::path::Target;
use super::selector::Selector;
use super::status::{Status, bad_request};
use super::{Cluster, Key, Kind, partial};
use crate::serve::{Reply, Request};

const TOO_OLD: &str = "The provided continue parameter is too old to display a consistent list result. You can start a new \
list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. \
Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between \
the time the first chunk was returned and now may show up in the list.";

/// What a continue token says.
#[derive(Debug, Serialize, Deserialize)]
struct Token {
    v: String,
    /// The version that the list is of; -1 goes on with whatever there is now.
    rv: i64,
    start: String,
}

impl Token {
    fn new(rv: i64, start: &str) -> Self {
        Self { v: "meta.k8s.io/v1".to_owned(), rv, start: start.to_owned() }
    }

    fn read(text: &str) -> Result<Self, String> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
        let bytes = bytes.map_err(|error| format!("continue key is not valid: {error}"))?;
        let token: Self =
            serde_json::from_slice(&bytes).map_err(|error| format!("continue key is not valid: {error}"))?;
        if token.v != "meta.k8s.io/v1" || token.start.is_empty() {
            return Err("continue key is not valid: encoded start key empty or of an unknown version".to_owned());
        }
        Ok(token)
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(json!(self).to_string())
    }

    /// The place without the slash that some tokens begin with.
    fn start(&self) -> &str {
        self.start.trim_start_matches('/')
    }
}

/// What is asked of a list.
struct Asked {
    labels: Selector,
    fields: Fields,
    /// Zero is all.
    limit: usize,
    token: Option<Token>,
}

impl Asked {
    /// The error is the server's message.
    fn read(request: &Request, resource: &str) -> Result<Self, String> {
        let parameter = |name| request.parameter(name).unwrap_or_default();
        let labels = Selector::read(&parameter("labelSelector"))?;
        let fields = Fields::read(&parameter("fieldSelector"), resource)?;
        let limit = match parameter("limit").as_str() {
            "" => 0,
            text => text.parse().map_err(|_| format!("strconv.ParseInt: parsing \"{text}\": invalid syntax"))?,
        };
        let token = match parameter("continue").as_str() {
            "" => None,
            text => Some(Token::read(text).map_err(|error| format!("invalid continue token: {error}"))?),
        };
        Ok(Self { labels, fields, limit, token })
    }

    /// The place that the page begins after; empty is the beginning.
    fn start(&self) -> &str {
        self.token.as_ref().map_or("", Token::start)
    }

    /// The version that the list is of, which its first page has settled.
    fn version(&self, now: u64) -> i64 {
        let settled = self.token.as_ref().map(|token| token.rv).filter(|version| *version != -1);
        settled.unwrap_or(i64::try_from(now).unwrap_or(i64::MAX))
    }
}

/// One page.
pub(super) fn list(cluster: &mut Cluster, kind: &Kind, target: &Target, request: &Request) -> Reply {
    let asked = match Asked::read(request, &kind.qualified()) {
        Ok(asked) => asked,
        Err(message) => return bad_request(message),
    };
    let is_settled = asked.token.as_ref().is_some_and(|token| token.rv != -1);
    if is_settled && cluster.expire_continues > 0 {
        cluster.expire_continues -= 1;
        let fresh = Token::new(-1, asked.start()).text();
        return Status::new("Expired", TOO_OLD).then(fresh).reply(410);
    }
    partial::list(&page(cluster, kind, target, &asked), request)
}

fn page(cluster: &Cluster, kind: &Kind, target: &Target, asked: &Asked) -> Value {
    let resource = kind.qualified();
    let mut found: Vec<_> = cluster
        .all(&resource)
        .filter(|(key, _)| target.namespace.as_ref().is_none_or(|namespace| key.namespace == *namespace))
        .map(|(key, object)| (place(target, key), object))
        .filter(|(place, _)| place.as_str() >= asked.start())
        .filter(|(_, object)| asked.labels.fits(object) && asked.fields.fits(object))
        .collect();
    // By the text of the place: `coder-ws/…` comes before `coder/…`, as it does in the real store.
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let shown = if asked.limit == 0 { found.len() } else { asked.limit.min(found.len()) };
    let version = asked.version(cluster.resource_version);
    let mut metadata = json!({ "resourceVersion": version.to_string() });
    if shown < found.len() {
        let start = format!("/{}\0", found[shown - 1].0);
        metadata["continue"] = json!(Token::new(version, &start).text());
        // What is left cannot be counted without reading it, so the server says nothing under a selector.
        if asked.labels.is_empty() && asked.fields.is_empty() {
            metadata["remainingItemCount"] = json!(found.len() - shown);
        }
    }
    let whole = |object: &Value| if kind.is_custom() { object.clone() } else { bare(object) };
    let items: Vec<_> = found.iter().take(shown).map(|(_, object)| whole(object)).collect();
    let (name, api_version) = (format!("{}List", kind.name), kind.api_version());
    json!({ "kind": name, "apiVersion": api_version, "metadata": metadata, "items": items })
}

/// Where an object stands in the list, as tokens have it.
fn place(target: &Target, key: &Key) -> String {
    if target.namespace.is_some() || key.namespace.is_empty() {
        key.name.clone()
    } else {
        format!("{}/{}", key.namespace, key.name)
    }
}

/// Items of a list do not say their kind, unless it is a custom one.
fn bare(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.shift_remove("kind");
        fields.shift_remove("apiVersion");
    }
    object
}
