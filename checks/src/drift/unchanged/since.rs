//! Since when nothing may have changed: a time, a while before the look, or the look of a report that was GO.
//!
//! A report is read strictly: only a whole GO is a time at which all was seen to work. One that is not is no baseline, whatever time it
//! names.

use crate::{
    clients::{clocks::MOST_SKEW, file::text},
    contract::Context,
    drift::settings::Since,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The most bytes of a report.
const MOST: u64 = 32 << 20;
/// The form of a report that is read.
const FORM: &str = "gonogo/report/1";

/// Since when nothing may have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// This time.
    Since {
        /// When.
        at: Timestamp,
        /// What says so.
        says: String,
    },
    /// There is none.
    Unusable {
        /// Where it should have been.
        named: String,
        /// Why.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Report {
    schema: String,
    verdict: String,
    exit_code: u8,
    run: Run,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Run {
    looked_at: Timestamp,
    is_as_if: bool,
    is_interrupted: bool,
    is_cut_short: bool,
}

#[derive(Deserialize)]
struct Item {
    outcome: String,
}

/// Finds it; a report is read now.
pub(super) async fn find(cx: &Context, since: &Since, asked_at: Timestamp) -> Baseline {
    let (named, found) = match since {
        Since::Time(at) => (at.to_string(), Ok((*at, "the checklist".to_owned()))),
        Since::QuietFor(period) => {
            let at = asked_at.saturating_sub(period.signed()).unwrap_or(Timestamp::MIN);
            (format!("{period} before the look"), Ok((at, format!("{period} before the look"))))
        }
        Since::Report(file) => {
            let path = cx.reach().base.join(file);
            let read = tokio::task::spawn_blocking(move || read(&path)).await;
            let read = read.unwrap_or_else(|error| Err(error.to_string()));
            (format!("report {}", file.display()), read.map(|at| (at, format!("the GO of {}", file.display()))))
        }
    };
    match found {
        Ok((at, _)) if at > asked_at + SignedDuration::from_secs(MOST_SKEW) => {
            Baseline::Unusable { named, reason: format!("{at} is later than the look") }
        }
        Ok((at, says)) => Baseline::Since { at, says },
        Err(reason) => Baseline::Unusable { named, reason },
    }
}

fn read(path: &Path) -> Result<Timestamp, String> {
    let text = text(path, MOST).map_err(|(_, detail)| detail)?;
    let report: Report = serde_json::from_str(&text).map_err(|_| format!("it is no report of the form {FORM}"))?;
    whole_go(&report)
}

/// When a whole GO was looked.
fn whole_go(report: &Report) -> Result<Timestamp, String> {
    let Report { schema, verdict, exit_code, run, items } = report;
    if schema != FORM {
        return Err(format!("it is no report of the form {FORM}"));
    }
    let is_left_out = items.iter().any(|item| item.outcome == "skipped");
    let wrong = [
        (verdict != "go" || *exit_code != 0, "it is not GO"),
        (run.is_as_if, "it was judged as if at another time"),
        (run.is_interrupted || run.is_cut_short, "its run was ended early"),
        (items.is_empty() || is_left_out, "it did not look at everything"),
    ];
    match wrong.iter().find(|(is_wrong, _)| *is_wrong) {
        Some((_, reason)) => Err((*reason).to_owned()),
        None => Ok(run.looked_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn report(edit: impl FnOnce(&mut Value)) -> Result<Timestamp, String> {
        let mut report = json!({
            "schema": FORM, "verdict": "go", "exit_code": 0, "items": [{ "outcome": "pass" }, { "outcome": "not-due" }],
            "run": { "looked_at": "2026-11-30T17:00:00Z", "is_as_if": false, "is_interrupted": false, "is_cut_short": false },
        });
        edit(&mut report);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("last-go.json");
        std::fs::write(&path, report.to_string()).expect("a file");
        read(&path)
    }

    #[test]
    fn only_a_whole_go_is_a_time_at_which_all_was_seen_to_work() {
        assert_eq!(report(|_| ()).expect("a GO").to_string(), "2026-11-30T17:00:00Z");
        let refused = |words: &str, edit: fn(&mut Value)| {
            let reason = report(edit).expect_err(words);
            assert!(reason.contains(words), "{reason}");
        };
        refused("not GO", |report| report["verdict"] = json!("no-go"));
        refused("not GO", |report| report["verdict"] = json!("go-with-warnings"));
        refused("not GO", |report| report["exit_code"] = json!(3));
        refused("another time", |report| report["run"]["is_as_if"] = json!(true));
        refused("ended early", |report| report["run"]["is_cut_short"] = json!(true));
        refused("everything", |report| report["items"] = json!([]));
        refused("everything", |report| report["items"][0]["outcome"] = json!("skipped"));
        refused("no report", |report| report["schema"] = json!("gonogo/report/2"));
        refused("no report", |report| report["run"] = json!({}));
        refused("no report", |report| *report = json!([]));
        assert!(read(Path::new("/nowhere/last-go.json")).is_err());
    }
}
