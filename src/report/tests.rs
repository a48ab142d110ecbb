//! Formats by snapshots, and the promises that all of them keep.

mod causes;
mod folding;

use super::{
    Acceptance, Counts, EventFacts, Outcome, Report, ReportItem, RunFacts, SCHEMA, Waived,
    format::{FORMATS, Format},
    table::View,
    verdict::{Circumstances, verdict},
};
use crate::checklist::Severity;
use gonogo_checks::contract::{Code, Finding, Remedy, core};
use insta::assert_snapshot;

const STALE: Code = Code::fail("mirror-stale", "a mirror holds another image than its source");
const ROUTED: Code = Code::fail("body-differs", "the body is not what proves the route");
const VIEW: View = View { width: 80, is_verbose: false, is_short: false };

fn item(check: &str, site: Option<&str>, outcome: Outcome, findings: Vec<Finding>) -> ReportItem {
    ReportItem {
        id: site.map_or_else(|| check.to_owned(), |site| format!("{check}@{site}")),
        check: check.to_owned(),
        title: None,
        site: site.map(str::to_owned),
        probe: "http",
        severity: Severity::Required,
        outcome,
        findings,
        waived: Vec::new(),
        blocked_by: Vec::new(),
        explained_by: Vec::new(),
        due: None,
        blocks_from: None,
        evidence: None,
        evidence_of: None,
        working: Vec::new(),
        moments: Vec::new(),
        looked_at: None,
        attempts: 1,
        took_ms: 12,
        owner: Some("infra".to_owned()),
        contact: None,
        runbook: None,
        remedy: None,
        fallback: None,
        because: Vec::new(),
        covers: Vec::new(),
        tags: Vec::new(),
    }
}

fn report(items: Vec<ReportItem>, sites: &[&str]) -> Report {
    let (verdict, exit_code) = verdict(&items, &Acceptance::default(), Circumstances::default());
    Report {
        schema: SCHEMA,
        verdict,
        exit_code,
        event: EventFacts {
            name: "Agentic Workshop".to_owned(),
            starts: "2026-12-02T17:00:00Z".parse().expect("a time"),
            ends: "2026-12-02T18:30:00Z".parse().expect("a time"),
            opens: "2026-12-02T15:00:00Z".parse().expect("a time"),
            closes: "2026-12-02T19:30:00Z".parse().expect("a time"),
            timezone: "America/Los_Angeles".to_owned(),
            expected: Some(12),
            attendees: Some(15),
            sites: sites.iter().map(|site| (*site).to_owned()).collect(),
        },
        counts: Counts::of(&items),
        run: RunFacts {
            looked_at: "2026-11-30T17:40:12Z".parse().expect("a time"),
            judged_at: "2026-11-30T17:40:12Z".parse().expect("a time"),
            is_as_if: false,
            took_ms: 1840,
            seed: 7,
            host: "laptop".to_owned(),
            version: "0.1.0".to_owned(),
            is_interrupted: false,
            is_cut_short: false,
            is_final: false,
            provisional_until: None,
        },
        items,
        notes: Vec::new(),
    }
}

fn stale(site: &str) -> Finding {
    let restart = ["kubectl", "--context", site, "-n", "coder-proxy", "rollout", "restart", "deployment/coder"];
    Finding::new(STALE, "coder-preview:latest")
        .at(site)
        .expected("9f2c..17 as at ghcr.io")
        .seen("41ab..e0, another filesystem")
        .mended_by(Remedy::run(restart).disrupting("everybody who is connected through the proxy"))
}

