//! What to count, and how many are enough.

use super::workload::Kind;
use crate::{
    clients::kubernetes::{is_name, path},
    contract::{Invalid, values::Scaled},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to look at: one of `deployment`, `statefulset` and `selector`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The namespace.
    pub namespace: String,
    /// A Deployment's name.
    #[serde(default)]
    pub deployment: Option<String>,
    /// A `StatefulSet`'s name.
    #[serde(default)]
    pub statefulset: Option<String>,
    /// Labels: all Deployments and `StatefulSets` that match are counted together.
    #[serde(default)]
    pub selector: Option<String>,
    /// `false` leaves `HorizontalPodAutoscalers` out, and with them the right to list them.
    #[serde(default = "yes")]
    pub autoscalers: bool,
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How many must be ready: a number, `{ by_attendees: { 15: 10 } }` or `{ attendees_per_unit: 1.5 }`; at least 1.
    #[serde(default = "one")]
    pub ready: Scaled,
    /// `true`: no rollout may be under way.
    #[serde(default = "yes")]
    pub updated: bool,
}

const fn yes() -> bool {
    true
}

const fn one() -> Scaled {
    Scaled::Fixed(1)
}

/// Which workloads are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// One Deployment.
    Deployment(String),
    /// One `StatefulSet`.
    StatefulSet(String),
    /// Those with these labels.
    Selector(String),
}

impl Settings {
    pub(super) fn target(&self) -> Result<Target, Invalid> {
        name("namespace", &self.namespace)?;
        let target = match (&self.deployment, &self.statefulset, &self.selector) {
            (Some(deployment), None, None) => {
                name("deployment", deployment)?;
                Target::Deployment(deployment.clone())
            }
            (None, Some(statefulset), None) => {
                name("statefulset", statefulset)?;
                Target::StatefulSet(statefulset.clone())
            }
            (None, None, Some(selector)) if selector.trim().is_empty() => {
                return Err(Invalid::new("selector", "an empty selector means every workload of the namespace")
                    .help("write labels: `app.kubernetes.io/name=coder`"));
            }
            (None, None, Some(selector)) => Target::Selector(selector.clone()),
            _ => {
                return Err(Invalid::new("", "exactly one of `deployment`, `statefulset` and `selector` is needed"));
            }
        };
        Ok(target)
    }
}

fn name(at: &str, name: &str) -> Result<(), Invalid> {
    if is_name(name) {
        return Ok(());
    }
    Err(Invalid::new(at, format!("`{name}` is no name of Kubernetes"))
        .help("a name has lower-case letters, digits, `-` and `.`"))
}

impl Target {
    /// The looks that it takes: verb and path.
    pub(super) fn looks(&self, namespace: &str) -> Vec<(&'static str, String)> {
        let one = |kind: Kind, name: &str| ("get", path("apps/v1", Some(namespace), &[kind.plural(), name]));
        let all = |kind: Kind| ("list", path("apps/v1", Some(namespace), &[kind.plural()]));
        match self {
            Self::Deployment(name) => vec![one(Kind::Deployment, name)],
            Self::StatefulSet(name) => vec![one(Kind::StatefulSet, name)],
            Self::Selector(_) => vec![all(Kind::Deployment), all(Kind::StatefulSet)],
        }
    }

    /// In a word, as `kubectl` writes it.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Deployment(name) => format!("deployment/{name}"),
            Self::StatefulSet(name) => format!("statefulset/{name}"),
            Self::Selector(selector) => selector.clone(),
        }
    }
}
