//! Where a probe stands when it is made: its site, all sites, and the connections it may use.
//!
//! Asking a place for a connection or a secret notes it, so that the plan knows, without any I/O, which secrets the
//! item will need.

use super::{
    Secret, SecretRef,
    text::{Placed, Step},
};
use crate::clients::connections::{AwsAccount, Cluster, Connections, Endpoint};
use std::{cell::RefCell, sync::Arc};

/// What is wrong with a probe's settings beyond their types, and where in `with` it stands.
#[derive(Debug)]
pub struct Invalid {
    /// The path into `with`.
    pub at: Vec<Step>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Invalid {
    /// `message` about the value at `at`: keys joined by dots, `mirrors.0.ecr`; empty for the whole of `with`.
    pub fn new(at: &str, message: impl Into<String>) -> Self {
        let step = |word: &str| word.parse().map_or_else(|_| Step::Key(word.to_owned()), Step::Index);
        Self {
            at: at.split('.').filter(|word| !word.is_empty()).map(step).collect(),
            message: message.into(),
            help: None,
        }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Where a probe stands.
pub struct Place {
    site: Option<String>,
    sites: Vec<String>,
    members: Vec<String>,
    check: String,
    event: String,
    connections: Arc<Connections>,
    secrets: RefCell<Vec<Placed<SecretRef>>>,
}

impl Place {
    /// The place of an item at `site` (`None`: at no site, or a relation) among all `sites`.
    #[must_use]
    pub fn new(site: Option<String>, sites: Vec<String>, connections: Arc<Connections>) -> Self {
        let (check, event) = (String::new(), String::new());
        Self { site, sites, members: Vec::new(), check, event, connections, secrets: RefCell::new(Vec::new()) }
    }

    /// The same place, of the check `name`.
    #[must_use]
    pub fn of_check(mut self, name: &str) -> Self {
        name.clone_into(&mut self.check);
        self
    }

    /// The same place, of a check that is looked at at these sites.
    #[must_use]
    pub fn among(mut self, members: Vec<String>) -> Self {
        self.members = members;
        self
    }

    /// True if and only if the check is looked at at `site`, by this item or another.
    #[must_use]
    pub fn is_looked_at(&self, site: &str) -> bool {
        self.site.as_deref() == Some(site) || self.members.iter().any(|member| member == site)
    }

    /// The same place, before the event `name`.
    #[must_use]
    pub fn of_event(mut self, name: &str) -> Self {
        name.clone_into(&mut self.event);
        self
    }

    /// The item's name in a report: `check@site`, or `check` where it is at no site.
    #[must_use]
    pub fn item(&self) -> String {
        self.site.as_ref().map_or_else(|| self.check.clone(), |site| format!("{}@{site}", self.check))
    }

    /// The name of the event that the checklist is for.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The name of the check in the checklist.
    #[must_use]
    pub fn check(&self) -> &str {
        &self.check
    }

    /// The item's own site.
    #[must_use]
    pub fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// Every site of the checklist, in its order.
    #[must_use]
    pub fn sites(&self) -> &[String] {
        &self.sites
    }

    /// The connection `name`, which must be of kind `kind`; `at` is where in `with` it is named.
    ///
    /// # Errors
    /// No such connection, or one of another kind.
    pub fn endpoint(&self, name: &str, kind: &str, at: &str) -> Result<Endpoint, Invalid> {
        let endpoint = self.connections.endpoint(name, kind).map_err(|reason| reason.at(at))?;
        for secret in endpoint.secrets() {
            self.secrets.borrow_mut().push(secret);
        }
        Ok(endpoint)
    }

    /// The AWS account behind the connection `name` (kinds `ecr` and `aws`).
    ///
    /// # Errors
    /// No such connection, or one of another kind.
    pub fn aws(&self, name: &str, at: &str) -> Result<AwsAccount, Invalid> {
        self.connections.aws(name).map_err(|reason| reason.at(at))
    }

    /// The AWS account of a site, where its `aws:` gives one.
    #[must_use]
    pub fn site_aws(&self, site: &str) -> Option<AwsAccount> {
        self.connections.site_aws(site)
    }

    /// The cluster of the item's own site.
    ///
    /// # Errors
    /// The check has no site, or the site has no `kubernetes:`.
    pub fn cluster(&self) -> Result<Cluster, Invalid> {
        match &self.site {
            Some(site) => self.cluster_of(site),
            None => Err(Invalid::new("", "this probe looks at a site's cluster, and the check has no site")
                .help("add `sites: all` or a list of sites")),
        }
    }

    /// The cluster of `site`.
    ///
    /// # Errors
    /// The site has no `kubernetes:`.
    pub fn cluster_of(&self, site: &str) -> Result<Cluster, Invalid> {
        self.connections.cluster(site).ok_or_else(|| {
            Invalid::new("", format!("site `{site}` has no `kubernetes:`, which this probe needs"))
                .help(format!("add `kubernetes: {{ context: {site} }}` to the site"))
        })
    }

    /// A ticket for a secret that `with` itself names.
    #[must_use]
    pub fn secret(&self, source: &Placed<SecretRef>) -> Secret {
        self.secrets.borrow_mut().push(source.clone());
        Secret::of(source.value.clone())
    }

    /// Every secret that was asked for so far.
    #[must_use]
    pub fn secrets(&self) -> Vec<Placed<SecretRef>> {
        self.secrets.borrow().clone()
    }
}
