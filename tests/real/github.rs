//! `membership` and a GitHub token, against prism: every request is checked against GitHub's own description of its API.
//!
//! A request that the description does not allow is answered 422, and shows here as unknown.

use crate::run::{Run, run};

const CONNECTIONS: &str = "connections:
  github: { kind: github, url: \"https://github.workshop.test\", token: { env: GITHUB_TOKEN } }
  old: { kind: github, url: \"https://old-github.workshop.test\", token: { env: GITHUB_TOKEN } }
";

fn look(probe: &str, with: &str) -> Run {
    run(&format!("{CONNECTIONS}checks:\n  look: {{ probe: {probe}, with: {{ {with} }} }}\n"))
}

fn members(organisation: &str, people: &str) -> Run {
    look("membership", &format!("connection: github, organisation: {organisation}, people: [{people}]"))
}

#[test]
fn a_member_on_the_list_passes_whatever_the_letters() {
    let run = members("acme", "OctoCat");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn a_member_whom_the_first_page_does_not_name_is_asked_for_alone() {
    let run = members("acme", "octocat, workshop-guest-01");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn who_is_not_in_and_who_does_not_exist_are_told_apart() {
    let run = members("acme", "octocat, workshop-guest-03, workshop-guest-04");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["people-absent", "no-such-login"]), 1));
    let seen = |at: usize| run.findings("look")[at]["seen"].as_str().expect("what was seen").to_owned();
    assert_eq!((seen(0), seen(1)), ("1 of 3: workshop-guest-03".to_owned(), "1 of 3: workshop-guest-04".to_owned()));
}

#[test]
fn an_organisation_that_is_closed_to_the_asker_is_unknown() {
    let run = members("closed", "octocat");
    assert_eq!((run.of("look"), run.code), (("unknown", vec!["forbidden"]), 3));
}

#[test]
fn a_token_is_judged_by_the_header_in_either_of_its_forms() {
    let lasting = look("key-expiry", "github: { connection: github }");
    assert_eq!((lasting.of("look"), lasting.code), (("pass", vec![]), 0));
    let ended = look("key-expiry", "github: { connection: old }");
    assert_eq!((ended.of("look"), ended.code), (("fail", vec!["expired"]), 1));
}
