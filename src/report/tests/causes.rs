//! What stands under a cause, and what must not.

use super::{Format, Outcome, ROUTED, Report, VIEW, item, render, report, stale, workshop};
use crate::{
    checklist::Severity,
    report::entries::{Entry, Rank},
};
use gonogo_checks::contract::{Finding, core};

#[test]
fn what_a_cause_explains_or_blocks_is_no_entry_of_its_own() {
    let report = workshop();
    let entries = Entry::all(&report);
    let checks: Vec<&str> = entries.iter().map(|entry| entry.check).collect();
    assert_eq!(checks, ["server-image", "storage", "gateway-key"]);
    assert_eq!(entries[0].explains.get("routing").map(Vec::len), Some(2));
    assert_eq!(entries[1].explains.get("deep").map(Vec::len), Some(1));
}

/// A failure at one site, and what is said to explain it: as it was seen, and how much it weighs.
fn under(cause: (Outcome, Finding), severity: Severity) -> Report {
    let mut root = item("server-image", Some("eu-west-2"), cause.0, vec![cause.1]);
    root.severity = severity;
    let broken = Finding::new(ROUTED, "https://x.example/").at("eu-west-2").seen("a dashboard");
    let mut row = item("routing", Some("eu-west-2"), Outcome::Fail, vec![broken]);
    row.explained_by = vec!["server-image@eu-west-2".to_owned()];
    report(vec![root, row], &["eu-west-2"])
}

#[test]
fn a_failure_stands_under_no_lighter_cause() {
    let unseen = Finding::new(core::FORBIDDEN, "the registry").seen("no right");
    for (cause, severity) in
        [((Outcome::Unknown, unseen), Severity::Required), ((Outcome::Fail, stale("eu-west-2")), Severity::Advisory)]
    {
        let report = under(cause, severity);
        let ranks: Vec<_> = Entry::all(&report).iter().map(|entry| (entry.check, entry.rank)).collect();
        assert_eq!(ranks.first(), Some(&("routing", Rank::Fail)), "{ranks:?}");
        assert_eq!(ranks.len(), 2);
    }
}

#[test]
fn what_a_required_row_waits_for_may_only_advise_and_then_it_is_in_the_way_itself() {
    let mut root = item("live", None, Outcome::Blocked, vec![]);
    root.severity = Severity::Advisory;
    root.blocked_by = vec!["later".to_owned()];
    let mut row = item("deep", None, Outcome::Blocked, vec![]);
    row.blocked_by = vec!["live".to_owned()];
    let report = report(vec![root, row], &[]);
    let ranks: Vec<_> = Entry::all(&report).iter().map(|entry| (entry.check, entry.rank)).collect();
    assert_eq!(ranks, [("deep", Rank::Blocked), ("live", Rank::Warn)]);
}

#[test]
fn what_a_cause_explains_is_shown_with_what_was_found_there() {
    for format in [Format::Short, Format::Markdown] {
        let whole = render(format, &workshop(), VIEW);
        assert!(whole.contains("https://x.example/: a dashboard; wanted"), "{whole}");
    }
}
