//! `mount-overlap` against the world's clusters, and against files.

mod files;
mod workloads;

use crate::kubernetes::UID;
use gonogo_checks::{
    clients::connections::{Connections, SiteSystems},
    contract::{
        Context, Finding, Item, Place, Unobserved, Window,
        text::{Problem, load},
    },
    kind,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;

/// A check at the site `ohio`.
pub fn item(with: &str, expect: &str) -> Box<dyn Item> {
    let mut problems = Vec::new();
    made(with, expect, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

pub fn made(with: &str, expect: &str, problems: &mut Vec<Problem>) -> Option<Box<dyn Item>> {
    let node = |text: &str| load(0, text, &mut Vec::new()).expect("YAML");
    let kubernetes = node(&format!("{{ context: ohio, kubeconfig: kubeconfig, cluster_uid: {UID} }}"));
    let site = SiteSystems { name: "ohio".to_owned(), kubernetes: Some(kubernetes), aws: None };
    let connections = Connections::read(&[], &[site], problems);
    let place = Place::new(Some("ohio".to_owned()), vec!["ohio".to_owned()], connections);
    (kind("mount-overlap").expect("a probe").item)(&node(with), &node(expect), &place, problems)
}

pub fn window() -> Window {
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: now + hour, ends: now + hour, lead: hour, tail: hour, zone: TimeZone::UTC, attendees: None }
}

pub async fn look(cx: &Context, with: &str, expect: &str) -> Result<(Value, Vec<Finding>), Unobserved> {
    let item = item(with, expect);
    let evidence = item.observe(cx).await?;
    let findings = item.judge(&evidence, &window()).expect("its own evidence");
    Ok((evidence, findings))
}

pub fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.code, finding.subject.as_str())).collect()
}

#[test]
fn settings_that_say_two_things_or_none_are_refused() {
    for (with, words) in [
        ("{}", "exactly one of `paths`, `file` and `workloads`"),
        ("{ paths: [/a], file: x }", "exactly one of"),
        ("{ paths: [] }", "an empty list"),
        ("{ paths: [{ name: a }] }", "path"),
        ("{ paths: [/a], pointer: /b }", "there is no `file`"),
        ("{ file: x, pointer: b }", "no JSON pointer"),
        ("{ paths: [/a], symlinks: { a: /b } }", "no symlink"),
        ("{ workloads: {} }", "`all_namespaces: true`"),
        ("{ workloads: { namespace: a, all_namespaces: true } }", "beside a namespace"),
        ("{ workloads: { namespace: A } }", "no name of Kubernetes"),
        ("{ workloads: { namespace: a, kinds: [] } }", "an empty list"),
        ("{ workloads: { namespace: a, kinds: [services] } }", "services"),
        ("{ workloads: { namespace: a, selector: \"\" } }", "an empty selector"),
    ] {
        let mut problems = Vec::new();
        assert!(made(with, "{}", &mut problems).is_none(), "{with} is taken");
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(said.iter().any(|said| said.contains(words)), "{with}: {said:?}");
    }
    let mut problems = Vec::new();
    let allow = "{ allow: [{ parent: /a, child: /a/b, because: \"\" }] }";
    assert!(made("{ paths: [/a] }", allow, &mut problems).is_none(), "an allowance without a reason is taken");
}
