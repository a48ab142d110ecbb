//! A key that is read from where it is kept: this machine, or a Kubernetes secret of the item's site.

use super::{
    evidence::Look,
    settings::{KeyFrom, SecretKey},
    stored,
};
use crate::{
    clients::connections::Cluster,
    contract::{Access, Context, Invalid, Place, Secret, Unobserved, text::Placed},
};
use secrecy::SecretString;

/// Where a key is kept.
pub(super) enum Held {
    /// Where the checklist says.
    Here(Secret),
    /// In a Kubernetes secret.
    Stored(Cluster, SecretKey),
}

/// What was read.
pub(super) struct Taken {
    /// Where, for a person.
    pub(super) from: String,
    /// What was asked for it.
    pub(super) look: Look,
    /// The key, or in words what is there in its place.
    pub(super) value: Result<SecretString, String>,
}

impl Held {
    /// `at` is the path in `with` where the place is named.
    pub(super) fn new(from: Placed<KeyFrom>, at: &str, place: &Place) -> Result<Self, Invalid> {
        let Placed { value, at: position } = from;
        Ok(match value.split() {
            Ok(value) => Self::Here(place.secret(&Placed { value, at: position })),
            Err(key) => {
                stored::is_named(&format!("{at}.secret"), &key)?;
                Self::Stored(place.cluster()?, key)
            }
        })
    }

    /// The right that reading it takes.
    pub(super) fn access(&self) -> Access {
        match self {
            Self::Here(token) => Access::new("this machine", format!("reading {}", token.source())),
            Self::Stored(_, key) => stored::access(&key.namespace, &key.name),
        }
    }

    /// Reads it.
    pub(super) async fn take(&self, cx: &Context) -> Result<Taken, Unobserved> {
        Ok(match self {
            Self::Here(token) => {
                let from = token.source().to_string();
                Taken { look: Look::here(from.clone(), cx.now()), from, value: Ok(cx.reveal(token)?) }
            }
            Self::Stored(cluster, at) => {
                let (found, value) = stored::value(cx, cluster, at).await?;
                if let Ok(value) = &value {
                    cx.reach().vault.learn(value);
                }
                Taken { from: at.to_string(), look: Look::here(found.asked, found.asked_at), value }
            }
        })
    }
}
