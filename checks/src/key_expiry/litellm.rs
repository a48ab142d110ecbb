//! The source `litellm`: the connection's own key, every key of an alias, or the key that a Kubernetes secret holds.
//!
//! An alias that matches nothing is missing only when the list shows more than the asker's own keys: a user of the
//! gateway sees its own keys alone, and to it every other alias looks missing.

use super::{
    evidence::{Ends, Evidence, Key, Look, Rotation, Standing},
    moment::Moment,
    settings::{LitellmKey, SecretKey},
    source::Source,
    stored,
};
use crate::{
    clients::{
        connections::{Cluster, Endpoint},
        http::Response,
        litellm::{self, Own, VirtualKey},
    },
    contract::{Access, Context, Invalid, Place, Remedy, Secret, Unobserved, Why, values::Period},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// One LiteLLM source.
pub(super) struct Looking {
    endpoint: Endpoint,
    which: Which,
    scan: Period,
}

enum Which {
    Own(Secret),
    Alias(String, Secret),
    Held(Cluster, SecretKey),
}

impl Looking {
    pub(super) fn new(settings: LitellmKey, place: &Place) -> Result<Self, Invalid> {
        let LitellmKey { connection, key_alias, held_in, rotation_scan } = settings;
        let endpoint = place.endpoint(&connection, "litellm", "litellm.connection")?;
        let token = || super::token_of(&endpoint, "litellm.connection");
        let which = match (key_alias, held_in) {
            (Some(_), Some(_)) => {
                return Err(Invalid::new("litellm.held_in", "`held_in` and `key_alias` each name a key")
                    .help("keep one; a check for each looks at both"));
            }
            (Some(alias), None) if alias.trim().is_empty() => {
                return Err(Invalid::new("litellm.key_alias", "an empty alias names every key")
                    .help("leave `key_alias` out to look at the connection's own key"));
            }
            (Some(alias), None) => Which::Alias(alias, token()?),
            (None, Some(key)) => {
                stored::is_named("litellm.held_in", &key)?;
                Which::Held(place.cluster()?, key)
            }
            (None, None) => Which::Own(token()?),
        };
        Ok(Self { endpoint, which, scan: rotation_scan })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        match &self.which {
            Which::Held(_, key) => vec![stored::access(&key.namespace, &key.name)],
            Which::Own(_) => vec![Access::new("litellm", "a key with the route /key/info")],
            Which::Alias(..) => vec![Access::new(
                "litellm",
                "a key of a user with the role proxy_admin_viewer, with the route /key/list",
            )],
        }
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let (keys, answer) = match &self.which {
            Which::Own(token) => {
                self.own(cx, &cx.reveal(token)?, &format!("the key of connection {}", self.endpoint.name)).await?
            }
            Which::Alias(alias, token) => self.alias(cx, alias, &cx.reveal(token)?).await?,
            Which::Held(cluster, at) => {
                let (found, value) = stored::value(cx, cluster, at).await?;
                match value {
                    Ok(value) => self.own(cx, &value, &at.to_string()).await?,
                    Err(says) => {
                        let look = Look::here(found.asked, found.asked_at);
                        let keys = vec![Key::of(at.to_string(), Standing::Missing { says })];
                        return Ok(self.evidence(look, keys));
                    }
                }
            }
        };
        let look = match answer {
            Some(answer) => Look::of(&answer),
            None => Look::here(self.endpoint.name.clone(), cx.now()),
        };
        Ok(self.evidence(look, keys))
    }

    fn evidence(&self, look: Look, keys: Vec<Key>) -> Evidence {
        Evidence::of(Source::Litellm { url: super::shown(&self.endpoint.url) }, look, keys)
    }

    /// What the gateway says of `key`, which people call `name` where it has no alias.
    async fn own(
        &self,
        cx: &Context,
        key: &SecretString,
        name: &str,
    ) -> Result<(Vec<Key>, Option<Arc<Response>>), Unobserved> {
        if let Some(standing) = super::empty(key.expose_secret()) {
            return Ok((vec![Key::of(name, standing)], None));
        }
        if key.expose_secret().contains(|letter: char| letter.is_control()) {
            // It would be left out of the request, and the gateway would be asked by nobody.
            let says = "it holds a line break or a control character, which no request can carry".to_owned();
            return Ok((vec![Key::of(name, Standing::Empty { says })], None));
        }
        let (own, answer) = litellm::own(cx, &self.endpoint, key).await?;
        let key = match own {
            Own::Known(described) => {
                let name = match (&described.key_alias, &self.which) {
                    (Some(alias), Which::Held(..)) => format!("{alias}, {name}"),
                    (Some(alias), _) => alias.clone(),
                    (None, _) => name.to_owned(),
                };
                self.key(name, &described, &answer)?
            }
            Own::Ended(says) => Key::of(name, Standing::Ended { says }),
            Own::Blocked(says) => Key::of(name, Standing::Blocked { says }),
            Own::Unknown(says) => Key::of(name, Standing::Refused { says }),
        };
        Ok((vec![key], Some(answer)))
    }

    async fn alias(
        &self,
        cx: &Context,
        alias: &str,
        token: &SecretString,
    ) -> Result<(Vec<Key>, Option<Arc<Response>>), Unobserved> {
        let listed = litellm::list(cx, &self.endpoint, token, Some(alias)).await?;
        // Some releases answer with every alias that holds the asked one.
        let matching = listed.keys.iter().filter(|key| key.key_alias.as_deref() == Some(alias));
        let keys: Vec<Key> =
            matching.map(|key| self.key(alias.to_owned(), key, &listed.first)).collect::<Result<_, _>>()?;
        if !keys.is_empty() {
            return Ok((keys, Some(listed.first)));
        }
        let all = litellm::list(cx, &self.endpoint, token, None).await?;
        if !sees_others(&all.keys) {
            return Err(hidden(alias, &listed.first, all.keys.len()));
        }
        let near = all.keys.iter().filter_map(|key| key.key_alias.as_deref());
        let says = match crate::contract::text::nearest(alias, near) {
            Some(near) => format!("none of {} keys has this alias; there is `{near}`", all.keys.len()),
            None => format!("none of {} keys has this alias", all.keys.len()),
        };
        Ok((vec![Key::of(alias, Standing::Missing { says })], Some(listed.first)))
    }

    fn key(&self, name: String, described: &VirtualKey, answer: &Response) -> Result<Key, Unobserved> {
        let moment = |value: &Value, of: &str| moment(value, of, answer);
        let ends = match moment(&described.expires, "expires")? {
            None => Ends::Never { told_by: "expires, which is null".to_owned() },
            Some(moment) => Ends::told(moment, "expires"),
        };
        let is_blocked = described.blocked == Some(true) || described.team_blocked == Some(true);
        let standing = match described.blocked {
            Some(true) => Standing::Blocked { says: "blocked".to_owned() },
            _ if is_blocked => Standing::Blocked { says: "its team is blocked".to_owned() },
            _ => Standing::InForce,
        };
        let rotation = rotation(described, self.scan, answer)?;
        let made = moment(&described.created_at, "created_at")?.and_then(time);
        let renewed = moment(&described.last_rotation_at, "last_rotation_at")?.and_then(time);
        Ok(Key { standing, rotation, issued: made.max(renewed), ..Key::ending(name, ends) })
    }
}

/// How the gateway replaces this key by itself, where it does.
///
/// # Errors
/// The time that it is due cannot be read.
pub(crate) fn rotation(
    described: &VirtualKey,
    scan: Period,
    answer: &Response,
) -> Result<Option<Rotation>, Unobserved> {
    if described.auto_rotate != Some(true) {
        return Ok(None);
    }
    let due = moment(&described.key_rotation_at, "key_rotation_at", answer)?.and_then(time);
    Ok(Some(Rotation { due, every: described.rotation_interval.clone(), scan }))
}

/// The moment in a field, `None` where it is `null`; anything else that is no time proves nothing.
fn moment(value: &Value, of: &str, answer: &Response) -> Result<Option<Moment>, Unobserved> {
    if value.is_null() {
        return Ok(None);
    }
    Moment::of(value).map(Some).ok_or_else(|| {
        Unobserved::new(Why::Malformed, &answer.asked, format_args!("`{of}` of a key is no time"))
            .by_hand(answer.by_hand())
    })
}

fn time(moment: Moment) -> Option<jiff::Timestamp> {
    match moment {
        Moment::At(time) => Some(time),
        Moment::Never | Moment::Unset => None,
    }
}

/// True if and only if the list shows more than one user's keys, or keys of nobody.
pub(crate) fn sees_others(keys: &[VirtualKey]) -> bool {
    let users: BTreeSet<Option<&str>> = keys.iter().map(|key| key.user_id.as_deref()).collect();
    users.len() > 1 || users.contains(&None)
}

fn hidden(alias: &str, answer: &Response, seen: usize) -> Unobserved {
    let detail = format!(
        "no key `{alias}` among the {seen} that this token may see, which are one user's alone: it may be hidden"
    );
    Unobserved::new(Why::NotFound, &answer.asked, detail)
        .by_hand(Remedy::prose("look with a key of a user with the role proxy_admin_viewer, or correct `key_alias`"))
}
