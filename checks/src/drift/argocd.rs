//! Argo CD's own words on each Application: `status.sync`, `status.health`, `conditions`, `operationState`, `reconciledAt`.
//!
//! Source: argoproj/argo-cd `pkg/apis/application/v1alpha1/types.go`. Synced compares with the Application's source and without what it
//! ignores, and is as old as `reconciledAt`; where Argo CD could not compare, it leaves the words that it said before.

use super::{
    codes,
    expect::{Act, Expect},
    settings::ApplicationsHere,
};
use crate::{
    clients::{
        clocks::MOST_SKEW,
        connections::Cluster,
        kubernetes::{Kubectl, Meta, Selector, is_name, or_default, path, right},
    },
    contract::{Access, Code, Context, Finding, Invalid, Place, Unobserved, short, spoken},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The API of Applications.
pub(super) const API: &str = "argoproj.io/v1alpha1";
const TEXT: usize = 200;

/// What Argo CD says, asked when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How the cluster is reached.
    pub kubectl: Kubectl,
    /// The namespace.
    pub namespace: String,
    /// Which of them, for a person.
    pub wanted: String,
    /// What was asked.
    pub asked: String,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
    /// The names that must be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
    /// Every Application, by name.
    pub applications: Vec<Application>,
}

/// One Application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// `Synced`, `OutOfSync`, `Unknown`; nothing where it was never compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<String>,
    /// `Healthy`, `Progressing`, `Suspended`, `Degraded`, `Missing`, `Unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// When Argo CD last compared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled_at: Option<Timestamp>,
    /// Conditions that are errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// `Running`, `Succeeded`, `Failed`, `Error`, `Terminating` of the last operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    pub(super) which: ApplicationsHere,
}

#[derive(Clone, Deserialize)]
struct Written {
    metadata: Meta,
    #[serde(default, deserialize_with = "or_default")]
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default, deserialize_with = "or_default")]
    sync: Sync,
    #[serde(default, deserialize_with = "or_default")]
    health: Sync,
    #[serde(default)]
    reconciled_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "or_default")]
    conditions: Vec<Condition>,
    #[serde(default)]
    operation_state: Option<Operation>,
}

/// Of sync and of health alike.
#[derive(Clone, Default, Deserialize)]
struct Sync {
    #[serde(default)]
    status: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

#[derive(Clone, Deserialize)]
struct Operation {
    phase: String,
}

/// Refuses names that Kubernetes has not.
pub(super) fn checked(which: &ApplicationsHere, at: &str) -> Result<(), Invalid> {
    let named = std::iter::once((String::from("namespace"), &which.namespace));
    let expected = which.expected.iter().enumerate().map(|(i, name)| (format!("expected.{i}"), name));
    for (key, name) in named.chain(expected) {
        if !is_name(name) {
            return Err(Invalid::new(&format!("{at}.{key}"), format!("`{name}` is no name of Kubernetes"))
                .help("a name has lower-case letters, digits, `-` and `.`"));
        }
    }
    if which.selector.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return Err(Invalid::new(&format!("{at}.selector"), "an empty selector means everything")
            .help("leave it out, or write labels: `app=coder`"));
    }
    Ok(())
}

/// Where they are listed.
pub(super) fn collection(which: &ApplicationsHere) -> String {
    path(API, Some(&which.namespace), &["applications"])
}

pub(super) fn selector(which: &ApplicationsHere) -> Selector {
    Selector { labels: which.selector.clone(), fields: None }
}

impl Looking {
    pub(super) fn new(which: ApplicationsHere, place: &Place) -> Result<Self, Invalid> {
        checked(&which, "argocd")?;
        Ok(Self { cluster: place.cluster()?, which })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        vec![Access::new("kubernetes", right("list", &collection(&self.which)))]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let seen = api.list::<Written>(&collection(&self.which), &selector(&self.which)).await?;
        let mut applications: Vec<Application> = seen.iter().cloned().map(Application::of).collect();
        applications.sort_by(|a, b| a.name.cmp(&b.name));
        let with = self.which.selector.as_ref().map(|selector| format!(" with {selector}")).unwrap_or_default();
        Ok(Evidence {
            kubectl: api.kubectl().clone(),
            namespace: self.which.namespace.clone(),
            wanted: format!("applications{with} in {}", self.which.namespace),
            asked: seen.asked.clone(),
            asked_at: seen.asked_at,
            expected: self.which.expected.clone(),
            applications,
        })
    }
}

