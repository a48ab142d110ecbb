//! What is shown of more entries than a screen holds.

use super::{Format, Outcome, Report, VIEW, View, item, render, report, stale};

/// Twelve checks that fail at two sites each: more than a screen holds.
fn crowded() -> Report {
    let sites = ["us-west-2", "eu-west-2"];
    let checks: Vec<String> = (1..=12).map(|number| format!("image-{number}")).collect();
    let rows =
        checks.iter().flat_map(|check| sites.map(|site| item(check, Some(site), Outcome::Fail, vec![stale(site)])));
    report(rows.collect(), &sites)
}

#[test]
fn entries_that_fill_more_than_a_screen_are_folded_and_each_keeps_a_whole_command() {
    let report = crowded();
    let folded = render(Format::Table, &report, VIEW);
    let commands: Vec<&str> = folded.lines().filter(|line| line.starts_with("kubectl ")).collect();
    assert_eq!(commands.len(), 12, "{folded}");
    assert!(commands.iter().all(|line| line.ends_with(" rollout restart deployment/coder")), "{folded}");
    assert_eq!(folded.matches("  1 more command\n").count(), 12, "{folded}");
    assert!(folded.contains("-o short and -v show the entries whole"), "{folded}");
    for (format, view) in [(Format::Table, View { is_verbose: true, ..VIEW }), (Format::Short, VIEW)] {
        let whole = render(format, &report, view);
        assert_eq!(whole.lines().filter(|line| line.starts_with("kubectl ")).count(), 24, "{whole}");
        assert!(!whole.contains("more command") && !whole.contains("show the entries whole"), "{whole}");
    }
    assert!(folded.contains("  disrupts everybody who is connected"), "{folded}");
}

#[test]
fn inside_the_window_a_folded_entry_keeps_back_what_disrupts() {
    let mut report = crowded();
    report.run.judged_at = report.event.starts;
    let folded = render(Format::Table, &report, VIEW);
    assert!(!folded.contains("kubectl "), "{folded}");
}
