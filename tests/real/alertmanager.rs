//! `alert-route` and the silences of `schedule-window` against a real Alertmanager, and what its own tool says of the same labels.

use crate::{
    network::{file, real},
    run::{Run, run},
};
use std::process::Command;

/// The alert of these labels, at the real Alertmanager, under the name `look`.
fn route(labels: &str, expect: &str) -> Run {
    look(
        &format!(
            "alert-route\n    with: {{ connection: alertmanager, alerts: {{ it: {{ alertname: A, {labels} }} }} }}"
        ),
        expect,
    )
}

fn look(probe: &str, expect: &str) -> Run {
    let (one, fine) = (real("ALERTMANAGER"), real("ALERTMANAGER_FINE"));
    let connections = format!(
        "connections:\n  alertmanager: {{ kind: alertmanager, url: \"http://{one}\" }}\n  fine: {{ kind: alertmanager, url: \"http://{fine}\" }}\n"
    );
    run(&format!("{connections}checks:\n  look:\n    probe: {probe}\n    expect: {{ {expect} }}\n"))
}

/// The receivers that Alertmanager's own tool names.
fn receivers(labels: &[&str]) -> String {
    let url = format!("--alertmanager.url=http://{}", real("ALERTMANAGER"));
    let done = Command::new("amtool").args(["config", "routes", "test", &url, "alertname=A"]).args(labels).output();
    String::from_utf8(done.expect("amtool runs").stdout).expect("text").trim().to_owned()
}

#[test]
fn the_receivers_are_those_that_alertmanagers_own_tool_names() {
    for labels in [
        &["severity=page"][..],
        &["severity=warning"],
        &["severity=info"],
        &["team=web"],
        &["severity=page", "team=night"],
        &["severity=page", "team=weekends"],
        &["severity=page", "team=slow"],
    ] {
        let written = labels.join(", ").replace('=', ": ");
        let other = route(&written, "receivers: [nobody-of-this-name], inhibition: ok");
        let findings = other.findings("look");
        let found = findings.iter().find(|finding| finding["code"] == "receiver-not-expected").expect("a finding");
        let seen = found["seen"].as_str().expect("words").replace(", by the default route", "");
        assert_eq!(seen.replace("it goes to ", "").replace(", ", ","), receivers(labels), "{labels:?}");
    }
}

#[test]
fn a_page_reaches_the_pager_and_what_falls_through_reaches_nobody() {
    let page = route("severity: page", "integrations: [pagerduty], receivers: [pager]");
    assert_eq!((page.of("look"), page.code), (("pass", vec![]), 0));
    for labels in ["severity: critical", "severity: info", "severity: warning"] {
        let lost = route(labels, "");
        assert_eq!((lost.of("look"), lost.code), (("fail", vec!["receiver-without-integration"]), 1), "{labels}");
    }
    let hook = route("severity: page, team: night", "integrations: [pagerduty]");
    assert_eq!(hook.of("look"), ("fail", vec!["integration-not-expected"]));
}

#[test]
fn muted_inactive_and_inhibited_alerts_are_found_and_no_address_is_shown() {
    let muted = route("severity: page, team: night", "");
    assert_eq!(muted.of("look"), ("fail", vec!["muted-in-window"]));
    assert!(!muted.item("look").to_string().contains("hook-with-a-token"));
    let inactive = route("severity: page, team: slow", "");
    assert_eq!(inactive.of("look"), ("fail", vec!["muted-in-window"]));
    let held = route("severity: page, team: web", "");
    assert_eq!(held.of("look"), ("warn", vec!["may-be-inhibited"]));
}

#[test]
fn a_silence_of_the_next_days_is_found_and_one_that_is_over_before_is_not() {
    let id = std::fs::read_to_string(file("silence")).expect("an id");
    let silenced = route("severity: silenced", "");
    assert!(silenced.codes("look").contains(&"silence-in-window"), "{:?}", silenced.of("look"));
    let finding = silenced.findings("look").iter().find(|finding| finding["code"] == "silence-in-window");
    assert_eq!(finding.expect("a finding")["subject"], id.trim());
    let of = |label: &str| {
        look(
            &format!(
                "schedule-window\n    with: {{ silences: {{ connection: alertmanager, labels: {{ severity: {label} }} }} }}"
            ),
            "",
        )
    };
    assert_eq!(of("silenced").of("look"), ("fail", vec!["silence-in-window"]));
    assert_eq!(of("page").of("look"), ("pass", vec![]));
}

#[test]
fn two_that_are_set_otherwise_are_told_apart() {
    let both = "alert-route\n    with: { connections: [fine, alertmanager], alerts: { it: { alertname: A, severity: critical } } }";
    let run = look(both, "");
    assert_eq!(run.of("look"), ("fail", vec!["receiver-without-integration"]));
    let subject = run.findings("look")[0]["subject"].as_str().expect("words");
    assert_eq!(subject, format!("it at http://{}", real("ALERTMANAGER")));
}
