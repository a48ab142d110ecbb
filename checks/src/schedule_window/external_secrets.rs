//! The source `external_secrets`: when each is copied anew from its source, and whether it still is.
//!
//! A refresh hands on whatever the source holds at that moment, so it is a rotation as far as this cluster can tell; who
//! knows the source to be steady says so with `refresh: ok`. Source of the fields: External Secrets Operator,
//! `external-secrets.io/v1`.

use super::{
    codes, cron,
    expect::{Expect, Refresh},
    objects::{Look, Named, Scope, fits, full},
    settings::Objects,
    words,
};
use crate::{
    clients::kubernetes::{Condition, Meta},
    contract::{Access, Code, Context, Does, Finding, Invalid, Moment, Place, Unobserved, Weight, Window, spoken},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The operator's own default.
const HOURLY: &str = "1h";
/// How late a refresh may be, beside its interval: the operator's queue.
const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was asked of whom, and when.
    pub look: Look,
    /// By namespace and name.
    pub secrets: Vec<ExternalSecret>,
}

/// One `ExternalSecret`, as evidence.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalSecret {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How often it is copied, as written; `0` for once.
    pub interval: String,
    /// `Periodic` unless it says otherwise: `CreatedOnce`, `OnChange`.
    pub policy: String,
    /// When it was last copied.
    #[serde(default)]
    pub refreshed: Option<Timestamp>,
    /// What `Ready` says, and why; `None` where nothing is said.
    #[serde(default)]
    pub ready: Option<(String, String)>,
    /// What else writes its wishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Object {
    metadata: Meta,
    #[serde(default)]
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    refresh_interval: Option<String>,
    refresh_policy: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    refresh_time: Option<Timestamp>,
    conditions: Option<Vec<Condition>>,
}

impl Named for Object {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

impl Object {
    fn seen(self) -> ExternalSecret {
        let conditions = self.status.conditions.unwrap_or_default();
        let ready = conditions.into_iter().find(|condition| condition.kind == "Ready");
        ExternalSecret {
            managed_by: self.metadata.kept_by(),
            namespace: self.metadata.namespace,
            name: self.metadata.name,
            interval: self.spec.refresh_interval.unwrap_or_else(|| HOURLY.to_owned()),
            policy: self.spec.refresh_policy.unwrap_or_else(|| "Periodic".to_owned()),
            refreshed: self.status.refresh_time,
            ready: ready.map(|condition| (condition.status, condition.reason)),
        }
    }
}

/// One source of this kind.
pub(super) struct Looking {
    scope: Scope,
    names: Vec<super::glob::Glob>,
}

impl Looking {
    pub(super) fn new(settings: Objects, place: &Place) -> Result<Self, Invalid> {
        let Objects { namespaces, names, selector, none_expected } = settings;
        let kind = ("external-secrets.io/v1", "externalsecrets");
        Ok(Self { scope: Scope::new(place, "external_secrets", kind, namespaces, selector, none_expected)?, names })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        self.scope.access()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let is_meant = |object: &Object| fits(&self.names, &object.metadata.name);
        let (found, look) = self.scope.find::<Object>(cx, is_meant).await?;
        Ok(Evidence { look, secrets: found.into_iter().map(Object::seen).collect() })
    }
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = evidence.look.findings();
    for secret in &evidence.secrets {
        if !expect.allows(&[&secret.full(), &secret.name]) {
            let case = Case { evidence, secret, window };
            findings.extend(case.ready().or_else(|| case.stale()));
            findings.extend(case.refreshes(expect.refresh));
        }
    }
    findings
}

struct Case<'a> {
    evidence: &'a Evidence,
    secret: &'a ExternalSecret,
    window: &'a Window,
}

