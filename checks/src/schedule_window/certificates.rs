//! The source `certificates`: when cert-manager issues each anew, and whether the last attempt came to anything.
//!
//! A certificate that lives for hours is renewed again and again, so the times after the next one are reckoned too.

use super::{
    codes, cron,
    expect::Expect,
    objects::{Look, Named, Scope, fits, full},
    settings::Objects,
    words,
};
use crate::{
    clients::{cert_manager, kubernetes::Meta},
    contract::{
        Access, Code, Context, Does, Finding, Invalid, Moment, Place, Remedy, Unobserved, Weight, Window, spoken,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was asked of whom, and when.
    pub look: Look,
    /// By namespace and name.
    pub certificates: Vec<Certificate>,
}

/// One certificate, as evidence.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// True where its status is from before its last change.
    #[serde(default)]
    pub is_behind: bool,
    /// What `Ready` says: `True`, `False`, `Unknown`, and why; `None` where nothing is said.
    #[serde(default)]
    pub ready: Option<(String, String)>,
    /// True while it is issued anew.
    #[serde(default)]
    pub is_issuing: bool,
    /// From when it is valid.
    #[serde(default)]
    pub begins: Option<Timestamp>,
    /// Until when.
    #[serde(default)]
    pub ends: Option<Timestamp>,
    /// When it is issued anew.
    #[serde(default)]
    pub renewal: Option<Timestamp>,
    /// When an attempt last failed; it is forgotten once one succeeds.
    #[serde(default)]
    pub failed: Option<Timestamp>,
    /// How many failed in a row.
    #[serde(default)]
    pub attempts: u32,
}

impl Named for cert_manager::Certificate {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

fn seen(told: cert_manager::Certificate) -> Certificate {
    let cert_manager::Certificate { metadata, status } = told;
    let ready = status.condition("Ready");
    let observed = ready.and_then(|condition| condition.observed_generation);
    Certificate {
        namespace: metadata.namespace,
        name: metadata.name,
        is_behind: observed.is_some_and(|observed| observed < metadata.generation),
        ready: ready.map(|condition| (condition.status.clone(), condition.reason.clone())),
        is_issuing: status.condition("Issuing").is_some_and(|condition| condition.status == "True"),
        begins: status.not_before,
        ends: status.not_after,
        renewal: status.renewal_time,
        failed: status.last_failure_time,
        attempts: status.failed_issuance_attempts.unwrap_or(0),
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
        let kind = (cert_manager::API, "certificates");
        Ok(Self { scope: Scope::new(place, "certificates", kind, namespaces, selector, none_expected)?, names })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        self.scope.access()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let is_meant = |object: &cert_manager::Certificate| fits(&self.names, &object.metadata.name);
        let (found, look) = self.scope.find::<cert_manager::Certificate>(cx, is_meant).await?;
        Ok(Evidence { look, certificates: found.into_iter().map(seen).collect() })
    }
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = evidence.look.findings();
    for certificate in &evidence.certificates {
        if !expect.allows(&[&certificate.full(), &certificate.name]) {
            findings.extend(Case { evidence, certificate, window }.findings());
        }
    }
    findings
}

struct Case<'a> {
    evidence: &'a Evidence,
    certificate: &'a Certificate,
    window: &'a Window,
}

