//! Alertmanager: its status, how it is set, and its silences.
//!
//! What comes is read strictly: an empty list of silences is what an empty page gives too, so a status must have all that an
//! Alertmanager's has. Source: Alertmanager, `api/v2/openapi.yaml`.

use super::{connections::Endpoint, http::Ask};
use crate::contract::{Context, Remedy, Unobserved, Why, short};
use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt};

/// The longest comment that is kept.
const COMMENT: usize = 120;
const STATUS: &str = "api/v2/status";

/// One silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// Its id.
    pub id: String,
    /// From when it holds.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who made it.
    #[serde(default)]
    pub created_by: String,
    /// What for; at most 120 characters of it.
    #[serde(default)]
    pub comment: String,
    /// What an alert's labels must be like, all of it, for it to be held back.
    pub matchers: Vec<Matcher>,
    /// What it is now.
    pub status: State,
}

/// What a silence is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// `active`, `pending` or `expired`.
    pub state: String,
}

/// What one label must be like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// Its value, or a pattern of it.
    pub value: String,
    /// True for a pattern, which must fit the whole value.
    pub is_regex: bool,
    /// False where the label must be otherwise; releases before 0.22 do not say.
    #[serde(default = "yes")]
    pub is_equal: bool,
}

const fn yes() -> bool {
    true
}

impl Matcher {
    /// Whether it fits an alert of exactly these labels, as Alertmanager itself decides: a label that is not there is empty.
    ///
    /// # Errors
    /// Its pattern cannot be read.
    pub fn fits(&self, labels: &BTreeMap<String, String>) -> Result<bool, regex::Error> {
        let value = labels.get(&self.name).map_or("", String::as_str);
        let is = if self.is_regex { self.pattern()?.is_match(value) } else { value == self.value };
        Ok(is == self.is_equal)
    }

    /// Its pattern, which must fit the whole of a value.
    fn pattern(&self) -> Result<Regex, regex::Error> {
        Regex::new(&format!("^(?s:{})$", self.value))
    }

    /// True if and only if no alert with these labels can fit, whatever its other labels are.
    #[must_use]
    pub fn rules_out(&self, labels: &BTreeMap<String, String>) -> bool {
        let Some(value) = labels.get(&self.name) else { return false };
        let fits = if self.is_regex {
            // One that cannot be read rules nothing out.
            let Ok(pattern) = self.pattern() else { return false };
            pattern.is_match(value)
        } else {
            *value == self.value
        };
        fits != self.is_equal
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.is_equal, self.is_regex) {
            (true, false) => "=",
            (false, false) => "!=",
            (true, true) => "=~",
            (false, true) => "!~",
        };
        write!(f, "{}{sign}{:?}", self.name, self.value)
    }
}

/// What an Alertmanager says of itself.
#[derive(Clone, Debug)]
pub struct Status {
    /// Its release.
    pub version: String,
    /// What it says of its peers: `ready`, `settling`, `disabled`.
    pub cluster: String,
}

/// How an Alertmanager is set. Its text may hold secrets that it does not know to be some: it is read, and never kept.
#[derive(Clone, Debug)]
pub struct Configured {
    /// What it says of itself.
    pub status: Status,
    /// How many members its cluster has, itself among them; 0 where it is alone.
    pub peers: usize,
    /// Its configuration, as it gives it back.
    pub original: String,
    /// What was asked, for a person.
    pub asked: String,
    /// The same look by hand, without its credential.
    pub by_hand: Remedy,
}

/// All silences, those that are over too.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The silences.
    pub silences: Vec<Silence>,
    /// What was asked, for a person.
    pub asked: String,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
}

impl Context {
    /// What the Alertmanager `endpoint` says of itself: the proof that it is one.
    ///
    /// # Errors
    /// No answer, a refusal, or a page that is no Alertmanager's.
    pub async fn alertmanager_status(&self, endpoint: &Endpoint) -> Result<Status, Unobserved> {
        let (status, ..): (WrittenStatus, _, _) = self.alertmanager(endpoint, STATUS).await?;
        Ok(status.told())
    }

    /// How the Alertmanager `endpoint` is set.
    ///
    /// # Errors
    /// As [`alertmanager_status`](Self::alertmanager_status).
    pub async fn alertmanager_config(&self, endpoint: &Endpoint) -> Result<Configured, Unobserved> {
        let (mut written, asked, _): (WrittenStatus, _, _) = self.alertmanager(endpoint, STATUS).await?;
        let url = endpoint.at(STATUS).map_or_else(|_| endpoint.url.to_string(), |url| url.to_string());
        let by_hand = Remedy::run(["curl", "-sS", "--max-time", "10", &url]);
        let original = std::mem::take(&mut written.config.original);
        let peers = written.cluster.peers.as_ref().map_or(0, Vec::len);
        Ok(Configured { peers, original, asked, by_hand, status: written.told() })
    }

    /// Every silence of the Alertmanager `endpoint`.
    ///
    /// # Errors
    /// No answer, a refusal, or a list that cannot be read.
    pub async fn silences(&self, endpoint: &Endpoint) -> Result<Listed, Unobserved> {
        let (mut silences, asked, asked_at): (Vec<Silence>, _, _) =
            self.alertmanager(endpoint, "api/v2/silences").await?;
        for silence in &mut silences {
            silence.comment = short(&silence.comment, COMMENT);
        }
        Ok(Listed { silences, asked, asked_at })
    }

    async fn alertmanager<T: DeserializeOwned>(
        &self,
        endpoint: &Endpoint,
        path: &str,
    ) -> Result<(T, String, Timestamp), Unobserved> {
        let unusable = |error| Unobserved::new(Why::Unconfigured, endpoint.url.as_str(), error);
        let url = endpoint.at(path).map_err(unusable)?;
        let mut ask = Ask::to(url).header("accept", "application/json").via(&endpoint.via);
        if let Some(token) = endpoint.token() {
            ask = ask.bearer(&self.reveal(&token)?);
        } else if let (Some(user), Some(password)) = (&endpoint.username, endpoint.password()) {
            ask = ask.basic(user, &self.reveal(&password)?);
        }
        let answer = self.ask(ask).await?;
        let value = answer.granted()?.json()?;
        Ok((value, answer.asked.clone(), answer.asked_at))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenStatus {
    cluster: Cluster,
    version_info: VersionInfo,
    config: Config,
}

impl WrittenStatus {
    fn told(self) -> Status {
        Status { version: self.version_info.version, cluster: self.cluster.status }
    }
}

#[derive(Deserialize)]
struct Cluster {
    status: String,
    #[serde(default)]
    peers: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
struct VersionInfo {
    version: String,
}

#[derive(Deserialize)]
struct Config {
    original: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_matcher_that_contradicts_a_known_label_rules_an_alert_out() {
        let labels = BTreeMap::from([("severity".to_owned(), "page".to_owned())]);
        for (name, value, is_regex, is_equal, is_out) in [
            ("severity", "page", false, true, false),
            ("severity", "info", false, true, true),
            ("severity", "page", false, false, true),
            ("severity", "pa|info", true, true, true),
            ("severity", "pa.e|info", true, true, false),
            ("severity", "pa.e", true, false, true),
            ("severity", "(", true, true, false),
            ("alertname", "Down", false, true, false),
        ] {
            let matcher = Matcher { name: name.to_owned(), value: value.to_owned(), is_regex, is_equal };
            assert_eq!(matcher.rules_out(&labels), is_out, "{matcher}");
        }
    }
}