impl Case<'_> {
    fn ready(&self) -> Option<Finding> {
        let seen = match &self.secret.ready {
            Some((status, _)) if status == "True" => return None,
            Some((status, reason)) => format!("Ready is {status}: {reason}"),
            None => "it has no condition `Ready`: its operator has not looked at it".to_owned(),
        };
        Some(self.finding(codes::SECRET_NOT_SYNCED).expected("Ready").seen(seen))
    }

    /// Ready, by a refresh that is too long ago.
    fn stale(&self) -> Option<Finding> {
        let secret = self.secret;
        let finding = self.finding(codes::REFRESH_STALE).expected(format!("copied anew every {}", secret.interval));
        let Some(refreshed) = secret.refreshed else {
            return Some(finding.seen("nothing says when it was last copied"));
        };
        let Some(every) = secret.every() else {
            let is_read = !secret.is_periodic() || cron::duration(&secret.interval).is_some();
            return (!is_read).then(|| finding.seen("how often cannot be read"));
        };
        let age = self.evidence.look.asked_at.duration_since(refreshed);
        let is_late = age > every.saturating_add(GRACE);
        is_late.then(|| {
            finding.seen(format!("last {}, {} before it was looked at", self.window.clock(refreshed), spoken(age)))
        })
    }

    fn refreshes(&self, refresh: Refresh) -> Option<Finding> {
        let weight = match refresh {
            Refresh::Ok => return None,
            Refresh::Warn => Weight::Warn,
            Refresh::Fail => Weight::Fail,
        };
        let (secret, window) = (self.secret, self.window);
        let times = secret.refreshes(window.opens(), window.closes());
        if times.is_empty() {
            return None;
        }
        let spec = r#"{"spec":{"refreshInterval":"0"}}"#;
        let patch = ["patch", "externalsecret", &secret.name, "--type", "merge", "--patch", spec];
        let kept = secret
            .managed_by
            .as_ref()
            .map_or_else(String::new, |manager| format!("; change it at {manager} too, which may set it back"));
        let says = format!(
            "copy it no more until {}, then set `{}` again{kept}; or say `refresh: ok` where its source is steady",
            window.clock(window.closes()),
            secret.interval
        );
        let remedy = self.evidence.look.cluster.change_in(&secret.namespace, &patch).saying(says);
        let finding =
            self.finding(codes::REFRESH_IN_WINDOW).weighing(weight).expected(words::nothing("refresh", window));
        Some(finding.seen(format!("copied anew {}", words::told(&times, window))).mended_by(remedy))
    }

    fn finding(&self, code: Code) -> Finding {
        let ExternalSecret { namespace, name, .. } = self.secret;
        let look = self.evidence.look.cluster.look_in(namespace, &["describe", "externalsecret", name]);
        Finding::new(code, self.secret.full()).mended_by(look)
    }
}

impl ExternalSecret {
    fn full(&self) -> String {
        full(&self.namespace, &self.name)
    }

    fn is_periodic(&self) -> bool {
        self.policy == "Periodic"
    }

    /// How often it is copied; `None` where it is copied once, or how often cannot be read.
    fn every(&self) -> Option<SignedDuration> {
        cron::duration(&self.interval).filter(|every| self.is_periodic() && every.is_positive())
    }

    fn refreshes(&self, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let times = self.every().zip(self.refreshed);
        times.map(|(every, refreshed)| cron::repeated(refreshed, every, from, to)).unwrap_or_default()
    }
}

pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let line = |secret: &ExternalSecret| {
        let last = secret.refreshed.map_or_else(|| "at a time not told".to_owned(), |time| window.clock(time));
        format!("{}: {} every {}, last {last}", secret.full(), secret.policy, secret.interval)
    };
    evidence.secrets.iter().map(line).collect()
}

pub(super) fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
    let (from, to) = words::around(window);
    let of = |secret: &ExternalSecret| {
        let name = secret.full();
        let times = secret.refreshes(from, to);
        times.into_iter().map(move |at| Moment::new(at, Does::Renews, name.clone())).collect::<Vec<_>>()
    };
    evidence.secrets.iter().flat_map(of).collect()
}
