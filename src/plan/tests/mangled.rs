//! Checklists that were cut, doubled and scribbled over: whatever comes of them, no panic, and no plan without a word
//! where something was wrong.

use super::make_with_stubs;
use crate::{
    checklist::{parse, render_all},
    plan::{Selection, make},
};
use proptest::prelude::*;

/// What a mangled text is made from: every key of a checklist occurs in it.
const WHOLE: &str = r#"x-mine: &all { sites: all }
event: { name: E, timezone: Europe/London, starts: 2026-12-02T09:00, ends: '2026-12-02T11:00Z', lead: 2h, tail: 1h,
  attendees: { expected: 12, at_most: 15 } }
vars: { table: { 9: 6, 15: 10 }, list: [1, 2.5, true, null, "x"] }
sites:
  us: { kubernetes: { context: us }, aws: { region: us-east-2 }, vars: { domain: us.example.com, role: server } }
  eu: { kubernetes: { context: "${site.name}" }, vars: { domain: eu.example.com, role: proxy } }
connections:
  gw: { kind: litellm, url: "https://${vars.list[4]}.example.com", token: { env: GONOGO_TEST_UNSET } }
defaults: { owner: infra, timeout: 30s }
checks:
  dns: { <<: *all, probe: http, with: { url: "${site.domain}/$${x}/${random.label}" }, expect: { status: 200 } }
  routing: { probe: http, sites: [us, eu], needs: [dns], explained_by: [parity], with: { url: x, samples: 3 },
    per_site: { eu: { severity: advisory, with: { samples: 5 } } } }
  parity:
    probe: image-parity
    with: { source: x, running: [{ sites: { where: "${site.role == 'proxy'}" }, namespace: "${site.domain}" }] }
  pods: { probe: replicas, sites: all, with: { namespace: n }, expect: { ready: { by_attendees: "${vars.table}" } } }
  ratio: { probe: replicas, sites: [us], with: { namespace: n }, expect: { ready: { attendees_per_unit: 1.5 } } }
  key:
    { probe: key-expiry, with: { connection: gw }, blocks_from: T-6h, max_age: 30m, stage: during, tags: [a], covers: [b],
      title: "For ${event.attendees + 1}", because: [c], runbook: r, contact: c, vantage: v, fallback: f }
  text:
    probe: http
    remedy: |
      mend it
    with:
      url: >-
        https://x
        /y
limits: { concurrency: 4, per_host: 2, deadline: 1m }
waivers:
  - { check: dns, sites: [eu], codes: [wrong-status, timed-out], by: me, reason: why, until: 2027-01-01T00:00 }
network: { resolvers: [127.0.0.1], connect: { x.example.com: "127.0.0.1:1" } }
"#;

const SCRIBBLES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "&a ",
    "*a",
    "!x ",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "#",
    "- ",
    "-",
    "?",
    "\n",
    "\n\n",
    "\t",
    "  ",
    "$",
    "${",
    "$${",
    "}",
    "~",
    "null",
    "<<: ",
    "0x9",
    "é",
    "\u{feff}",
    "\0",
    "---\n",
    "site.",
    "event.",
    "vars",
    "random.label",
    ".map(x, x)",
    "99999999999999999999",
    "-1",
    ".nan",
    "true",
    "a@us",
    "us",
    "\u{202e}",
    "\r",
    "\\",
];

#[derive(Clone, Debug)]
enum Change {
    Remove { at: usize, count: usize },
    Scribble { at: usize, which: usize },
    Copy { from: usize, count: usize, to: usize },
}

fn change() -> impl Strategy<Value = Change> {
    let place = || any::<prop::sample::Index>().prop_map(|index| index.index(WHOLE.len()));
    prop_oneof![
        (place(), 1..40usize).prop_map(|(at, count)| Change::Remove { at, count }),
        (place(), 0..SCRIBBLES.len()).prop_map(|(at, which)| Change::Scribble { at, which }),
        (place(), 1..60usize, place()).prop_map(|(from, count, to)| Change::Copy { from, count, to }),
    ]
}

fn mangled(changes: &[Change]) -> String {
    let mut text: Vec<char> = WHOLE.chars().collect();
    for change in changes {
        let within = |at: usize| at.min(text.len());
        match *change {
            Change::Remove { at, count } => drop(text.drain(within(at)..within(at + count))),
            Change::Scribble { at, which } => drop(text.splice(within(at)..within(at), SCRIBBLES[which].chars())),
            Change::Copy { from, count, to } => {
                let copied = text[within(from)..within(from + count)].to_vec();
                drop(text.splice(within(to)..within(to), copied));
            }
        }
    }
    text.into_iter().collect()
}

fn survives(text: &str) {
    let checklist = parse(text, &[]);
    for result in [make_with_stubs(&checklist, &Selection::default()), make(&checklist, &Selection::default(), 1)] {
        match result {
            Ok(plan) => assert!(checklist.problems.is_empty() && !plan.items.is_empty()),
            Err(problems) => {
                assert!(!problems.is_empty());
                let shown = render_all(&checklist.sources, &problems, false);
                assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
            }
        }
    }
}

#[test]
fn the_whole_one_is_right() {
    let checklist = parse(WHOLE, &[]);
    let plan = make_with_stubs(&checklist, &Selection::default());
    let said = plan.as_ref().err().map(|problems| render_all(&checklist.sources, problems, false));
    assert_eq!(said, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_checklist_is_refused_or_planned_and_never_a_panic(changes in prop::collection::vec(change(), 1..7)) {
        survives(&mangled(&changes));
    }

    #[test]
    fn any_expression_is_evaluated_or_refused(source in "[a-z0-9 .'()+*/?:!<>=&|\\[\\]{},$]{0,80}") {
        let text = WHOLE.replace("url: x,", &format!("url: '${{{}}}',", source.replace('\'', "''")));
        survives(&text);
    }

    #[test]
    fn any_set_is_laid_over_or_refused(set in "[a-z_.\"0-9=:{}\\[\\]' ]{0,40}") {
        let checklist = parse(WHOLE, &[set]);
        let _ = make_with_stubs(&checklist, &Selection::default());
    }
}
