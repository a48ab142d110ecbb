//! The planner, with probes that never look.

mod mangled;
pub(crate) mod probes;

use super::{Plan, Selection, make::make_from};
use crate::checklist::{Checklist, parse, read, render_all};
use gonogo_checks::contract::text::Problem;
use probes::CATALOGUE;
use std::path::PathBuf;

/// A checklist in no file.
pub(crate) fn written(text: &str) -> Checklist {
    parse(text, &[])
}

/// The plan of a checklist whose probes never look.
pub(crate) fn make_with_stubs(checklist: &Checklist, selection: &Selection) -> Result<Plan, Vec<Problem>> {
    make_from(CATALOGUE, checklist, selection, 7)
}

fn planned(text: &str) -> Plan {
    let checklist = written(text);
    make_from(CATALOGUE, &checklist, &Selection::default(), 7)
        .unwrap_or_else(|problems| panic!("{}", render_all(&checklist.sources, &problems, false)))
}

fn refused(text: &str) -> Vec<Problem> {
    make_from(CATALOGUE, &written(text), &Selection::default(), 7).err().expect("it is wrong")
}

const EVENT: &str = "event: { name: E, starts: '2026-12-02T09:00Z', ends: '2026-12-02T10:00Z', attendees: 15 }\n";
const SITES: &str = "
sites:
  us: { kubernetes: { context: us }, vars: { domain: us.example.com, role: server } }
  eu: { kubernetes: { context: eu }, vars: { domain: eu.example.com, role: proxy } }
  ap: { kubernetes: { context: ap }, vars: { domain: ap.example.com, role: proxy } }
";

fn with_sites(checks: &str) -> String {
    format!("{EVENT}{SITES}checks:\n{checks}")
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.items.iter().map(|item| item.id.as_str()).collect()
}

/// What an item needs, by ids.
fn needs_of(plan: &Plan, id: &str) -> Vec<String> {
    let item = plan.items.iter().find(|item| item.id == id).expect("the item");
    item.needs.iter().map(|index| plan.items[*index].id.clone()).collect()
}

/// What a probe was given, at an item: the URL or the namespace of the stub.
fn given(plan: &Plan, id: &str) -> String {
    let item = plan.items.iter().find(|item| item.id == id).expect("the item");
    item.item.access().into_iter().map(|access| access.right).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_example_that_users_copy_is_read_without_a_word() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/coder-workshop/gonogo.yaml"));
    let checklist = read(&[path], &[]);
    assert_eq!(checklist.problems, []);
    assert_eq!(checklist.checks.len(), 80);
    assert_eq!(checklist.event.as_ref().map(|event| event.starts.to_string()), Some("2026-12-02T17:00:00Z".into()));
}

#[test]
fn a_check_at_all_sites_is_an_item_at_each() {
    let plan = planned(&with_sites("  a: { probe: http, sites: all, with: { url: 'https://${site.domain}/' } }\n"));
    assert_eq!(ids(&plan), ["a@us", "a@eu", "a@ap"]);
    assert_eq!(given(&plan, "a@eu"), "https://eu.example.com/");
    assert!(plan.items.iter().all(|item| item.selected));
}

