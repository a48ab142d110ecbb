//! `dns-wildcard` against BIND with the hard zones, and unbound in front of it.

use crate::run::{Run, run};

/// A look at `domain`, asking everybody, with more for its `with` and `expect`.
fn wildcard(domain: &str, target: &str, with: &str, expect: &str) -> Run {
    let asked = if with.contains("resolvers:") { "" } else { "resolvers: [authoritative, system, 1.1.1.1]," };
    run(&format!(
        "checks:\n  look:\n    probe: dns-wildcard\n    with: {{ domain: {domain}, target: {target}, {asked} {with} }}\n    expect: {{ {expect} }}\n"
    ))
}

const OHIO: &str = "ohio.cloud.test";

#[test]
fn a_wildcard_that_leads_to_its_load_balancer_passes_whoever_is_asked() {
    let run = wildcard("ai.workshop.test", OHIO, "names: [team1, someone.else]", "deep: true");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn a_deeper_domain_with_a_wildcard_of_its_own_passes() {
    let run = wildcard("emea.ai.workshop.test", "london.cloud.test", "names: [\"@\"]", "");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn a_name_that_exists_ends_the_wildcard_above_it() {
    let run = wildcard("oregon.ai.workshop.test", "oregon.cloud.test", "", "");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["wildcard-missing"]), 1));
}

#[test]
fn a_certificates_challenge_takes_a_users_name_out_of_the_wildcard() {
    let unnamed = wildcard("busy.workshop.test", OHIO, "names: [team2]", "");
    assert_eq!((unnamed.of("look"), unnamed.code), (("pass", vec![]), 0));
    let named = wildcard("busy.workshop.test", OHIO, "names: [team1, team2]", "");
    assert_eq!((named.of("look"), named.code), (("fail", vec!["name-missing"]), 1));
    let subject = named.findings("look")[0]["subject"].as_str().expect("a subject");
    assert!(subject.contains("team1") && !subject.contains("team2"), "{subject}");
}

#[test]
fn an_alias_to_nothing_and_one_in_a_circle_are_broken() {
    for domain in ["dangling.workshop.test", "loop.workshop.test"] {
        let run = wildcard(domain, OHIO, "", "");
        assert_eq!((run.outcome("look"), run.code), ("fail", 1), "{domain}");
        assert!(run.codes("look").contains(&"alias-broken"), "{domain}: {:?}", run.codes("look"));
    }
}

#[test]
fn another_regions_load_balancer_is_named() {
    let run = wildcard("wrong.workshop.test", OHIO, "others: { london: london.cloud.test }", "");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["wrong-target"]), 1));
    let seen = run.findings("look")[0]["seen"].as_str().expect("what was seen");
    assert!(seen.contains("london"), "{seen}");
}

#[test]
fn an_ipv6_address_that_the_load_balancer_lacks_is_a_stray() {
    let run = wildcard("stray.workshop.test", OHIO, "", "");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["stray-aaaa"]), 1));
}

#[test]
fn an_answer_that_is_kept_for_a_day_is_kept_too_long() {
    let run = wildcard("sticky.workshop.test", "[192.0.2.11]", "", "ttl_at_most: 5m");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["ttl-too-long"]), 1));
}

#[test]
fn a_delegation_to_a_server_that_does_not_serve_the_zone_is_lame() {
    let run = wildcard("lame.workshop.test", OHIO, "", "");
    assert_eq!((run.outcome("look"), run.code), ("fail", 1));
    assert!(run.codes("look").contains(&"lame-server"), "{:?}", run.codes("look"));
}

#[test]
fn a_name_server_that_has_fallen_behind_disagrees() {
    let run = wildcard("ai.split.test", OHIO, "", "");
    assert_eq!((run.outcome("look"), run.code), ("fail", 1));
    assert!(run.codes("look").contains(&"authorities-disagree"), "{:?}", run.codes("look"));
}

#[test]
fn a_signed_wildcard_passes_through_a_validating_resolver() {
    let run = wildcard("ai.signed.test", "[192.0.2.11]", "", "deep: true");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn a_zone_whose_signatures_do_not_hold_is_bogus_though_its_own_server_answers() {
    let run = wildcard("ai.bogus.test", "[192.0.2.11]", "", "");
    assert_eq!((run.outcome("look"), run.code), ("fail", 1));
    assert!(run.codes("look").contains(&"dnssec-bogus"), "{:?}", run.codes("look"));
}

#[test]
fn a_resolver_that_answers_for_everything_proves_nothing() {
    let run = wildcard("ai.workshop.test", "[203.0.113.99]", "resolvers: [203.0.113.53]", "");
    assert_eq!((run.of("look"), run.code), (("unknown", vec!["resolver-hijacks"]), 3));
}

#[test]
fn a_domain_below_a_zone_without_a_wildcard_is_missing() {
    let run = wildcard("none.cloud.test", OHIO, "", "");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["wildcard-missing"]), 1));
}

#[test]
fn a_silent_resolver_is_no_answer() {
    // Bound and never read: what a dead upstream looks like from here.
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let resolver = silent.local_addr().expect("its address");
    let run = wildcard("ai.workshop.test", "[192.0.2.11, 192.0.2.12]", &format!("resolvers: [\"{resolver}\"]"), "");
    assert_eq!((run.of("look"), run.code), (("unknown", vec!["timed-out"]), 3));
}
