//! One run of the binary over a checklist, and its report as a pipeline reads it.

use crate::network::network;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::process::Command;

/// How a run ended.
pub struct Run {
    /// The exit code.
    pub code: i32,
    report: Value,
}

/// Runs `gonogo run` over a checklist with these lines, for an event of two hours that begins in two days.
///
/// # Panics
/// The report is no JSON: the checklist is wrong, or gonogo is.
pub fn run(lines: &str) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("gonogo.yaml");
    std::fs::write(&path, format!("{}{}{lines}", event(), network())).expect("the checklist");
    let done = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["run", "-o", "json"])
        .arg(&path)
        .env("AWS_ACCESS_KEY_ID", "workshop")
        .env("AWS_SECRET_ACCESS_KEY", "workshop")
        .env("MIRROR_PASSWORD", "open-sesame")
        .env("WRONG_PASSWORD", "open-barley")
        .env("GITHUB_TOKEN", "ghp_workshopworkshopworkshopworkshop01")
        .output()
        .expect("gonogo runs");
    let report = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("no report: {error}\n{}", String::from_utf8_lossy(&done.stderr)));
    Run { code: done.status.code().expect("it ended by itself"), report }
}

/// Real servers' certificates end by the real clock, so the event stands two days from it.
fn event() -> String {
    let starts = Timestamp::now() + SignedDuration::from_hours(48);
    let ends = starts + SignedDuration::from_hours(2);
    format!("event:\n  name: Workshop\n  timezone: UTC\n  starts: {starts:.0}\n  ends: {ends:.0}\n  attendees: 15\n")
}

impl Run {
    /// The outcome of the item `id`.
    pub fn outcome(&self, id: &str) -> &str {
        self.item(id)["outcome"].as_str().expect("an outcome")
    }

    /// The codes of the item's findings, in the report's order, each once.
    pub fn codes(&self, id: &str) -> Vec<&str> {
        let mut codes: Vec<_> =
            self.findings(id).iter().map(|finding| finding["code"].as_str().expect("a code")).collect();
        codes.dedup();
        codes
    }

    /// The outcome and the codes of the item.
    pub fn of(&self, id: &str) -> (&str, Vec<&str>) {
        (self.outcome(id), self.codes(id))
    }

    /// The item's findings.
    pub fn findings(&self, id: &str) -> &[Value] {
        self.item(id)["findings"].as_array().expect("findings")
    }

    /// The item, whole.
    pub fn item(&self, id: &str) -> &Value {
        let items = self.report["items"].as_array().expect("items");
        items.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no item {id} in {:#}", self.report))
    }
}
