//! cert-manager's `Certificate`, as far as it says what was issued and what will be.
//!
//! Source of the fields: cert-manager, `cert-manager.io/v1`, `CertificateStatus`.

use super::kubernetes::Meta;
use jiff::Timestamp;
use serde::Deserialize;

/// Group and version.
pub const API: &str = "cert-manager.io/v1";

/// One certificate.
#[derive(Clone, Debug, Deserialize)]
pub struct Certificate {
    /// Its name, and how often its wishes were changed.
    pub metadata: Meta,
    /// What cert-manager says of it.
    #[serde(default)]
    pub status: Status,
}

/// What cert-manager says of a certificate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `Ready` and `Issuing`.
    pub conditions: Option<Vec<Condition>>,
    /// From when the last one that was issued is valid.
    pub not_before: Option<Timestamp>,
    /// Until when.
    pub not_after: Option<Timestamp>,
    /// When the next one is issued.
    pub renewal_time: Option<Timestamp>,
    /// When an attempt last failed; it is forgotten once one succeeds.
    pub last_failure_time: Option<Timestamp>,
    /// How often it was issued.
    pub revision: Option<i64>,
    /// How many attempts failed in a row.
    pub failed_issuance_attempts: Option<u32>,
}

/// A condition, and the change up to which it was looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// One word: why.
    #[serde(default)]
    pub reason: String,
    /// The generation that it is of.
    #[serde(default)]
    pub observed_generation: Option<i64>,
}

impl Status {
    /// The condition of this type.
    #[must_use]
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().flatten().find(|condition| condition.kind == kind)
    }
}
