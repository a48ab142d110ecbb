//! `with`: what may fire. One source a check, so that each has its own name, owner and bar.

use super::glob::Glob;
use crate::contract::values::Period;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What to look at: exactly one of these.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settings {
    /// Kubernetes `CronJobs` of the item's site.
    Cronjobs(CronJobs),
    /// Keys that a LiteLLM gateway replaces by itself.
    Litellm(Gateway),
    /// cert-manager `Certificates` of the item's site.
    Certificates(Objects),
    /// `ExternalSecrets` of the item's site.
    ExternalSecrets(Objects),
    /// Nodes that Karpenter keeps at the item's site.
    Nodes(Nodes),
    /// Silences of an Alertmanager.
    Silences(Silences),
}

/// Which `CronJobs`: those that fit one of the patterns or use one of the secrets; without any of these, all of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CronJobs {
    /// The namespaces; all of them unless said. Each that is named must hold at least one.
    pub namespaces: Vec<String>,
    /// Patterns of names.
    pub names: Vec<Glob>,
    /// Patterns of the images of their containers.
    pub images: Vec<Glob>,
    /// Names of secrets that they read as environment or volume, or name in a command together with the word `secret`.
    pub secrets: Vec<String>,
    /// Patterns of the service accounts that they run as.
    pub service_accounts: Vec<Glob>,
    /// Labels that they must have besides.
    pub selector: Option<String>,
    /// The zone of the cluster's kube-controller-manager, by whose clock those without a `timeZone` fire: `Etc/UTC`.
    pub controller_zone: Option<String>,
    /// What a firing does, for whoever reads of it: `replaces the gateway key`.
    pub does: Option<String>,
    /// True where there need be none.
    pub none_expected: bool,
}

/// Which keys of a LiteLLM gateway.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// The connection, of kind `litellm`; its token may see every key.
    pub connection: String,
    /// How often the gateway looks for keys to replace: its `LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS`.
    #[serde(default = "a_day")]
    pub rotation_scan: Period,
}

/// LiteLLM's own default: 86,400 s.
const fn a_day() -> Period {
    Period::days(1)
}

/// Which objects of a kind.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Objects {
    /// The namespaces; all of them unless said. Each that is named must hold at least one.
    pub namespaces: Vec<String>,
    /// Patterns of names; all of them unless said.
    pub names: Vec<Glob>,
    /// Labels that they must have.
    pub selector: Option<String>,
    /// True where there need be none.
    pub none_expected: bool,
}

/// Which nodes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Nodes {
    /// The node pools, by name; all of them unless said. Each that is named must exist.
    pub pools: Vec<String>,
    /// True where the pools need have no node now.
    pub none_expected: bool,
}

/// Which silences.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Silences {
    /// The connection, of kind `alertmanager`.
    pub connection: String,
    /// Labels of the alerts that must be heard; a silence counts unless one of its matchers rules them out. Without any,
    /// every silence counts.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}
