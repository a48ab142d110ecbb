//! The source `litellm`: every key that the gateway replaces by itself, judged by the piece that `key-expiry` judges one key
//! with. It asks for all keys, because the one that is copied into the workspaces need not be the one that is known by name.

use super::{codes, expect::Expect, settings::Gateway, words};
use crate::{
    clients::{connections::Endpoint, litellm},
    contract::{
        Access, Context, Does, Finding, Invalid, Moment, Place, Remedy, Secret, Unobserved, Why, Window, values::Period,
    },
    key_expiry::{Rotation, litellm as keys, rotation},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where the gateway is.
    pub url: String,
    /// What was asked.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// How many keys there are.
    pub total: usize,
    /// Those that it replaces by itself.
    pub rotating: Vec<Key>,
}

/// A key that the gateway replaces by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its alias; never the key.
    pub name: String,
    /// How.
    pub rotation: Rotation,
}

/// One source of this kind.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Secret,
    scan: Period,
}

impl Looking {
    pub(super) fn new(settings: &Gateway, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "litellm", "litellm.connection")?;
        let token = endpoint.token().ok_or_else(|| {
            Invalid::new("litellm.connection", format!("connection `{}` has no token", endpoint.name))
                .help("add `token: { env: … }` to the connection")
        })?;
        Ok(Self { endpoint, token, scan: settings.rotation_scan })
    }

    pub(super) fn access() -> Vec<Access> {
        let right = "a key of a user with the role proxy_admin_viewer, with the route /key/list";
        vec![Access::new("litellm", right)]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let listed = litellm::list(cx, &self.endpoint, &cx.reveal(&self.token)?, None).await?;
        let answer = &listed.first;
        if !listed.keys.is_empty() && !keys::sees_others(&listed.keys) {
            let detail = format!(
                "this token sees {} keys, which are one user's alone: those of others may be hidden",
                listed.keys.len()
            );
            let cure = Remedy::prose("look with a key of a user with the role proxy_admin_viewer");
            return Err(Unobserved::new(Why::Forbidden, &answer.asked, detail).by_hand(cure));
        }
        let mut rotating = Vec::new();
        for key in &listed.keys {
            if let Some(rotation) = keys::rotation(key, self.scan, answer)? {
                let name = key.key_alias.clone().unwrap_or_else(|| "a key without an alias".to_owned());
                rotating.push(Key { name, rotation });
            }
        }
        rotating.sort_by(|a, b| (&a.name, a.rotation.due).cmp(&(&b.name, b.rotation.due)));
        let url = self.endpoint.url.as_str().trim_end_matches('/').to_owned();
        Ok(Evidence { url, asked: answer.asked.clone(), asked_at: answer.asked_at, total: listed.keys.len(), rotating })
    }
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    if evidence.total == 0 {
        let nothing =
            Finding::new(codes::NOTHING_FOUND, evidence.url.clone()).expected("at least one key").seen("none");
        return vec![nothing.mended_by(Remedy::prose("name the connection of the gateway that people use"))];
    }
    let rotating = evidence.rotating.iter().filter(|key| !expect.allows(&[&key.name]));
    rotating.filter_map(|key| rotation::judge(window, &key.rotation, &key.name, &key.name)).collect()
}

pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let sum = format!("{} of {} keys are replaced by the gateway itself", evidence.rotating.len(), evidence.total);
    let line = |key: &Key| format!("{}: {}", key.name, rotation::words(&key.rotation, window));
    std::iter::once(sum).chain(evidence.rotating.iter().map(line)).collect()
}

pub(super) fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
    let (from, to) = words::around(window);
    let mut moments = Vec::new();
    for Key { name, rotation } in &evidence.rotating {
        let due = rotation.due.map_or(window.now, |due| due.max(window.now));
        let says = format!("or up to {} later, at the gateway's next scan", rotation.scan);
        let every = rotation.every.as_deref().and_then(|every| every.parse::<Period>().ok());
        let again = every.map(|every| super::cron::repeated(due, every.signed(), from, to)).unwrap_or_default();
        let moment = |at| Moment::new(at, Does::Rotates, name.clone()).saying(says.clone());
        moments.extend(std::iter::once(due).chain(again).map(moment));
    }
    moments
}