impl Case<'_> {
    fn findings(&self) -> Vec<Finding> {
        if self.certificate.is_behind {
            let seen = "its status is from before its last change";
            return vec![self.finding(codes::STATUS_BEHIND).expected("a status of its last change").seen(seen)];
        }
        [self.ready(), self.failing(), self.issuing(), self.renewal(), self.end()].into_iter().flatten().collect()
    }

    fn ready(&self) -> Option<Finding> {
        let seen = match &self.certificate.ready {
            Some((status, _)) if status == "True" => return None,
            Some((status, reason)) => format!("Ready is {status}: {reason}"),
            None => "it has no condition `Ready`: cert-manager has not looked at it".to_owned(),
        };
        Some(self.finding(codes::CERTIFICATE_NOT_READY).expected("Ready").seen(seen))
    }

    fn failing(&self) -> Option<Finding> {
        let Certificate { failed, attempts, .. } = self.certificate;
        if failed.is_none() && *attempts == 0 {
            return None;
        }
        let last = failed.map_or_else(|| "at a time not told".to_owned(), |failed| self.window.clock(failed));
        let next = failed.and_then(|failed| failed.checked_add(backoff(*attempts)).ok());
        let next =
            next.map_or_else(String::new, |next| format!("; the next attempt is due {}", self.window.clock(next)));
        let seen = format!("{} attempts failed, the last {last}{next}", attempts.max(&1));
        Some(self.finding(codes::ISSUANCE_FAILING).expected("no attempt that failed").seen(seen))
    }

    fn issuing(&self) -> Option<Finding> {
        if !self.certificate.is_issuing {
            return None;
        }
        let has_begun = self.window.opens() <= self.window.now;
        let weight = if has_begun { Weight::Fail } else { codes::ISSUING_NOW.weight };
        let finding = self.finding(codes::ISSUING_NOW).weighing(weight);
        Some(finding.expected("nothing under way").seen("Issuing is True"))
    }

    fn renewal(&self) -> Option<Finding> {
        let (window, certificate) = (self.window, self.certificate);
        let wanted = words::nothing("renewal", window);
        let Some(renewal) = certificate.renewal else {
            let finding = self.finding(codes::RENEWAL_UNKNOWN).expected(wanted);
            return certificate.is_issued().then(|| finding.seen("its status has no `renewalTime`"));
        };
        if renewal <= window.now {
            // Under way, or failing: that is said by itself.
            let is_told = certificate.is_issuing || certificate.failed.is_some();
            let seen = format!("due since {}, and not done", window.clock(renewal));
            return (!is_told).then(|| self.finding(codes::RENEWAL_OVERDUE).expected(wanted).seen(seen));
        }
        let times = certificate.renewals(window.opens(), window.closes());
        if times.is_empty() {
            return None;
        }
        let seen = format!("issued anew {}", words::told(&times, window));
        let by_hand = Remedy::run(["cmctl", "renew", &certificate.name, "--namespace", &certificate.namespace]);
        let context = self.evidence.look.cluster.context.as_deref();
        let by_hand = context.map_or(by_hand, |context| {
            Remedy::run([
                "cmctl",
                "renew",
                &certificate.name,
                "--namespace",
                &certificate.namespace,
                "--context",
                context,
            ])
        });
        let says =
            format!("issue it anew before {}, and see that who serves it reads it", window.clock(window.opens()));
        Some(self.finding(codes::RENEWAL_IN_WINDOW).expected(wanted).seen(seen).mended_by(by_hand.saying(says)))
    }

    fn end(&self) -> Option<Finding> {
        let (window, certificate) = (self.window, self.certificate);
        let ends = certificate.ends.filter(|ends| *ends <= window.closes())?;
        let is_renewed_before =
            certificate.renewal.is_some_and(|renewal| window.now < renewal && renewal < window.opens().min(ends));
        let code = if is_renewed_before { codes::RENEWAL_DUE } else { codes::CERTIFICATE_ENDS };
        let renewal =
            certificate.renewal.map_or_else(String::new, |time| format!("; to be renewed {}", window.clock(time)));
        let seen = format!("ends {}, {}{renewal}", window.clock(ends), window.against_event(ends));
        Some(self.finding(code).expected(format!("valid until {}", window.clock(window.closes()))).seen(seen))
    }

    fn finding(&self, code: Code) -> Finding {
        let Certificate { namespace, name, .. } = self.certificate;
        let look = self.evidence.look.cluster.look_in(namespace, &["describe", "certificate", name]);
        Finding::new(code, self.certificate.full()).mended_by(look)
    }
}

/// How long cert-manager waits after so many failures: 1 h, doubling, at most 32 h (`certificates` trigger controller).
fn backoff(attempts: u32) -> SignedDuration {
    SignedDuration::from_hours(1_i64 << attempts.saturating_sub(1).min(5))
}

impl Certificate {
    fn full(&self) -> String {
        full(&self.namespace, &self.name)
    }

    fn is_issued(&self) -> bool {
        self.ready.as_ref().is_some_and(|(status, _)| status == "True")
    }

    /// The renewals between two times: the next, and those after it where each lives as long as this one.
    fn renewals(&self, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let Some(renewal) = self.renewal else { return Vec::new() };
        let every = self.begins.map(|begins| renewal.duration_since(begins)).filter(SignedDuration::is_positive);
        let first = Some(renewal).filter(|renewal| from <= *renewal && *renewal <= to);
        let again = every.map(|every| cron::repeated(renewal, every, from, to)).unwrap_or_default();
        first.into_iter().chain(again).collect()
    }
}

pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let time = |time: Option<Timestamp>| time.map_or_else(|| "not told".to_owned(), |time| window.clock(time));
    let line = |certificate: &Certificate| {
        let lives = certificate.ends.zip(certificate.begins).map(|(ends, begins)| spoken(ends.duration_since(begins)));
        let lives = lives.map_or_else(String::new, |lives| format!(", lives {lives}"));
        format!("{}: renewed {}, ends {}{lives}", certificate.full(), time(certificate.renewal), time(certificate.ends))
    };
    evidence.certificates.iter().map(line).collect()
}

pub(super) fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
    let (from, to) = words::around(window);
    let mut moments = Vec::new();
    for certificate in &evidence.certificates {
        let name = certificate.full();
        let mut renewals = certificate.renewals(from, to);
        renewals.extend(certificate.renewal.filter(|renewal| !(from <= *renewal && *renewal <= to)));
        moments.extend(renewals.into_iter().map(|at| Moment::new(at, Does::Renews, name.clone())));
        moments.extend(certificate.ends.map(|at| Moment::new(at, Does::Expires, name.clone())));
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_after_a_failure_doubles_up_to_thirty_two_hours() {
        let hours = [0, 1, 2, 3, 6, 7, 60].map(|attempts| backoff(attempts).as_hours());
        assert_eq!(hours, [1, 1, 2, 4, 32, 32, 32]);
    }
}
