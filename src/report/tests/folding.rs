//! What is shown of more entries than a screen holds.

use super::{Format, Outcome, Report, VIEW, View, item, render, report, stale};
use gonogo_checks::contract::Remedy;

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
    assert!(folded.contains("  disrupts everybody who is connected through the proxy; shown with -v\n"), "{folded}");
}

#[test]
fn what_must_be_known_before_a_command_is_pasted_stands_above_it() {
    let said = "switch it on again after the event";
    let fired = || stale("eu-west-2").mended_by(Remedy::run(["kubectl", "get", "cronjobs"]).saying(said));
    let names: Vec<String> = (1..=20).map(|number| format!("rotation-{number}")).collect();
    let rows = names.iter().map(|name| item(name, Some("eu-west-2"), Outcome::Fail, vec![fired()]));
    let folded = render(Format::Table, &report(rows.collect(), &["eu-west-2"]), VIEW);
    assert_eq!(folded.matches(&format!("  {said}\nkubectl get cronjobs\n")).count(), 20, "{folded}");
}