impl Application {
    fn of(written: Written) -> Self {
        let Status { sync, health, reconciled_at, conditions, operation_state } = written.status;
        // That a sync failed says nothing against the comparison.
        let (failed, errors): (Vec<_>, Vec<_>) = conditions
            .iter()
            .filter(|condition| condition.kind.ends_with("Error"))
            .partition(|condition| condition.kind == "SyncError");
        let phase = operation_state.map(|operation| short(&operation.phase, 40));
        Self {
            name: written.metadata.name,
            sync: sync.status.map(|text| short(&text, 40)),
            health: health.status.map(|text| short(&text, 40)),
            reconciled_at,
            errors: errors
                .iter()
                .map(|error| short(&format!("{}: {}", error.kind, error.message), TEXT))
                .take(5)
                .collect(),
            operation: if failed.is_empty() { phase } else { Some("Error".to_owned()) },
        }
    }

    fn subject(&self) -> String {
        format!("application/{}", self.name)
    }
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    if evidence.applications.is_empty() && evidence.expected.is_empty() {
        let finding = Finding::new(codes::NOTHING, evidence.wanted.as_str()).expected("at least one");
        findings.push(finding.seen("none").mended_by(elsewhere(evidence)));
    }
    for name in &evidence.expected {
        if !evidence.applications.iter().any(|application| application.name == *name) {
            let finding = Finding::new(codes::NO_APPLICATION, format!("application/{name}"))
                .expected("an Application of this name");
            let seen = format!("{} others in {}", evidence.applications.len(), evidence.namespace);
            findings.push(finding.seen(seen).mended_by(elsewhere(evidence)));
        }
    }
    findings.extend(evidence.applications.iter().flat_map(|application| of(expect, evidence, application)));
    findings
}

fn elsewhere(evidence: &Evidence) -> crate::contract::Remedy {
    let look = evidence.kubectl.look(&["get", "applications.argoproj.io", "--all-namespaces"]);
    look.saying("see which Applications there are, and name them in the checklist")
}

fn of(expect: &Expect, evidence: &Evidence, application: &Application) -> Vec<Finding> {
    let look = || {
        let words = ["get", "applications.argoproj.io", &application.name, "-o", "yaml"];
        evidence.kubectl.look_in(&evidence.namespace, &words)
    };
    let found = |code: Code, expected: &str, seen: String, says: &str| {
        Finding::new(code, application.subject()).expected(expected).seen(seen).mended_by(look().saying(says))
    };
    // What Argo CD could not compare, or has not for long, it says nothing of: its old words are left standing.
    if let Some(code) = not_compared(application) {
        return vec![found(
            codes::UNCOMPARED,
            "compared, without errors",
            code,
            "mend what keeps Argo CD from comparing it",
        )];
    }
    if let Some(seen) = frozen(expect, evidence.asked_at, application) {
        let expected = format!("compared within {} before the look", expect.reconciled_within);
        let says = "see that Argo CD's application controller runs, and have the Application compared anew";
        return vec![found(codes::FROZEN, &expected, seen, says)];
    }
    let mut findings = Vec::new();
    let sync = application.sync.as_deref().unwrap_or_default();
    if sync != "Synced" && !(sync == "OutOfSync" && expect.allows(&application.name, Act::Update)) {
        let says = "see what differs (`argocd app diff`); sync it, declare what was changed by hand, or allow it in the checklist";
        findings.push(found(codes::NOT_SYNCED, "Synced", sync.to_owned(), says));
    }
    let health = application.health.as_deref().unwrap_or_default();
    if health != "Healthy" && !(health == "Suspended" && expect.may_be_suspended(&application.name)) {
        findings.push(found(
            codes::NOT_HEALTHY,
            "Healthy",
            health.to_owned(),
            "see which of its resources is not, and mend that",
        ));
    }
    match application.operation.as_deref() {
        Some("Failed" | "Error") => {
            let seen = format!("the last operation: {}", application.operation.as_deref().unwrap_or_default());
            findings.push(found(codes::SYNC_FAILED, "Succeeded", seen, "see why it failed, and sync it again"));
        }
        Some(phase @ ("Running" | "Terminating")) => {
            findings.push(found(
                codes::SYNC_RUNS,
                "no operation",
                format!("an operation is {phase}"),
                "wait for its end, and look again",
            ));
        }
        _ => {}
    }
    findings
}

fn not_compared(application: &Application) -> Option<String> {
    if !application.errors.is_empty() {
        return Some(application.errors.join("; "));
    }
    for (what, word) in [("sync", &application.sync), ("health", &application.health)] {
        match word.as_deref() {
            None | Some("") => return Some(format!("it has no {what} status")),
            Some("Unknown") => return Some(format!("its {what} status is Unknown")),
            Some(_) => {}
        }
    }
    None
}

fn frozen(expect: &Expect, asked_at: Timestamp, application: &Application) -> Option<String> {
    let Some(at) = application.reconciled_at else { return Some("it does not say when it was compared".to_owned()) };
    let age = asked_at.duration_since(at);
    if age < SignedDuration::from_secs(-MOST_SKEW) {
        return Some(format!("compared {} after the look, by its own clock", spoken(age)));
    }
    (age > expect.reconciled_within.signed()).then(|| format!("compared {} before the look", spoken(age)))
}
