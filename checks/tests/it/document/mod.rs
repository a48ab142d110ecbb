//! `document` against the world: a runbook with the names of the published one, and everything that may hide a name.

mod links;
mod runbook;
mod settings;

use crate::kubernetes::Stage;
use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Place, SecretRef, Unobserved, Vault, Window,
        text::{Problem, load},
    },
    kind,
};
use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::Value;
use std::sync::Arc;

pub const SITES: [&str; 3] = ["us-east-2", "us-west-2", "eu-west-2"];

pub fn times() -> Times {
    let now = Timestamp::now();
    let after = |hours| now.checked_add(SignedDuration::from_hours(hours)).expect("a time");
    Times { now, starts: after(48), ends: after(50) }
}

/// A check at this site and all others, or at none, among the workshop's three.
pub fn made(with: &str, expect: &str, site: Option<&str>, problems: &mut Vec<Problem>) -> Option<Box<dyn Item>> {
    made_among(with, expect, site, &SITES, problems)
}

/// A check at this site, and at these.
pub fn made_among(
    with: &str,
    expect: &str,
    site: Option<&str>,
    members: &[&str],
    problems: &mut Vec<Problem>,
) -> Option<Box<dyn Item>> {
    let node = |text: &str| load(0, text, &mut Vec::new()).expect("YAML");
    let system = |name: &str| SiteSystems {
        name: name.to_owned(),
        kubernetes: Some(node(&format!("{{ context: {name}, kubeconfig: kubeconfig }}"))),
        aws: None,
    };
    let coder = "{ kind: coder, url: https://ai.coder.com, token: { env: CODER_SESSION_TOKEN } }";
    let named = [("coder".to_owned(), node(coder))];
    let connections = Connections::read(&named, &SITES.map(system), problems);
    let place = Place::new(site.map(str::to_owned), SITES.map(str::to_owned).to_vec(), connections);
    let members = members.iter().filter(|_| site.is_some()).map(|&site| site.to_owned()).collect();
    let place = place.among(members);
    (kind("document").expect("a probe").item)(&node(with), &node(expect), &place, problems)
}

pub fn window() -> Window {
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: now + hour, ends: now + hour, lead: hour, tail: hour, zone: TimeZone::UTC, attendees: None }
}

/// A stage with the document in it.
pub async fn stage(scene: State, text: &str) -> Stage {
    let stage = Stage::of(scene).await;
    std::fs::write(stage.path().join("RUNBOOK.md"), text).expect("a file");
    stage
}

pub async fn workshop(text: &str) -> Stage {
    stage(workshop::repaired(times()), text).await
}

pub fn context(stage: &Stage) -> Context {
    let settings = NetworkSettings {
        connect: stage.world.connect().into_iter().collect(),
        resolvers: stage.world.resolvers().iter().map(ToString::to_string).collect(),
        ca: Some("ca.pem".into()),
    };
    let network = Arc::new(Network::new(&settings, stage.path()).expect("a network"));
    let mut vault = Vault::default();
    let token = SecretString::from(workshop::CODER_SESSION_TOKEN);
    vault.keep(SecretRef::Env("CODER_SESSION_TOKEN".to_owned()), token);
    Context::new(Arc::new(Reach::new(network, vault, 16, stage.path().to_owned())), "item", 7)
}

pub async fn look(stage: &Stage, with: &str, expect: &str) -> Result<(Value, Vec<Finding>), Unobserved> {
    let mut problems = Vec::new();
    let item = made(with, expect, None, &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
    let evidence = item.observe(&context(stage)).await?;
    let findings = item.judge(&evidence, &window()).expect("its own evidence");
    Ok((evidence, findings))
}

/// What is found in the workshop's sound world of a document of this text.
pub async fn found(text: &str) -> Vec<(String, String)> {
    let stage = workshop(text).await;
    let (_, findings) = look(&stage, "{ file: RUNBOOK.md }", "{}").await.expect("seen");
    codes(&findings)
}

pub fn codes(findings: &[Finding]) -> Vec<(String, String)> {
    findings.iter().map(|finding| (finding.code.to_owned(), finding.subject.clone())).collect()
}

pub fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    wanted.iter().map(|(code, subject)| ((*code).to_owned(), (*subject).to_owned())).collect()
}
