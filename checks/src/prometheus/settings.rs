//! What to ask of which Prometheus.

use super::promql::reads;
use crate::{
    clients::prometheus::{Server, Workspace},
    contract::{Invalid, Place, values::Period},
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The most queries or rules of one check.
const MOST: usize = 40;
/// The most points that a range query may give for a series. Prometheus itself refuses more than 11,000.
const POINTS: u64 = 1_500;

/// What to look at: queries, or alerting rules, at one Prometheus.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A connection of kind `prometheus`.
    #[serde(default)]
    pub connection: Option<String>,
    /// A workspace of Amazon's managed Prometheus, in place of `connection`.
    #[serde(default)]
    pub amp: Option<Amp>,
    /// Queries by a name for each: `queue depth: sum(coderd_provisionerd_jobs_pending)`.
    #[serde(default)]
    pub queries: IndexMap<String, String>,
    /// The label by whose values series are counted.
    #[serde(default)]
    pub by: Option<String>,
    /// The values of that label, each of which must have series; unless said, the checklist's sites.
    #[serde(default)]
    pub values: Option<Vec<String>>,
    /// Asks each query over a time in place of now.
    #[serde(default)]
    pub range: Option<Range>,
    /// Names of alerting rules, in place of queries.
    #[serde(default)]
    pub rules: Vec<String>,
}

/// A workspace of Amazon Managed Service for Prometheus.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amp {
    /// A connection of kind `aws`.
    pub account: String,
    /// Its region; unless said, the connection's.
    #[serde(default)]
    pub region: Option<String>,
    /// Its id: `ws-…`.
    pub workspace: String,
}

/// A time until now, and the steps in it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// How long until now: `30m`.
    pub last: Period,
    /// How far apart its points are: `1m`.
    #[serde(default = "minute")]
    pub step: Period,
}

const fn minute() -> Period {
    Period::seconds(60)
}

/// The label by whose values series are counted, and the values that must be there.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The label.
    pub label: String,
    /// Its values.
    pub values: Vec<String>,
}

impl Settings {
    pub(super) fn server(&self, place: &Place) -> Result<Server, Invalid> {
        match (&self.connection, &self.amp) {
            (Some(name), None) => Ok(Server::Own(Box::new(place.endpoint(name, "prometheus", "connection")?))),
            (None, Some(amp)) => amp.server(place),
            (Some(_), Some(_)) => {
                Err(Invalid::new("amp", "`connection` is a server and `amp` a workspace of Amazon's: choose one"))
            }
            (None, None) => Err(Invalid::new("", "no Prometheus is named")
                .help("add `connection: NAME`, or `amp: { account: NAME, workspace: ws-… }`")),
        }
    }

    pub(super) fn check(&self) -> Result<(), Invalid> {
        match (self.queries.is_empty(), self.rules.is_empty()) {
            (false, false) => {
                return Err(Invalid::new("rules", "`queries` and `rules` are looked at in a check of their own each"));
            }
            (true, true) => {
                return Err(
                    Invalid::new("", "nothing is asked").help("add `queries: { a name: QUERY }`, or `rules: [NAME]`")
                );
            }
            (true, false) => self.check_rules()?,
            (false, true) => self.check_queries()?,
        }
        if self.by.is_none() && self.values.is_some() {
            return Err(Invalid::new("values", "`values` are those of a label").help("add `by: LABEL`"));
        }
        match &self.by {
            Some(label) if !is_label(label) => {
                Err(Invalid::new("by", format!("`{label}` is no label")).help("a label has letters, digits and `_`"))
            }
            _ => Ok(()),
        }
    }

    fn check_rules(&self) -> Result<(), Invalid> {
        if self.range.is_some() {
            return Err(Invalid::new("range", "a range is asked of queries, and `rules` has none"));
        }
        if self.rules.len() > MOST {
            return Err(Invalid::new("rules", format!("more than {MOST} rules")).help("make two checks of them"));
        }
        match self
            .rules
            .iter()
            .enumerate()
            .find(|(at, name)| name.trim().is_empty() || self.rules[..*at].contains(name))
        {
            Some((at, name)) => Err(Invalid::new(&format!("rules.{at}"), format!("`{name}` is empty, or said twice"))),
            None => Ok(()),
        }
    }

    fn check_queries(&self) -> Result<(), Invalid> {
        if self.queries.len() > MOST {
            return Err(Invalid::new("queries", format!("more than {MOST} queries")).help("make two checks of them"));
        }
        for (name, query) in &self.queries {
            // Not by `Invalid::new`, which would take a name apart at its dots.
            let invalid = |message: String| {
                let mut invalid = Invalid::new("queries", message);
                invalid.at.push(crate::contract::text::Step::Key(name.clone()));
                invalid
            };
            if let Err(reason) = reads(query) {
                return Err(invalid(format!("`{query}` is no PromQL: {reason}")));
            }
        }
        let Some(range) = &self.range else { return Ok(()) };
        let (last, step) = (range.last.0.as_secs(), range.step.0.as_secs());
        if step == 0 || last < step || last / step > POINTS {
            return Err(Invalid::new("range", format!("{last} s in steps of {step} s"))
                .help(format!("at least one step of at least a second, and at most {POINTS} steps")));
        }
        Ok(())
    }

    pub(super) fn by(&self, place: &Place) -> Result<Option<By>, Invalid> {
        let Some(label) = &self.by else { return Ok(None) };
        let values = self.values.clone().unwrap_or_else(|| place.sites().to_vec());
        if values.is_empty() {
            return Err(Invalid::new("by", "the checklist has no sites to count by").help("add `values: [ … ]`"));
        }
        Ok(Some(By { label: label.clone(), values }))
    }
}

impl Amp {
    fn server(&self, place: &Place) -> Result<Server, Invalid> {
        let account = place.aws(&self.account, "amp.account")?;
        let region = self.region.clone().or_else(|| account.region.clone());
        let Some(region) = region.filter(|region| is_plain(region)) else {
            return Err(Invalid::new("amp.region", "the workspace's region is not said, or is none")
                .help("add `region: us-east-2`"));
        };
        if !is_plain(&self.workspace) {
            return Err(Invalid::new("amp.workspace", format!("`{}` is no workspace's id", self.workspace))
                .help("write it as `aws amp list-workspaces` shows it: `ws-…`"));
        }
        Ok(Server::Amazon(Box::new(Workspace { account, region, id: self.workspace.clone() })))
    }
}

/// Lower-case letters, digits and `-`: what may stand in a host and in a path.
fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_plain)
}

fn is_label(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && name.bytes().all(is_plain)
}
