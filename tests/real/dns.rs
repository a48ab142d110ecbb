//! `dns` against BIND with the hard zones, and unbound in front of it.

use crate::run::{Run, run};

/// A look at one name, asking everybody, with more for its `with` and `expect`.
fn name(name: &str, leads: &str, with: &str, expect: &str) -> Run {
    let asked = if with.contains("resolvers:") { "" } else { "resolvers: [authoritative, system, 1.1.1.1]," };
    run(&format!(
        "checks:\n  look:\n    probe: dns\n    with: {{ names: [{{ name: {name}, {leads} }}], {asked} {with} }}\n    expect: {{ {expect} }}\n"
    ))
}

const OHIO: &str = "target: ohio.cloud.test";

#[test]
fn a_name_that_has_some_of_its_load_balancers_addresses_passes_whoever_is_asked() {
    let run = name("ai.workshop.test", OHIO, "", "");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn an_alias_is_seen_and_a_copy_of_its_addresses_is_told_from_it() {
    let alias = name("someone.ai.workshop.test", "alias: ohio.cloud.test", "", "ttl_at_most: 5m");
    assert_eq!((alias.of("look"), alias.code), (("pass", vec![]), 0));
    let copied = name("ai.workshop.test", "alias: ohio.cloud.test", "", "");
    assert_eq!((copied.of("look"), copied.code), (("warn", vec!["alias-flattened"]), 5));
    let other = name("someone.ai.workshop.test", "alias: london.cloud.test, target: ohio.cloud.test", "", "");
    assert_eq!((other.of("look"), other.code), (("fail", vec!["alias-differs"]), 1));
}

#[test]
fn no_such_name_and_a_name_without_an_address_are_told_apart() {
    for (asked, words) in [("none.cloud.test", "NXDOMAIN"), ("team1.busy.workshop.test", "NOERROR without an address")]
    {
        let run = name(asked, OHIO, "", "");
        assert_eq!((run.of("look"), run.code), (("fail", vec!["name-missing"]), 1), "{asked}");
        let seen = run.findings("look")[0]["seen"].as_str().expect("what was seen");
        assert!(seen.contains(words), "{asked}: {seen}");
    }
}

#[test]
fn another_regions_load_balancer_is_named() {
    let run = name("ai.workshop.test", "target: oregon.cloud.test", "others: { ohio: ohio.cloud.test }", "");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["wrong-target"]), 1));
    let seen = run.findings("look")[0]["seen"].as_str().expect("what was seen");
    assert!(seen.contains("ohio's"), "{seen}");
}

#[test]
fn each_way_in_which_a_name_goes_wrong_has_its_code() {
    for (asked, leads, expect, code) in [
        ("x.dangling.workshop.test", OHIO, "", "alias-broken"),
        ("x.loop.workshop.test", OHIO, "", "alias-broken"),
        ("x.stray.workshop.test", OHIO, "", "stray-aaaa"),
        ("x.sticky.workshop.test", "target: [192.0.2.11]", "ttl_at_most: 5m", "ttl-too-long"),
        ("x.lame.workshop.test", OHIO, "", "lame-server"),
        ("x.ai.split.test", OHIO, "", "authorities-disagree"),
        ("x.ai.bogus.test", "target: [192.0.2.11]", "", "dnssec-bogus"),
        ("ai.workshop.test", "target: gone.cloud.test", "", "target-missing"),
    ] {
        let run = name(asked, leads, "", expect);
        assert_eq!((run.outcome("look"), run.code), ("fail", 1), "{asked}");
        assert!(run.codes("look").contains(&code), "{asked}: {:?}", run.codes("look"));
    }
}

#[test]
fn a_resolver_that_answers_for_everything_proves_nothing() {
    let run = name("ai.workshop.test", "target: [203.0.113.99]", "resolvers: [203.0.113.53]", "");
    assert_eq!((run.of("look"), run.code), (("unknown", vec!["resolver-hijacks"]), 3));
}
