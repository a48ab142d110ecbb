//! A report as a baseline: the time at which all else of the same event was seen to work.
//!
//! What this kind of check itself says of a baseline is set aside: without one it is unknown, and after a change it fails, so that no
//! report would ever be the first, or the next. All else that is required must hold. Reading the verdict alone was rejected: a report
//! of other checks is GO too.

use crate::{
    clients::file::text,
    contract::short,
    drift::codes::{CHANGED, NO_BASELINE},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::path::Path;

/// The most bytes of a report.
const MOST: u64 = 32 << 20;
/// The form of a report that is read.
const FORM: &str = "gonogo/report/1";
/// The verdicts before and during an event.
const VERDICTS: [&str; 4] = ["go", "go-with-warnings", "undetermined", "no-go"];
/// The outcomes with which a check is seen to hold, or waits for its time.
const HOLD: [&str; 4] = ["pass", "warn", "waived", "not-due"];

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Own {
    /// The event.
    pub(super) event: String,
    /// The item: `check@site`.
    pub(super) item: String,
}

/// A report that is a baseline.
#[derive(Debug)]
pub(super) struct LastGo {
    /// When its run began to look.
    pub(super) looked_at: Timestamp,
    /// How many checks were not due in it, and will be before the event ends.
    not_due: usize,
}

#[derive(Deserialize)]
struct Report {
    schema: String,
    verdict: String,
    event: Event,
    run: Run,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Event {
    name: String,
    ends: Timestamp,
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
    id: String,
    probe: String,
    severity: String,
    outcome: String,
    findings: Vec<Found>,
    #[serde(default)]
    due: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Found {
    code: String,
}

impl LastGo {
    /// Reads it, or says why it is none.
    pub(super) fn read(path: &Path, own: &Own) -> Result<Self, String> {
        let text = text(path, MOST).map_err(|(_, detail)| detail)?;
        let no_report = || format!("it is no report of the form {FORM}");
        let report: Report = serde_json::from_str(&text).map_err(|_| no_report())?;
        if report.schema != FORM {
            return Err(no_report());
        }
        report.baseline(own)
    }

    /// What a reader of that GO must know besides.
    pub(super) fn left_out(&self) -> String {
        match self.not_due {
            0 => String::new(),
            1 => ", in which 1 check was not due".to_owned(),
            several => format!(", in which {several} checks were not due"),
        }
    }
}

impl Report {
    fn baseline(&self, own: &Own) -> Result<LastGo, String> {
        let Self { event, run, items, .. } = self;
        let is_left_out = items.iter().any(|item| item.outcome == "skipped");
        let wrong = [
            (event.name != own.event, format!("it is about another event, {}", short(&event.name, 80))),
            (!VERDICTS.contains(&self.verdict.as_str()), "it is not GO".to_owned()),
            (run.is_as_if, "it was judged as if at another time".to_owned()),
            (run.is_interrupted || run.is_cut_short, "its run was ended early".to_owned()),
            (is_left_out, "it did not look at everything".to_owned()),
            (items.iter().all(|item| item.id != own.item), format!("{} is not in it", own.item)),
        ];
        if let Some((_, reason)) = wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
            return Err(reason);
        }
        if let Some(item) = items.iter().find(|item| !item.holds()) {
            return Err(format!("it is not GO: {} is {}", short(&item.id, 120), short(&item.outcome, 20)));
        }
        if !items.iter().any(|item| item.outcome != "not-due" && !item.is_set_aside()) {
            return Err("nothing else was looked at in it".to_owned());
        }
        let waits = |item: &&Item| item.outcome == "not-due" && item.due.is_some_and(|due| due < event.ends);
        Ok(LastGo { looked_at: run.looked_at, not_due: items.iter().filter(waits).count() })
    }
}

impl Item {
    fn holds(&self) -> bool {
        self.severity == "advisory" || HOLD.contains(&self.outcome.as_str()) || self.is_set_aside()
    }

    /// Only the baseline itself stands in its way.
    fn is_set_aside(&self) -> bool {
        let is_own = |found: &Found| [CHANGED.id, NO_BASELINE.id].contains(&found.code.as_str());
        self.probe == "drift" && !self.findings.is_empty() && self.findings.iter().all(is_own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn item(id: &str, probe: &str, outcome: &str, codes: &[&str]) -> Value {
        let findings: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
        json!({ "id": id, "probe": probe, "severity": "required", "outcome": outcome, "findings": findings })
    }

    fn report(edit: impl FnOnce(&mut Value)) -> Result<LastGo, String> {
        let mut report = json!({
            "schema": FORM, "verdict": "go", "event": { "name": "Launch", "ends": "2026-12-02T18:00:00Z" },
            "items": [item("frozen@a", "drift", "pass", &[]), item("pages", "http", "pass", &[])],
            "run": { "looked_at": "2026-11-30T17:00:00Z", "is_as_if": false, "is_interrupted": false, "is_cut_short": false },
        });
        edit(&mut report);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("last-go.json");
        std::fs::write(&path, report.to_string()).expect("a file");
        LastGo::read(&path, &Own { event: "Launch".to_owned(), item: "frozen@a".to_owned() })
    }

    fn refused(words: &str, edit: fn(&mut Value)) {
        let reason = report(edit).expect_err(words);
        assert!(reason.contains(words), "{reason}");
    }

    #[test]
    fn only_a_whole_report_of_this_event_and_this_check_is_a_baseline() {
        assert_eq!(report(|_| ()).expect("a GO").looked_at.to_string(), "2026-11-30T17:00:00Z");
        refused("another event, Sale", |report| report["event"]["name"] = json!("Sale"));
        refused("frozen@a is not in it", |report| report["items"][0]["id"] = json!("frozen@b"));
        refused("frozen@a is not in it", |report| report["items"] = json!([]));
        refused("not GO", |report| report["verdict"] = json!("closed"));
        refused("another time", |report| report["run"]["is_as_if"] = json!(true));
        refused("ended early", |report| report["run"]["is_cut_short"] = json!(true));
        refused("everything", |report| report["items"][1]["outcome"] = json!("skipped"));
        refused("no report", |report| report["schema"] = json!("gonogo/report/2"));
        refused("no report", |report| report["run"] = json!({}));
        refused("no report", |report| *report = json!([]));
        let own = Own { event: String::new(), item: String::new() };
        assert!(LastGo::read(Path::new("/nowhere/last-go.json"), &own).is_err());
    }

    #[test]
    fn what_it_says_of_the_baseline_itself_does_not_stand_in_the_way_and_all_else_does() {
        let first = |report: &mut Value| {
            report["verdict"] = json!("undetermined");
            report["items"][0] = item("frozen@a", "drift", "unknown", &["no-baseline"]);
        };
        assert!(report(first).is_ok());
        let changed = |report: &mut Value| {
            report["verdict"] = json!("no-go");
            report["items"][0] = item("frozen@a", "drift", "fail", &["changed-since", "changed-since"]);
        };
        assert!(report(changed).is_ok());
        refused("not GO: frozen@a is fail", |report| {
            report["items"][0] = item("frozen@a", "drift", "fail", &["changed-since", "forbidden"]);
        });
        refused("not GO: pages is fail", |report| report["items"][1]["outcome"] = json!("fail"));
        refused("not GO: pages is blocked", |report| report["items"][1]["outcome"] = json!("blocked"));
        refused("not GO: pages is fail", |report| {
            report["items"][1] = item("pages", "http", "fail", &["changed-since"]);
        });
        refused("nothing else", |report| {
            report["items"] = json!([item("frozen@a", "drift", "fail", &["changed-since"])]);
        });
    }

    #[test]
    fn advice_and_warnings_are_no_obstacle_and_what_was_not_due_is_told() {
        assert!(report(|report| report["items"][1]["outcome"] = json!("warn")).is_ok());
        let advice = |report: &mut Value| {
            report["items"][1]["outcome"] = json!("fail");
            report["items"][1]["severity"] = json!("advisory");
        };
        assert!(report(advice).is_ok());
        let waits = |due: &'static str| {
            let go = report(|report| {
                let mut late = item("late", "http", "not-due", &[]);
                late["due"] = json!(due);
                report["items"].as_array_mut().expect("items").push(late);
            });
            go.expect("a provisional GO").left_out()
        };
        assert_eq!(waits("2026-12-02T12:00:00Z"), ", in which 1 check was not due");
        assert_eq!(waits("2026-12-03T12:00:00Z"), "");
    }
}
