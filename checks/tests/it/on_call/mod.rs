//! `on-call` against the world's `PagerDuty` and incident.io.

mod incident_io;
mod pagerduty;

use crate::kubernetes::Stage;
use gonogo_checks::{
    clients::{Network, Reach, connections::Connections, network::NetworkSettings},
    contract::{
        Context, Finding, Item, Place, SecretRef, Unobserved, Vault, Window,
        text::{Problem, load},
    },
    kind,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::Value;
use std::sync::Arc;

pub const KEY: &str = "u+WorldReadOnlyKey01";

/// In so many hours from now, on the hour.
pub fn hour(hours: i64) -> Timestamp {
    let now = Timestamp::now().as_second() / 3600 * 3600;
    Timestamp::from_second(now + hours * 3600).expect("a time")
}

/// The event is in two days.
pub fn window() -> Window {
    let hour_long = SignedDuration::from_hours(1);
    Window {
        now: Timestamp::now(),
        starts: hour(48),
        ends: hour(50),
        lead: hour_long,
        tail: hour_long,
        zone: TimeZone::UTC,
        attendees: None,
    }
}

pub fn made(with: &str, expect: &str, problems: &mut Vec<Problem>) -> Option<Box<dyn Item>> {
    let node = |text: &str| load(0, text, &mut Vec::new()).expect("YAML");
    let connection = |name: &str, text: &str| (name.to_owned(), node(text));
    let named = [
        connection("pagerduty", "{ kind: pagerduty, url: https://api.pagerduty.com, token: { env: KEY } }"),
        connection("incident", "{ kind: incident-io, url: https://api.incident.io, token: { env: KEY } }"),
        connection("open", "{ kind: pagerduty }"),
    ];
    let connections = Connections::read(&named, &[], problems);
    let place = Place::new(None, Vec::new(), connections);
    (kind("on-call").expect("a probe").item)(&node(with), &node(expect), &place, problems)
}

pub async fn look(stage: &Stage, key: &str, with: &str, expect: &str) -> Result<(Value, Vec<Finding>), Unobserved> {
    let mut problems = Vec::new();
    let item = made(with, expect, &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
    let connect = stage.world.connect().into_iter().collect();
    let settings = NetworkSettings { connect, ca: Some("ca.pem".into()), ..NetworkSettings::default() };
    let network = Arc::new(Network::new(&settings, stage.path()).expect("a network"));
    let mut vault = Vault::default();
    vault.keep(SecretRef::Env("KEY".to_owned()), SecretString::from(key));
    let cx = Context::new(Arc::new(Reach::new(network, vault, 16, stage.path().to_owned())), "item", 7);
    let evidence = item.observe(&cx).await?;
    let findings = item.judge(&evidence, &window()).expect("its own evidence");
    Ok((evidence, findings))
}

pub fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.code, finding.subject.as_str())).collect()
}

#[test]
fn settings_that_say_two_things_or_none_are_refused() {
    let (pagerduty, incident) = (
        "pagerduty: { connection: pagerduty, escalation_policy: P1 }",
        "incident_io: { connection: incident, schedules: [A] }",
    );
    for (with, words) in [
        ("{}".to_owned(), "exactly one of `pagerduty` and `incident_io`"),
        (format!("{{ {pagerduty}, {incident} }}"), "exactly one of `pagerduty`"),
        (format!("{{ {pagerduty}, horizon: 90d }}"), "not from 1d to 89d"),
        (format!("{{ {pagerduty}, horizon: 1h }}"), "not from 1d to 89d"),
        ("{ pagerduty: { connection: pagerduty } }".to_owned(), "exactly one of `escalation_policy`"),
        (
            "{ pagerduty: { connection: pagerduty, escalation_policy: P1, schedules: [P2] } }".to_owned(),
            "exactly one of",
        ),
        ("{ pagerduty: { connection: pagerduty, escalation_policy: a/b } }".to_owned(), "`a/b` is no id"),
        ("{ pagerduty: { connection: incident, escalation_policy: P1 } }".to_owned(), "of kind `incident-io`"),
        ("{ pagerduty: { connection: open, escalation_policy: P1 } }".to_owned(), "has no `token`"),
        ("{ incident_io: { connection: incident, schedules: [] } }".to_owned(), "an empty list"),
    ] {
        let mut problems = Vec::new();
        assert!(made(&with, "{}", &mut problems).is_none(), "{with} is taken");
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(said.iter().any(|said| said.contains(words)), "{with}: {said:?}");
    }
}
