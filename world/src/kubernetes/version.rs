//! The server's release, and what differs between releases that a prober may meet.

use serde_json::{Value, json};

/// A release of Kubernetes 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The minor.
    pub minor: u16,
    /// The full name, as `gitVersion` has it.
    pub git: String,
}

impl Default for Version {
    fn default() -> Self {
        Self::of(36)
    }
}

impl Version {
    /// The second patch of a minor.
    #[must_use]
    pub fn of(minor: u16) -> Self {
        Self { minor, git: format!("v1.{minor}.2") }
    }

    /// The body of `/version`.
    pub(super) fn body(&self) -> Value {
        let minor = self.minor.to_string();
        let mut body = json!({
            "major": "1",
            "minor": minor,
            "gitVersion": self.git,
            "gitCommit": "0000000000000000000000000000000000000000",
            "gitTreeState": "clean",
            "buildDate": "2026-06-01T00:00:00Z",
            "goVersion": "go1.26.2",
            "compiler": "gc",
            "platform": "linux/amd64",
        });
        if self.minor >= 33 {
            body["emulationMajor"] = json!("1");
            body["emulationMinor"] = json!(minor);
            body["minCompatibilityMajor"] = json!("1");
            body["minCompatibilityMinor"] = json!((self.minor - 1).to_string());
        }
        body
    }

    /// The status of a kubelet that refuses its API server: 500 until 1.24 or so, 503 since. The turn is recorded at 1.20 and 1.36 only.
    pub(super) fn unreachable_kubelet(&self) -> u16 {
        if self.minor <= 20 { 500 } else { 503 }
    }

    /// Whether empty creation times are written out as null.
    pub(super) fn has_null_times(&self) -> bool {
        self.minor <= 20
    }
}
