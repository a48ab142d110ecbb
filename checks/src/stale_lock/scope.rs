//! One namespace or all of them.

use super::evidence::{Evidence, Lock, Source};
use crate::{
    clients::kubernetes::{Api, Seen, is_name, path, right},
    contract::{Access, Invalid, Unobserved},
};

/// Where in a cluster is looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    One(String),
    All,
}

impl Scope {
    /// `at` is the map in `with` that holds the two keys.
    pub(super) fn of(at: &str, namespace: Option<String>, is_all: bool) -> Result<Self, Invalid> {
        match (namespace, is_all) {
            (Some(namespace), false) => {
                named(&format!("{at}.namespace"), &namespace)?;
                Ok(Self::One(namespace))
            }
            (None, true) => Ok(Self::All),
            _ => Err(Invalid::new(at, "exactly one of `namespace` and `all_namespaces: true` is needed")),
        }
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        match self {
            Self::One(namespace) => Some(namespace),
            Self::All => None,
        }
    }

    /// The path of a collection in it.
    pub(super) fn path(&self, api: &str, plural: &str) -> String {
        path(api, self.namespace(), &[plural])
    }

    /// The right to list a collection in it.
    pub(super) fn right_to_list(&self, api: &str, plural: &str) -> Access {
        Access::new("kubernetes", right("list", &self.path(api, plural)))
    }

    /// The right behind an empty list, where it is needed.
    pub(super) fn right_to_namespace(&self) -> Option<Access> {
        let namespace = self.namespace()?;
        Some(Access::new("kubernetes", format!("get namespaces, only {namespace}")))
    }

    /// Whether the namespace exists; `None` where all are meant, since a list of all proves itself.
    pub(super) async fn exists(&self, api: &Api) -> Option<Result<bool, Unobserved>> {
        match self {
            Self::One(namespace) => Some(api.has_namespace(namespace).await),
            Self::All => None,
        }
    }

    /// What a list of it showed: `looked_at` objects of it were meant, and `locks` are held among them. Where none was
    /// meant, whether the namespace is there at all is looked at too.
    pub(super) async fn evidence<T>(
        &self,
        api: &Api,
        seen: &Seen<T>,
        (resource, wanted): (&str, String),
        looked_at: usize,
        locks: Vec<Lock>,
    ) -> Evidence {
        Evidence {
            source: Source::Cluster {
                kubectl: api.kubectl().clone(),
                namespace: self.namespace().map(str::to_owned),
                resource: resource.to_owned(),
                wanted,
            },
            asked: seen.asked.clone(),
            asked_at: seen.asked_at,
            looked_at,
            has_namespace: if looked_at == 0 { self.exists(api).await } else { None },
            has_state: None,
            holders_unseen: None,
            locks,
        }
    }
}

/// Refuses what is no name of Kubernetes.
pub(super) fn named(at: &str, name: &str) -> Result<(), Invalid> {
    if is_name(name) {
        return Ok(());
    }
    Err(Invalid::new(at, format!("`{name}` is no name of Kubernetes"))
        .help("a name has lower-case letters, digits, `-` and `.`"))
}

/// Refuses a selector that selects nothing in particular.
pub(super) fn selects(at: &str, selector: Option<&str>) -> Result<(), Invalid> {
    match selector {
        Some(text) if text.trim().is_empty() => {
            Err(Invalid::new(at, "an empty selector means everything")
                .help("leave it out, or write labels: `app=coder`"))
        }
        _ => Ok(()),
    }
}