#[test]
fn sites_are_chosen_by_name_or_by_condition() {
    let plan = planned(&with_sites(
        "  a: { probe: http, sites: [ap, us], with: { url: x } }
  b: { probe: http, sites: { where: \"${site.role == 'proxy'}\" }, with: { url: x } }\n",
    ));
    assert_eq!(ids(&plan), ["a@us", "a@ap", "b@eu", "b@ap"]);
}

#[test]
fn a_whole_expression_keeps_its_type_and_a_table_its_keys() {
    let text = format!(
        "{EVENT}vars: {{ table: {{ 9: 6, 15: 10 }}, count: 3 }}\nsites: {{ us: {{ kubernetes: {{ context: us }} }} }}
checks:
  a: {{ probe: replicas, sites: all, with: {{ namespace: n }}, expect: {{ ready: {{ by_attendees: \"${{vars.table}}\" }} }} }}
  b: {{ probe: replicas, sites: all, with: {{ namespace: n }}, expect: {{ ready: \"${{event.attendees / 5 * vars.count}}\" }} }}
  c: {{ probe: http, with: {{ url: \"${{vars.table[15]}}/${{event.name}}/$${{x}}\" }} }}\n"
    );
    let plan = planned(&text);
    let judged = |index: usize| {
        let window = plan.event.window(plan.event.starts);
        plan.items[index].item.judge(&serde_json::Value::Null, &window).expect("a judgement")[0].expected.clone()
    };
    assert_eq!((judged(0), judged(1)), ("10 for 15 attendees (up to 15)".into(), "9".into()));
    assert_eq!(given(&plan, "c"), "10/E/${x}");
}

#[test]
fn random_labels_follow_from_the_seed_and_the_place() {
    let text = with_sites("  a: { probe: http, sites: all, with: { url: '${random.label}.${random.label}' } }\n");
    let (one, two) = (planned(&text), planned(&text));
    assert_eq!(given(&one, "a@us"), given(&two, "a@us"));
    assert_ne!(given(&one, "a@us"), given(&one, "a@eu"));
    let url = given(&one, "a@us");
    let (first, second) = url.split_once('.').expect("two labels");
    assert!(first.len() == 20 && first != second, "{url}");
}

#[test]
fn what_stands_under_per_site_is_laid_over_one_site() {
    let plan = planned(&with_sites(
        "  a:
    probe: http
    sites: all
    with: { url: 'https://${site.domain}/' }
    per_site:
      eu: { severity: advisory, with: { url: 'https://${site.domain}/other' } }\n",
    ));
    assert_eq!(given(&plan, "a@eu"), "https://eu.example.com/other");
    assert_eq!(given(&plan, "a@us"), "https://us.example.com/");
    let severities: Vec<_> = plan.items.iter().map(|item| item.severity_of(Some("eu"))).collect();
    assert_eq!(format!("{severities:?}"), "[Required, Advisory, Required]");
}

#[test]
fn defaults_stand_under_every_check() {
    let plan = planned(&format!(
        "{EVENT}defaults: {{ owner: infra, timeout: 5s, tags: [all] }}
checks:
  a: {{ probe: http, with: {{ url: x }} }}
  b: {{ probe: http, with: {{ url: x }}, owner: web, tags: [own] }}
  c: {{ probe: http, with: {{ url: x }}, owner: null }}\n"
    ));
    let owners: Vec<_> = plan.items.iter().map(|item| item.owner.as_deref()).collect();
    assert_eq!(owners, [Some("infra"), Some("web"), None]);
    assert!(plan.items.iter().all(|item| item.timeout.as_secs() == 5));
    assert_eq!(plan.items[1].tags, ["own"]);
}

#[test]
fn a_relation_is_one_item_over_the_sites_its_maps_name() {
    let plan = planned(&with_sites(
        "  a:
    probe: image-parity
    with:
      source: ghcr.io/x
      running:
        - { sites: [ap, eu], namespace: \"${site.domain}\" }
        - { sites: { where: \"${site.role == 'server'}\" }, namespace: x }
    per_site: { eu: { severity: advisory } }
  b: { probe: image-parity, with: { source: x } }\n",
    ));
    assert_eq!(ids(&plan), ["a", "b"]);
    assert_eq!(plan.items[0].members, ["us", "eu", "ap"]);
    assert!(plan.items[1].members.is_empty() && plan.items[0].site.is_none());
    assert_eq!(given(&plan, "a"), "eu=eu.example.com ap=ap.example.com us=x");
    let severity = |site| format!("{:?}", plan.items[0].severity_of(site));
    assert_eq!([severity(Some("eu")), severity(Some("us")), severity(None)], ["Advisory", "Required", "Required"]);
}

#[test]
fn needs_mean_the_same_site_or_the_only_item_or_all_of_them() {
    let plan = planned(&with_sites(
        "  b: { probe: http, sites: all, with: { url: x } }
  one: { probe: http, with: { url: x } }
  parity: { probe: image-parity, with: { source: x, running: [{ sites: [us], namespace: n }] } }
  a: { probe: http, sites: [us, eu], with: { url: x }, needs: [b, one, parity] }
  c: { probe: http, with: { url: x }, needs: [b] }
  d: { probe: http, sites: [eu], with: { url: x }, needs: ['b@us', parity@us], explained_by: [late] }
  late: { probe: http, sites: [us], with: { url: x } }\n",
    ));
    assert_eq!(needs_of(&plan, "a@us"), ["b@us", "one", "parity"]);
    assert_eq!(needs_of(&plan, "c"), ["b@us", "b@eu", "b@ap"]);
    assert_eq!(needs_of(&plan, "d@eu"), ["b@us", "parity"]);
    assert!(plan.items.iter().all(|item| item.explained_by.is_empty()), "late is not at eu");
}

#[test]
fn a_check_whose_items_depend_crosswise_is_no_circle() {
    let plan = planned(&with_sites(
        "  a: { probe: http, sites: [us, eu], with: { url: x }, needs: ['b@us'] }
  b: { probe: http, sites: [us, eu], with: { url: x } }\n",
    ));
    assert_eq!(needs_of(&plan, "a@eu"), ["b@us"]);
}

#[test]
fn a_long_chain_of_needs_is_no_circle_and_its_closing_is_one() {
    let link = |i: usize, need: usize| format!("  c{i}: {{ probe: http, with: {{ url: x }}, needs: [c{need}] }}\n");
    let chain: String = (1..3_000).map(|i| link(i, i - 1)).collect::<Vec<_>>().concat();
    let open = format!("{EVENT}checks:\n  c0: {{ probe: http, with: {{ url: x }} }}\n{chain}");
    assert_eq!(planned(&open).items.len(), 3_000);
    let closed = format!("{EVENT}checks:\n{}{chain}", link(0, 2_999));
    let problems = refused(&closed);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.starts_with("a circle: `c0` needs `c2999` needs"), "{}", problems[0].message);
}

#[test]
fn what_is_selected_selects_what_it_needs() {
    let text = with_sites(
        "  b: { probe: http, sites: all, with: { url: x }, tags: [dns] }
  a: { probe: http, sites: all, with: { url: x }, needs: [b] }
  p: { probe: image-parity, with: { source: x, running: [{ sites: all, namespace: n }] } }
  late: { probe: http, with: { url: x }, stage: after }\n",
    );
    let selected = |only: &[&str], sites: &[&str], tags: &[&str], stage| {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let selection = Selection::new(&words(only), &words(sites), &words(tags), stage).expect("globs");
        let plan = make_from(CATALOGUE, &written(&text), &selection, 7).expect("a plan");
        let ids: Vec<_> = plan.items.iter().filter(|item| item.selected).map(|item| item.id.clone()).collect();
        (ids.join(" "), plan.notes.join("; "), plan.items[6].members.len())
    };
    let plain = |ids: &str, notes: &str| (ids.to_owned(), notes.to_owned(), 3);
    assert_eq!(selected(&["a@eu"], &[], &[], None), plain("b@eu a@eu", ""));
    assert_eq!(selected(&["a"], &["us"], &[], None), plain("b@us a@us", ""));
    assert_eq!(selected(&[], &["eu"], &[], None), plain("b@eu a@eu p", ""), "a relation keeps its members");
    assert_eq!(selected(&[], &[], &["dns"], None), plain("b@us b@eu b@ap", ""));
    assert_eq!(selected(&[], &[], &[], Some(super::Stage::After)), plain("late", ""));
    assert_eq!(selected(&["lat"], &[], &[], None), plain("", "no check matches `lat`; did you mean `late`?"));
    assert_eq!(selected(&["a", "z*"], &["us"], &[], None), plain("b@us a@us", "no check matches `z*`"));
    assert_eq!(selected(&[], &["uss"], &[], None), plain("", "no site matches `uss`; did you mean `us`?"));
}

#[test]
fn secrets_are_named_and_not_read() {
    let plan = planned(&format!(
        "{EVENT}connections: {{ gw: {{ kind: litellm, url: 'https://x', token: {{ env: GONOGO_TEST_UNSET }} }} }}
checks: {{ k: {{ probe: key-expiry, with: {{ connection: gw }} }} }}\n"
    ));
    let secrets = &plan.items[0].secrets;
    assert_eq!(secrets.len(), 1);
    assert_eq!(
        (secrets[0].value.to_string(), secrets[0].at.line),
        ("environment variable GONOGO_TEST_UNSET".into(), 2)
    );
}

#[test]
fn a_check_blocks_from_a_time_before_the_start() {
    let text =
        format!("{EVENT}checks: {{ a: {{ probe: http, with: {{ url: x }}, blocks_from: T-1d, max_age: 30m }} }}");
    let item = &planned(&text).items[0];
    assert_eq!(item.blocks_from.map(|time| time.to_string()), Some("2026-12-01T09:00:00Z".into()));
    assert_eq!(item.max_age.map(|age| age.as_secs()), Some(1_800));
}

#[test]
fn a_problem_at_some_sites_names_them_and_one_at_all_is_said_once() {
    let problems = refused(&with_sites(
        "  a: { probe: http, sites: all, with: { url: '${site.role == \"server\" ? \"x\" : 7}', nonsense: 1 } }\n",
    ));
    let said: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("at eu, ap: `${site.role"), "{said:?}");
    assert_eq!(said[1], "unknown key `nonsense`");
}

#[test]
fn a_waiver_covers_its_codes_at_its_sites_and_nothing_else() {
    let plan = planned(&with_sites(
        "  a: { probe: http, sites: all, with: { url: x } }
waivers:
  - { check: a, codes: [wrong-status, timed-out], sites: [eu], by: me, reason: why, until: '2026-12-03T00:00Z' }\n",
    ));
    let waiver = &plan.waivers[0];
    assert!(waiver.covers("a", "wrong-status", Some("eu")));
    assert!(!waiver.covers("a", "wrong-status", Some("us")) && !waiver.covers("a", "wrong-status", None));
    assert!(!waiver.covers("a", "forbidden", Some("eu")) && !waiver.covers("b", "wrong-status", Some("eu")));
}

#[test]
fn an_expression_cannot_take_the_planner_down() {
    for source in [
        "(".repeat(512),
        "[".repeat(255) + &"]".repeat(255),
        "!".repeat(500) + "true",
        format!("1{}", "+1".repeat(250)),
        "true?1:".repeat(70) + "1",
        format!("event{}", ".a".repeat(250)),
        "[1,2,3].map(x, [1,2,3].map(y, [1,2,3].map(z, x)))".into(),
        "1/0".into(),
        "'a'.matches('(a*)*b')".into(),
        "9223372036854775807 + 1".into(),
        "x".repeat(513),
        String::new(),
    ] {
        let source = source.replace('\'', "''");
        let text = format!("{EVENT}checks: {{ a: {{ probe: http, with: {{ url: '${{{source}}}' }} }} }}");
        assert!(!refused(&text).is_empty(), "{source}");
    }
}

#[test]
fn ten_thousand_checks_are_read_and_planned() {
    let check = |i: usize| {
        format!(
            "  c{i}: {{ probe: http, with: {{ url: 'https://h{i}.example.com/${{event.attendees}}' }}, needs: [base] }}\n"
        )
    };
    let checks: Vec<String> = (0..10_000).map(check).collect();
    let text = format!("{EVENT}checks:\n  base: {{ probe: http, with: {{ url: x }} }}\n{}", checks.concat());
    let plan = planned(&text);
    assert_eq!(plan.items.len(), 10_001);
    assert!(plan.items[1..].iter().all(|item| item.needs == [0]));
}
