//! Settings that ask for nothing, or for what cannot be, are refused where they stand.

use super::stage::Stage;

#[tokio::test]
async fn what_cannot_be_meant_is_refused_with_its_place_and_a_help() {
    let stage = Stage::of("coder-deployment").await;
    for (with, says) in [
        ("{ connection: coder }", "nothing is asked"),
        ("{ connection: nowhere, seats: true }", "nowhere"),
        ("{ connection: anybody, seats: true }", "has no token"),
        ("{ connection: coder, build: ' ' }", "empty release"),
        ("{ connection: coder, features: [''] }", "names no feature"),
        ("{ connection: coder, tokens: [{ name: '' }] }", "names no token"),
        ("{ connection: coder, sign_up: { through: oidc, organisations: [a] } }", "GitHub's"),
        ("{ connection: coder, sign_up: { through: github, organisations: [] } }", "no organisation"),
        ("{ connection: coder, participants: {} }", "nobody is named"),
        ("{ connection: coder, participants: { names: [a], file: b } }", "each say who comes"),
        ("{ connection: coder, participants: { names: [''] } }", "nobody's"),
        ("{ connection: coder, sign_in: [smoke] }", "smoke"),
        ("{ connection: coder, seets: true }", "seets"),
    ] {
        let problems = stage.item(with, "{}").err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.iter().any(|problem| problem.message.contains(says)), "{with}: {problems:?}");
    }
    assert!(stage.item("{ connection: anybody, sign_in: [github], build: v2 }", "{}").is_ok());
}

#[tokio::test]
async fn each_part_names_the_least_right() {
    let stage = Stage::of("coder-deployment").await;
    let item = stage.item(super::ALL, "{}").expect("an item");
    let rights: Vec<String> = item.access().iter().map(ToString::to_string).collect();
    for right in ["deployment_config:read", "license:read (Owner)", "any token", "api_key:read"] {
        assert!(rights.iter().any(|named| named.contains(right)), "{right}: {rights:?}");
    }
    let anybody = stage.item("{ connection: anybody, sign_in: [github] }", "{}").expect("an item").access();
    assert_eq!(anybody.len(), 1);
}
