//! Whether everyone who is online runs the server's own build. Coder itself compares no more than MAJOR.MINOR.

use super::{
    code::{UNNAMED, VERSION},
    crowd::listed,
    evidence::{Daemon, Evidence},
};
use crate::{
    clients::coder::buildinfo::Build,
    contract::{Finding, Remedy},
};
use std::collections::BTreeMap;

pub(super) fn judge(evidence: &Evidence) -> Vec<Finding> {
    let Ok(server) = &evidence.server else { return Vec::new() };
    let mut findings = Vec::new();
    if Build::is_unnamed(&server.version) {
        findings.push(
            Finding::new(UNNAMED, "server").expected("a build of a release").seen(&server.version).mended_by(
                Remedy::prose("deploy a release, or compare the images' digests with the probe image-parity"),
            ),
        );
    }
    for organization in &evidence.organizations {
        let Ok(daemons) = &organization.daemons else { continue };
        let mut others: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let differs = |daemon: &&Daemon| daemon.version != server.version;
        for daemon in daemons.online().filter(differs) {
            others.entry(&daemon.version).or_default().push(daemon.name.clone());
        }
        if !others.is_empty() {
            findings.push(differing(&server.version, &organization.name, daemons.online().count(), &others));
        }
    }
    findings
}

fn differing(server: &str, organization: &str, online: usize, others: &BTreeMap<&str, Vec<String>>) -> Finding {
    let word = |(version, names): (&&str, &Vec<String>)| {
        let version = if version.is_empty() { "no version" } else { version };
        format!("{version} ({})", listed(names))
    };
    let count: usize = others.values().map(Vec::len).sum();
    let words: Vec<String> = others.iter().map(word).collect();
    Finding::new(VERSION, format!("provisioners of organisation {organization}"))
        .expected(format_args!("{server}, as the server"))
        .seen(format_args!("{count} of {online} online run {}", words.join(", ")))
        .mended_by(
            Remedy::prose("roll the provisioners out from the server's own image").disrupting("builds that they run"),
        )
}
