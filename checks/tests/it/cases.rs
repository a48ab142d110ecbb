//! Every probe's `cases/`: evidence in, findings out.
//!
//! A case is one YAML file: `says` (the rule that it shows), `expect` (as in a checklist), `window` (what differs from
//! the usual one), `evidence` (as it is stored) and `findings` (exactly these, in this order; each names at least its
//! code). A case whose file name begins with `pass_` has no finding, every other has at least one.

use gonogo_checks::{
    CATALOGUE,
    contract::{
        Finding, Kind, Window,
        text::{Node, load, read},
        values::Period,
    },
};
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use std::{fs, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    says: String,
    #[serde(default)]
    window: Differs,
    #[serde(default)]
    #[expect(dead_code, reason = "read as a tree, so that it may be of any probe's type")]
    expect: serde::de::IgnoredAny,
    evidence: serde_json::Value,
    findings: Vec<Wanted>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Differs {
    now: Option<Timestamp>,
    starts: Option<Timestamp>,
    ends: Option<Timestamp>,
    lead: Option<Period>,
    tail: Option<Period>,
    attendees: Option<u32>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Wanted {
    code: String,
    severity: Option<String>,
    subject: Option<String>,
    site: Option<String>,
    /// Words that `seen` must hold.
    seen: Option<String>,
    /// Words that `expected` must hold.
    expected: Option<String>,
    /// The whole command of the remedy.
    command: Option<String>,
    /// Words that the remedy's sentence must hold.
    remedy: Option<String>,
}

impl Wanted {
    fn is(&self, found: &Finding) -> bool {
        let has =
            |wanted: &Option<String>, text: &str| wanted.as_ref().is_none_or(|words| text.contains(words.as_str()));
        let weight = serde_json::to_value(found.weight).expect("a weight");
        let remedy = found.remedy.as_ref();
        self.code == found.code
            && self.severity.as_ref().is_none_or(|severity| weight == severity.as_str())
            && self.subject.as_ref().is_none_or(|subject| *subject == found.subject)
            && self.site.as_ref().is_none_or(|site| found.site.as_ref() == Some(site))
            && has(&self.seen, &found.seen)
            && has(&self.expected, &found.expected)
            && has(&self.remedy, remedy.map_or("", |remedy| &remedy.says))
            && self.command.as_ref().is_none_or(|command| {
                remedy.and_then(|remedy| remedy.command.as_ref()).is_some_and(|line| line.as_str() == command)
            })
    }
}

/// A workshop in Los Angeles, two days from now, for fifteen.
fn window(differs: &Differs) -> Window {
    let time = |text: &str| text.parse().expect("a time");
    let length = |given: Option<Period>, hours| given.map_or(jiff::SignedDuration::from_hours(hours), Period::signed);
    Window {
        now: differs.now.unwrap_or_else(|| time("2026-11-30T17:00:00Z")),
        starts: differs.starts.unwrap_or_else(|| time("2026-12-02T17:00:00Z")),
        ends: differs.ends.unwrap_or_else(|| time("2026-12-02T18:30:00Z")),
        lead: length(differs.lead, 2),
        tail: length(differs.tail, 1),
        zone: TimeZone::get("America/Los_Angeles").expect("a zone"),
        attendees: Some(differs.attendees.unwrap_or(15)),
    }
}

fn check(kind: &Kind, path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut problems = Vec::new();
    let tree: Option<Node> = load(0, &text, &mut problems);
    let case: Option<Written> = tree.as_ref().and_then(|tree| read(tree, &mut problems));
    let (Some(tree), Some(case)) = (tree, case) else { return Err(format!("does not read: {problems:?}")) };
    let empty = load(0, "{}", &mut problems).expect("an empty map");
    let expect = tree.get("expect").unwrap_or(&empty);
    let judged = (kind.judge)(expect, &case.evidence, &window(&case.window), &mut problems);
    let found = judged
        .ok_or_else(|| format!("`expect` does not read: {problems:?}"))?
        .map_err(|error| format!("evidence: {error}"))?;
    let is_pass = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pass_"));
    if is_pass != case.findings.is_empty() {
        return Err("named pass_ though it has findings, or not though it has none".to_owned());
    }
    if case.findings.len() == found.len() && case.findings.iter().zip(&found).all(|(wanted, found)| wanted.is(found)) {
        return Ok(());
    }
    Err(format!("{}\n  wanted {:#?}\n  found {found:#?}", case.says, case.findings))
}

#[test]
fn every_case_gives_exactly_its_findings() {
    let mut wrong = Vec::new();
    for kind in CATALOGUE {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(kind.name.replace('-', "_")).join("cases");
        let mut cases: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|_| panic!("{} has no cases/", kind.name))
            .map(|entry| entry.expect("a file").path())
            .collect();
        cases.sort();
        assert!(!cases.is_empty(), "{} has no cases", kind.name);
        for path in cases {
            if let Err(reason) = check(kind, &path) {
                wrong.push(format!("{}: {reason}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
