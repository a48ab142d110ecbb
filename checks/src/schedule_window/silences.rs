//! The source `silences`: what an Alertmanager keeps quiet within the window.
//!
//! No silence is what is wished for, so an empty list counts only beside a status that is an Alertmanager's own.

use super::{codes, expect::Expect, settings::Silences, words};
use crate::{
    clients::{
        alertmanager::{Matcher, Silence},
        connections::Endpoint,
    },
    contract::{Access, Context, Does, Finding, Invalid, Moment, Place, Remedy, Unobserved, Window, spoken},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The state of a cluster that has not yet heard from its peers.
const SETTLING: &str = "settling";

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where the Alertmanager is.
    pub url: String,
    /// What was asked.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// Its release.
    pub version: String,
    /// What it says of its peers: `ready`, `settling`, `disabled`.
    pub cluster: String,
    /// Labels of the alerts that must be heard.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The silences that are not over and may hold back such an alert.
    pub silences: Vec<Silence>,
}

/// One source of this kind.
pub(super) struct Looking {
    endpoint: Endpoint,
    labels: BTreeMap<String, String>,
}

impl Looking {
    pub(super) fn new(settings: Silences, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "alertmanager", "silences.connection")?;
        Ok(Self { endpoint, labels: settings.labels })
    }

    pub(super) fn access() -> Vec<Access> {
        vec![Access::new("alertmanager", "read /api/v2/status and /api/v2/silences")]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let status = cx.alertmanager_status(&self.endpoint).await?;
        let mut listed = cx.silences(&self.endpoint).await?;
        listed.silences.retain(|silence| silence.status.state != "expired");
        // A pattern that cannot be read rules nothing out.
        listed.silences.retain(|silence| !silence.matchers.iter().any(|matcher| matcher.rules_out(&self.labels)));
        listed.silences.sort_by(|a, b| (a.starts_at, &a.id).cmp(&(b.starts_at, &b.id)));
        Ok(Evidence {
            url: self.endpoint.url.as_str().trim_end_matches('/').to_owned(),
            asked: listed.asked,
            asked_at: listed.asked_at,
            version: status.version,
            cluster: status.cluster,
            labels: self.labels.clone(),
            silences: listed.silences,
        })
    }
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let settling = (evidence.cluster == SETTLING).then(|| {
        Finding::new(codes::ALERTMANAGER_SETTLING, evidence.url.clone())
            .expected("a cluster that is ready, or none")
            .seen("its status is `settling`: it has not yet heard from its peers")
            .mended_by(Remedy::prose("look again in a minute"))
    });
    let overlaps = |silence: &&Silence| silence.starts_at <= window.closes() && silence.ends_at >= window.opens();
    let is_wanted = |silence: &&Silence| expect.allows(&[&silence.id, &silence.created_by]);
    let found = evidence.silences.iter().filter(overlaps).filter(|silence| !is_wanted(silence));
    settling.into_iter().chain(found.map(|silence| silenced(evidence, silence, window))).collect()
}

fn silenced(evidence: &Evidence, silence: &Silence, window: &Window) -> Finding {
    let (from, to) = (window.clock(silence.starts_at), window.clock(silence.ends_at));
    let length = spoken(silence.ends_at.duration_since(silence.starts_at));
    let comment = if silence.comment.is_empty() { String::new() } else { format!(": {}", silence.comment) };
    let seen = format!("{} from {from} to {to} ({length}), by {}{comment}", matched(silence), silence.created_by);
    let url = format!("--alertmanager.url={}", evidence.url);
    let expire = Remedy::run(["amtool", "silence", "expire", &url, &silence.id]);
    Finding::new(codes::SILENCE_IN_WINDOW, silence.id.clone())
        .expected(words::nothing("silence", window))
        .seen(seen)
        .mended_by(expire.saying("ask its author, then end it"))
}

/// `severity="page", instance=~"db.*"`.
fn matched(silence: &Silence) -> String {
    silence.matchers.iter().map(Matcher::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let sum =
        format!("{} silences are in force or to come, of Alertmanager {}", evidence.silences.len(), evidence.version);
    let line = |silence: &Silence| {
        let (from, to) = (window.clock(silence.starts_at), window.clock(silence.ends_at));
        format!("{}: {} from {from} to {to}", silence.id, matched(silence))
    };
    std::iter::once(sum).chain(evidence.silences.iter().map(line)).collect()
}

pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let of = |silence: &Silence| {
        let says = format!("alerts with {} are not heard", matched(silence));
        let begins = Moment::new(silence.starts_at, Does::Begins, format!("silence {}", silence.id)).saying(says);
        [begins, Moment::new(silence.ends_at, Does::Ends, format!("silence {}", silence.id))]
    };
    evidence.silences.iter().flat_map(of).collect()
}
