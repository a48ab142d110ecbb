//! Who asks, and what they may do. Rights are granted and, unlike RBAC, may be taken away again, so that a test can say "all but".

use serde_json::json;

use super::kind::qualified;
use super::status::Status;
use crate::serve::Reply;

/// Somebody with a token.
#[derive(Clone, Debug)]
pub struct Account {
    /// The bearer token.
    pub token: String,
    /// The user that it stands for.
    pub user: String,
    /// The groups besides `system:authenticated`.
    pub groups: Vec<String>,
    /// What it may do.
    pub granted: Vec<Grant>,
    /// What it may not do, whatever is granted.
    pub denied: Vec<Grant>,
}

/// Verbs on resources.
#[derive(Clone, Debug)]
pub struct Grant {
    /// `get`, `list`, …; `*` is all.
    pub verbs: Vec<String>,
    /// `pods`, `deployments.apps`, `nodes/proxy`, `deployments.apps/scale`; `*` is all.
    pub resources: Vec<String>,
    /// `None` is everywhere.
    pub namespace: Option<String>,
}

impl Grant {
    /// These verbs on these resources, everywhere.
    #[must_use]
    pub fn new(verbs: &[&str], resources: &[&str]) -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self { verbs: owned(verbs), resources: owned(resources), namespace: None }
    }

    /// Only in this namespace.
    #[must_use]
    pub fn within(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }

    fn covers(&self, wish: &Wish<'_>) -> bool {
        let has = |words: &[String], word: &str| words.iter().any(|own| own == "*" || own == word);
        let is_there = self.namespace.is_none() || self.namespace.as_deref() == wish.namespace;
        is_there && has(&self.verbs, wish.verb) && has(&self.resources, &wish.resource())
    }
}

impl Account {
    /// May do nothing.
    #[must_use]
    pub fn nobody(token: &str, user: &str) -> Self {
        let [token, user] = [token, user].map(str::to_owned);
        Self { token, user, groups: Vec::new(), granted: Vec::new(), denied: Vec::new() }
    }

    /// May read everything, kubelets too, but secrets.
    #[must_use]
    pub fn reader(token: &str, user: &str) -> Self {
        Self::nobody(token, user)
            .allow(Grant::new(&["get", "list", "watch"], &["*"]))
            .deny(Grant::new(&["*"], &["secrets"]))
    }

    /// Grants more.
    #[must_use]
    pub fn allow(mut self, grant: Grant) -> Self {
        self.granted.push(grant);
        self
    }

    /// Takes some of it away.
    #[must_use]
    pub fn deny(mut self, grant: Grant) -> Self {
        self.denied.push(grant);
        self
    }

    /// Allows reading secrets, which a reader may not.
    #[must_use]
    pub fn with_secrets(mut self) -> Self {
        self.denied.retain(|grant| grant.resources != ["secrets"]);
        self
    }

    pub(super) fn may(&self, wish: &Wish<'_>) -> bool {
        self.granted.iter().any(|grant| grant.covers(wish)) && !self.denied.iter().any(|grant| grant.covers(wish))
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub(super) verb: &'a str,
    pub(super) group: &'a str,
    pub(super) plural: &'a str,
    pub(super) subresource: Option<&'a str>,
    pub(super) namespace: Option<&'a str>,
    pub(super) name: Option<&'a str>,
}

impl Wish<'_> {
    fn resource(&self) -> String {
        let resource = qualified(self.group, self.plural);
        match self.subresource {
            Some(below) => format!("{resource}/{below}"),
            None => resource,
        }
    }

    /// The refusal, in the server's words.
    pub(super) fn refused(&self, user: &str) -> Reply {
        let mut subject = qualified(self.group, self.plural);
        let mut details = json!({ "kind": self.plural });
        if let Some(name) = self.name {
            subject = format!("{subject} \"{name}\"");
            details["name"] = json!(name);
        }
        if !self.group.is_empty() {
            details["group"] = json!(self.group);
        }
        let resource = match self.subresource {
            Some(below) => format!("{}/{below}", self.plural),
            None => self.plural.to_owned(),
        };
        let place = match self.namespace {
            Some(namespace) => format!("in the namespace \"{namespace}\""),
            None => "at the cluster scope".to_owned(),
        };
        let (verb, group) = (self.verb, self.group);
        let message = format!(
            "{subject} is forbidden: User \"{user}\" cannot {verb} resource \"{resource}\" in API group \"{group}\" {place}"
        );
        Status::new("Forbidden", message).about(details).reply(403)
    }
}
