//! Looking: every place at once; then values become numbers, and are gone.

use super::{
    evidence::{Evidence, Held, Seen, Value},
    fingerprint::{Print, Prints},
    origin::{Look, Origin, Way},
};
use crate::{
    clients::{
        aws::StoredInAws,
        blank::blank,
        connections::Cluster,
        kubernetes::{self, Api, StoredSecret},
    },
    contract::{Context, Secret, Unobserved},
};
use futures::{future::join_all, join};
use secrecy::{ExposeSecret as _, SecretBox, SecretString, zeroize::Zeroizing};
use serde_json::{Map, Value as Json};

/// Shorter values would be found in too much that is no secret, were they looked for.
const LEAST: usize = 8;

/// What stands at a place, before it is compared.
enum Found {
    Value(Prints),
    Other(Seen),
}

type Place = (Held, Option<Prints>);

pub(super) async fn observe(source: &Look, copies: &[Look], cx: &Context) -> Evidence {
    let (source, copies) = join!(one(source, cx), join_all(copies.iter().map(|copy| one(copy, cx))));
    let mut numbers = Numbers::default();
    let (mut first, prints) = source;
    first.number(prints.as_ref(), None, &mut numbers);
    let mut others = Vec::with_capacity(copies.len());
    for (mut held, own) in copies {
        held.number(own.as_ref(), prints.as_ref(), &mut numbers);
        others.push(held);
    }
    Evidence { source: first, copies: others }
}

/// The values that were met, in their order.
#[derive(Default)]
struct Numbers(Vec<Print>);

impl Numbers {
    fn of(&mut self, print: Print) -> u32 {
        let known = self.0.iter().position(|known| *known == print);
        let index = known.unwrap_or_else(|| {
            self.0.push(print);
            self.0.len() - 1
        });
        u32::try_from(index + 1).unwrap_or(u32::MAX)
    }
}

impl Held {
    fn number(&mut self, own: Option<&Prints>, source: Option<&Prints>, numbers: &mut Numbers) {
        if let Some(own) = own {
            let likeness = source.map(|source| source.likeness(own));
            self.seen = Ok(Seen::Value(Value { number: numbers.of(own.whole), likeness }));
        }
    }
}

async fn one(look: &Look, cx: &Context) -> Place {
    let mut held = Held {
        at: look.origin.clone(),
        cluster: None,
        asked_at: cx.now(),
        written: None,
        writer: None,
        seen: Ok(Seen::Missing { says: String::new() }),
    };
    let found = match &look.way {
        Way::Cluster(cluster) => in_cluster(cluster, cx, &mut held).await,
        Way::Aws(secret) => in_aws(secret, cx, &mut held).await,
        Way::Here(secret) => here(secret, cx, &held.at),
    };
    match found {
        Ok(Found::Value(prints)) => (held, Some(prints)),
        Ok(Found::Other(seen)) => (Held { seen: Ok(seen), ..held }, None),
        Err(missing) => (Held { seen: Err(missing), ..held }, None),
    }
}

async fn in_cluster(cluster: &Cluster, cx: &Context, held: &mut Held) -> Result<Found, Unobserved> {
    let Origin::Kubernetes { namespace, name, key, .. } = held.at.clone() else {
        return Ok(missing("no place in a cluster"));
    };
    let api = cx.cluster(cluster).await?;
    held.cluster = Some(api.kubectl().clone());
    let path = kubernetes::path("v1", Some(&namespace), &["secrets", &name]);
    let Some(secret) = api.find::<StoredSecret>(&path).await? else {
        return Ok(absent(&api, &namespace, &name).await);
    };
    held.asked_at = secret.asked_at;
    held.written = secret.written();
    held.writer = secret.writer().map(|writer| writer.manager.clone()).filter(|manager| !manager.is_empty());
    match secret.value(&key) {
        Some(value) => Ok(read(value, &held.at, cx)),
        None => {
            let mut keys: Vec<&str> = secret.keys().take(20).collect();
            keys.sort_unstable();
            let has = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
            Ok(missing(format!("secret {name} has no `{key}`, it has {has}")))
        }
    }
}

async fn absent(api: &Api, namespace: &str, name: &str) -> Found {
    // The control read behind the absence; where it may not be made, the absence stands by itself.
    match api.has_namespace(namespace).await {
        Ok(false) => missing(format!("no namespace {namespace}")),
        _ => missing(format!("no secret {name} in namespace {namespace}")),
    }
}

async fn in_aws(secret: &StoredInAws, cx: &Context, held: &mut Held) -> Result<Found, Unobserved> {
    // Whose account it is, before its answer counts.
    cx.aws_identity(&secret.account, Some(&secret.region)).await?;
    match secret.current(cx).await? {
        Err(words) => Ok(missing(words)),
        Ok(version) => {
            held.asked_at = version.asked_at;
            held.written = version.created_at;
            Ok(read(&version.value, &held.at, cx))
        }
    }
}

fn here(secret: &Secret, cx: &Context, at: &Origin) -> Result<Found, Unobserved> {
    let value = cx.reveal(secret)?;
    let bytes = value.expose_secret().as_bytes().to_vec();
    Ok(read(&SecretBox::new(Box::new(bytes)), at, cx))
}

/// What a value is; from now on it is found in text too, should anything send it back.
fn read(value: &SecretBox<Vec<u8>>, at: &Origin, cx: &Context) -> Found {
    let bytes = value.expose_secret();
    learn(bytes, cx);
    let inner = match at.json_key() {
        None => Zeroizing::new(bytes.clone()),
        Some(key) => match entry(bytes, key) {
            Ok(inner) => inner,
            Err(says) => return missing(says),
        },
    };
    learn(&inner, cx);
    match std::str::from_utf8(&inner).ok().and_then(blank) {
        Some(says) => Found::Other(Seen::Blank { says }),
        None => Found::Value(Prints::of(&inner)),
    }
}

fn learn(value: &[u8], cx: &Context) {
    if let Ok(text) = std::str::from_utf8(value)
        && text.trim().len() >= LEAST
        && blank(text).is_none()
    {
        cx.reach().vault.learn(&SecretString::from(text.trim()));
    }
}

/// One entry of a JSON object; the reason why there is none never quotes it.
fn entry(bytes: &[u8], key: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let object: Map<String, Json> =
        serde_json::from_slice(bytes).map_err(|_| format!("what stands there is no JSON object with a `{key}`"))?;
    let text = match object.get(key) {
        None => return Err(format!("the JSON object has no `{key}`")),
        Some(Json::Object(_) | Json::Array(_)) => return Err(format!("`{key}` of the JSON object is no single value")),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    Ok(Zeroizing::new(text.into_bytes()))
}

fn missing(says: impl Into<String>) -> Found {
    Found::Other(Seen::Missing { says: says.into() })
}

#[cfg(test)]
mod tests {
    use super::entry;

    #[test]
    fn an_entry_of_a_json_object_is_its_text() {
        let inner = |text: &str| entry(text.as_bytes(), "key").map(|bytes| String::from_utf8(bytes.to_vec()));
        assert_eq!(inner(r#"{"key":"sk-12345"}"#), Ok(Ok("sk-12345".to_owned())));
        assert_eq!(inner(r#"{"key":null}"#), Ok(Ok("null".to_owned())));
        for text in [r#"{"other":"sk-12345"}"#, "sk-12345", r#"["sk-12345"]"#, r#"{"key":["sk-12345"]}"#] {
            let reason = inner(text).expect_err(text);
            assert!(!reason.contains("12345"), "{reason}");
        }
    }
}
