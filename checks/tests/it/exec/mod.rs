//! `exec` and the client of programs, with programs that are written for it.

mod documents;
mod running;

use gonogo_checks::{
    clients::{Network, Reach, connections::Connections, network::NetworkSettings},
    contract::{
        Context, Finding, Item, Place, SecretRef, Unobserved, Vault, Window,
        text::{Node, load},
    },
    kind,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};
use tempfile::TempDir;

/// A secret that the checklist names.
pub const SECRET: &str = "s3cr3t-of-the-rooms";

/// A folder of programs.
pub struct Stage {
    folder: TempDir,
    reach: Arc<Reach>,
}

impl Stage {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let network = Arc::new(Network::new(&NetworkSettings::default(), folder.path()).expect("a network"));
        let mut vault = Vault::default();
        vault.keep(SecretRef::Env("ROOMS_TOKEN".to_owned()), SecretString::from(SECRET));
        let reach = Arc::new(Reach::new(network, vault, 16, folder.path().to_owned()));
        Self { folder, reach }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a program for `sh`.
    pub fn program(self, name: &str, text: &str) -> Self {
        let path = self.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode");
        self
    }

    pub fn reach(&self) -> &Arc<Reach> {
        &self.reach
    }

    pub fn context(&self) -> Context {
        Context::new(self.reach.clone(), "rooms", 7)
    }

    pub async fn look(&self, with: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
        let item = made(with, expect).unwrap_or_else(|problems| panic!("{with}: {problems}"));
        let evidence = item.observe(&self.context()).await?;
        Ok(item.judge(&evidence, &window()).expect("evidence that reads"))
    }

    /// Code and what was seen of each finding.
    pub async fn found(&self, with: &str) -> Vec<(&'static str, String)> {
        let findings = self.look(with, "{}").await.unwrap_or_else(|missing| panic!("{with}: {missing}"));
        findings.into_iter().map(|finding| (finding.code, finding.seen)).collect()
    }

    pub async fn missing(&self, with: &str) -> Unobserved {
        self.look(with, "{}").await.err().unwrap_or_else(|| panic!("{with}: seen"))
    }
}

fn tree(text: &str) -> Node {
    load(0, text, &mut Vec::new()).unwrap_or_else(|| panic!("{text}"))
}

/// The item, or what is wrong with its settings.
pub fn made(with: &str, expect: &str) -> Result<Box<dyn Item>, String> {
    let mut problems = Vec::new();
    let connections = Connections::read(&[], &[], &mut problems);
    let place = Place::new(None, Vec::new(), connections);
    let item = (kind("exec").expect("in the catalogue").item)(&tree(with), &tree(expect), &place, &mut problems);
    item.ok_or_else(|| problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))
}

fn window() -> Window {
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    Window {
        now,
        starts: now + hour,
        ends: now + hour + hour,
        lead: hour,
        tail: hour,
        zone: TimeZone::UTC,
        attendees: None,
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    for (with, words) in [
        ("{ command: [], speaks: nagios }", "runs nothing"),
        ("{ command: [' '], speaks: nagios }", "has a name"),
        ("{ command: [a], speaks: goss }", "goss"),
        ("{ command: [a] }", "speaks"),
        ("{ command: a b, speaks: nagios }", "expected a list"),
        ("{ command: [a], speaks: nagios, env: { 'A=B': c } }", "no name of a variable"),
        ("{ command: [a], speaks: nagios, env: { A: c }, inherit: [A] }", "named twice"),
        ("{ command: [a], speaks: nagios, limit: 0s }", "no time for a program"),
        ("{ command: [a], speaks: nagios, limit: 2h }", "no time for a program"),
    ] {
        let problems = made(with, "{}").err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.contains(words), "{with}: {problems}");
    }
    for (expect, words) in [
        ("{ metrics: { a: {} } }", "`at_least`, `at_most` or both"),
        ("{ metrics: { a: { at_least: 2, at_most: 1 } } }", "more than"),
        ("{ checked_at_least: 0 }", "0"),
    ] {
        let problems =
            made("{ command: [a], speaks: json }", expect).err().unwrap_or_else(|| panic!("{expect} is taken"));
        assert!(problems.contains(words), "{expect}: {problems}");
    }
}

#[test]
fn what_it_runs_and_reads_is_named_as_its_access() {
    let item = made("{ command: [check, -w, '1'], speaks: nagios, secret_env: { A: { env: ROOMS_TOKEN } } }", "{}");
    let rights: Vec<String> = item.expect("an item").access().iter().map(ToString::to_string).collect();
    assert_eq!(rights, ["this machine: run check -w 1", "this machine: reading environment variable ROOMS_TOKEN"]);
}
