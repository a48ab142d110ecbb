//! The probe `kubernetes` as the runner uses it: settings and bars from text, evidence as it is stored.

use super::Stage;
use gonogo_checks::{
    clients::connections::{Connections, SiteSystems},
    contract::{
        Finding, Item, Place, Unobserved, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

pub fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).expect("YAML")
}

pub fn window(now: Timestamp) -> Window {
    let after = |hours| now.checked_add(SignedDuration::from_hours(hours)).expect("a time");
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: after(48), ends: after(50), lead: hour, tail: hour, zone: TimeZone::UTC, attendees: Some(15) }
}

/// The item of a probe at the cluster `ohio`, or what is wrong with it.
pub fn item(probe: &str, with: &Node, expect: &Node) -> Result<Box<dyn Item>, Vec<Problem>> {
    let kubernetes = node("{ context: ohio, kubeconfig: kubeconfig }");
    let site = SiteSystems { name: "ohio".to_owned(), kubernetes: Some(kubernetes), aws: None };
    let mut problems = Vec::new();
    let connections = Connections::read(&[], &[site], &mut problems);
    let place = Place::new(Some("ohio".to_owned()), vec!["ohio".to_owned()], connections);
    let kind = kind(probe).expect("a probe");
    (kind.item)(with, expect, &place, &mut problems).ok_or(problems)
}

/// What a look finds.
pub async fn look(stage: &Stage, with: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
    judged(stage, &node(with), &node(expect)).await
}

pub async fn judged(stage: &Stage, with: &Node, expect: &Node) -> Result<Vec<Finding>, Unobserved> {
    let item = item("kubernetes", with, expect).unwrap_or_else(|problems| panic!("{problems:?}"));
    let evidence = item.observe(&stage.context()).await?;
    Ok(item.judge(&evidence, &window(Timestamp::now())).expect("evidence that reads"))
}

pub fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.code, finding.subject.as_str())).collect()
}
