//! The report as JUnit XML, for pipelines that draw it.
//!
//! What could not be seen is an error, what does not hold a failure; both are red in every viewer. Only what the user
//! or the clock left out is skipped.

use super::{Outcome, Report, ReportItem, words};
use indexmap::IndexMap;
use quick_junit::{NonSuccessKind, Report as Junit, SerializeError, TestCase, TestCaseStatus, TestSuite};
use std::{fmt::Write as _, time::Duration};

/// The report as JUnit XML: a suite for each check, a case for each item.
///
/// # Errors
/// XML that cannot be written.
pub fn junit(report: &Report) -> Result<String, SerializeError> {
    let mut suites: IndexMap<&str, TestSuite> = IndexMap::new();
    for item in &report.items {
        suites.entry(&item.check).or_insert_with(|| TestSuite::new(&item.check)).add_test_case(case(report, item));
    }
    let mut junit = Junit::new(format!("gonogo {}", words::verdict(report)));
    junit.set_time(Duration::from_millis(report.run.took_ms));
    junit.add_test_suites(suites.into_values());
    junit.to_string()
}

fn case(report: &Report, item: &ReportItem) -> TestCase {
    let mut status = match item.outcome {
        Outcome::Pass | Outcome::Warn | Outcome::Waived => TestCaseStatus::success(),
        Outcome::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Unknown | Outcome::Blocked => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::NotDue | Outcome::Skipped => TestCaseStatus::skipped(),
    };
    let text = text(report, item);
    if matches!(item.outcome, Outcome::Fail | Outcome::Unknown | Outcome::Blocked | Outcome::NotDue | Outcome::Skipped)
    {
        status.set_message(text.lines().next().unwrap_or(item.outcome.word()).to_owned());
        status.set_type(item.findings.first().map_or(item.outcome.word(), |finding| finding.code));
        status.set_description(text.clone());
    }
    let mut case = TestCase::new(&item.id, status);
    case.set_classname(format!("gonogo.{}", item.check));
    case.set_time(Duration::from_millis(item.took_ms));
    if matches!(item.outcome, Outcome::Warn | Outcome::Waived) {
        case.set_system_out(text);
    }
    case
}

fn text(report: &Report, item: &ReportItem) -> String {
    let mut out = String::new();
    for finding in item.findings.iter().chain(item.waived.iter().map(|waived| &waived.finding)) {
        let _ = writeln!(out, "{} {}", finding.code, words::fact(finding));
        if let Some(command) = words::command(report, finding) {
            let _ = writeln!(out, "{command}");
        }
    }
    if !item.blocked_by.is_empty() {
        let _ = writeln!(out, "not tried: it needs {}", item.blocked_by.join(", "));
    }
    if let Some(due) = item.due {
        let _ = writeln!(out, "due {}", words::clock(report, due));
    }
    out
}