/// The workshop: one cause in two sites that explains another check, an unknown, a warning, a waiver, one not due.
fn workshop() -> Report {
    let mut items = Vec::new();
    for (site, is_stale) in [("us-east-2", false), ("us-west-2", true), ("eu-west-2", true)] {
        let (outcome, found) = if is_stale { (Outcome::Fail, vec![stale(site)]) } else { (Outcome::Pass, vec![]) };
        items.push(item("server-image", Some(site), outcome, found));
    }
    for (site, is_broken) in [("us-east-2", false), ("us-west-2", true), ("eu-west-2", true)] {
        let broken = Finding::new(ROUTED, "https://x.example/").at(site).expected("the marker").seen("a dashboard");
        let (outcome, found) = if is_broken { (Outcome::Fail, vec![broken]) } else { (Outcome::Pass, vec![]) };
        let mut row = item("routing", Some(site), outcome, found);
        row.explained_by = vec![format!("server-image@{site}")];
        items.push(row);
    }
    let silent =
        Finding::new(core::TIMED_OUT, "node ip-10-0-3-7").seen("no whole answer in 5 s").mended_by(Remedy::run([
            "kubectl",
            "--context",
            "eu-west-2",
            "get",
            "--raw",
            "/api/v1/nodes/ip-10-0-3-7/proxy/stats/summary",
        ]));
    items.push(item("storage", Some("us-east-2"), Outcome::Pass, vec![]));
    items.push(item("storage", Some("eu-west-2"), Outcome::Unknown, vec![silent.at("eu-west-2")]));
    let mut blocked = item("deep", Some("eu-west-2"), Outcome::Blocked, vec![]);
    blocked.blocked_by = vec!["storage@eu-west-2".to_owned()];
    items.push(blocked);
    let flaky = Finding::new(core::FLAKY, "gateway-key").expected("an answer at once").seen("3 attempts");
    items.push(item("gateway-key", None, Outcome::Warn, vec![flaky]));
    let mut waived = item("quota", None, Outcome::Waived, vec![]);
    waived.waived.push(Waived {
        finding: Finding::new(core::FORBIDDEN, "quota").seen("no right"),
        by: "lead".to_owned(),
        reason: "the right comes on Monday".to_owned(),
        until: "2026-12-05T18:00:00Z".parse().expect("a time"),
    });
    items.push(waived);
    let mut later = item("live", None, Outcome::NotDue, vec![]);
    later.due = Some("2026-12-02T15:00:00Z".parse().expect("a time"));
    items.push(later);
    report(items, &["us-east-2", "us-west-2", "eu-west-2"])
}

/// A text as a pipe sees it.
fn render(format: Format, report: &Report, view: View) -> String {
    anstream::adapter::strip_str(&format.render(report, view).expect("renders")).to_string()
}

#[test]
fn the_screen() {
    assert_snapshot!(render(Format::Table, &workshop(), VIEW));
}

#[test]
fn the_screen_for_those_who_ask_for_more() {
    assert_snapshot!(render(Format::Table, &workshop(), View { is_verbose: true, ..VIEW }));
}

#[test]
fn only_what_is_not_ok() {
    assert_snapshot!(render(Format::Short, &workshop(), VIEW));
}

#[test]
fn read_aloud() {
    assert_snapshot!(render(Format::Plain, &workshop(), VIEW));
}

#[test]
fn in_a_pull_request() {
    assert_snapshot!(render(Format::Markdown, &workshop(), VIEW));
}

#[test]
fn in_a_pipeline() {
    assert_snapshot!(render(Format::Junit, &workshop(), VIEW));
}

#[test]
fn thirty_sites_are_rows_and_exceptions_only() {
    let sites: Vec<String> = (1..=30).map(|i| format!("site-{i:02}")).collect();
    let mut items = Vec::new();
    for check in ["image", "wildcard", "storage"] {
        for (i, site) in sites.iter().enumerate() {
            let is_bad = (check == "image" && i < 8) || (check == "storage" && i == 3);
            let (outcome, found) = if is_bad { (Outcome::Fail, vec![stale(site)]) } else { (Outcome::Pass, vec![]) };
            items.push(item(check, Some(site), outcome, found));
        }
    }
    let names: Vec<&str> = sites.iter().map(String::as_str).collect();
    assert_snapshot!(render(Format::Table, &report(items, &names), VIEW));
}

#[test]
fn inside_the_window_a_disruptive_command_is_shown_only_to_those_who_ask() {
    let mut inside = workshop();
    inside.run.judged_at = "2026-12-02T16:40:00Z".parse().expect("a time");
    let command = "kubectl --context us-west-2 -n coder-proxy rollout restart deployment/coder";
    assert!(!render(Format::Table, &inside, VIEW).contains(command));
    assert!(render(Format::Table, &inside, View { is_verbose: true, ..VIEW }).contains(command));
    assert!(render(Format::Table, &workshop(), VIEW).contains(command));
}

#[test]
fn every_line_but_a_command_fits_the_screen_and_every_command_stands_whole() {
    for width in [40, 60, 80] {
        let text = render(Format::Table, &workshop(), View { width, ..VIEW });
        for line in text.lines().filter(|line| !line.starts_with("kubectl ")) {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{width}: {line}");
        }
        assert!(
            text.lines()
                .any(|line| line
                    == "kubectl --context eu-west-2 get --raw /api/v1/nodes/ip-10-0-3-7/proxy/stats/summary")
        );
    }
}

#[test]
fn the_matrix_shows_as_many_items_as_are_counted() {
    let report = workshop();
    let words: Vec<String> =
        super::matrix::lines(&report, 80).iter().skip(1).map(|line| line.replace("not due", "not-due")).collect();
    let cells = words.iter().flat_map(|line| line.split_whitespace().skip(1));
    assert_eq!(cells.filter(|cell| *cell != "-").count(), report.counts.total);
}

#[test]
fn text_from_outside_reaches_no_screen_as_it_came() {
    let nasty = "\u{1b}[2J\u{1b}]0;owned\u{7}<b>|`\u{202e}\nGO  all well";
    let mut report = workshop();
    report.event.name = nasty.to_owned();
    report.notes.push(nasty.to_owned());
    for finding in report.items.iter_mut().flat_map(|item| &mut item.findings) {
        (finding.seen, finding.expected, finding.subject) = (nasty.to_owned(), nasty.to_owned(), nasty.to_owned());
        finding.remedy = Some(Remedy::prose(nasty));
    }
    for (name, format) in FORMATS {
        // Styles of our own are taken off first; what is left of an escape came from outside.
        let text = render(format, &report, View { is_verbose: true, ..VIEW });
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{name}: {text:?}");
        assert!(format == Format::Json || !text.contains('\u{202e}'), "{name}: {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("GO  all well")), "{name}");
        assert!(format != Format::Markdown || !text.contains("<b>"), "{name}");
    }
}

#[test]
fn the_reports_json_has_every_key_of_its_schema() {
    let json = serde_json::to_value(workshop()).expect("JSON");
    let schema = super::schema().to_value();
    for key in schema["required"].as_array().expect("required keys") {
        assert!(json.get(key.as_str().expect("a key")).is_some(), "{key}");
    }
    let finding = &json["items"][1]["findings"][0];
    for key in ["code", "severity", "subject", "site", "expected", "seen", "remedy"] {
        assert!(finding.get(key).is_some(), "{key}");
    }
}

#[test]
fn the_arithmetic_is_for_those_who_ask_and_the_others_are_told_of_it() {
    let short = Finding::new(STALE, "cpu").seen("28 %").expected("more than 30 %");
    let lines = |site: &str| vec![format!("{site}: 15 attendees × 4 vCPU = 60 vCPU\u{1b}[2J")];
    let mut failing = item("room", Some("a"), Outcome::Fail, vec![short]);
    failing.working = lines("a");
    let mut passing = item("quota", Some("b"), Outcome::Pass, Vec::new());
    passing.working = lines("b");
    let report = report(vec![failing, passing], &["a", "b"]);
    let usual = super::table::table(&report, VIEW);
    assert!(usual.ends_with("\n-v shows how it was reckoned\n") && !usual.contains("15 attendees"), "{usual}");
    let asked = super::table::table(&report, View { is_verbose: true, ..VIEW });
    assert!(asked.contains("\n    a: 15 attendees × 4 vCPU = 60 vCPU\\u{1b}[2J\n"), "{asked}");
    assert!(asked.contains("\nquota reckons\n  b: 15 attendees × 4 vCPU"), "{asked}");
}
