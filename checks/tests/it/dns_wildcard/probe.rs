//! What the probe finds in a world with one thing wrong.

use super::*;
use futures::future::join_all;

#[tokio::test]
async fn a_sound_wildcard_has_nothing_against_it() {
    let stage = Stage::of(dns()).await;
    assert_eq!(stage.codes(USUAL).await, Vec::<String>::new());
    let given = "{ domain: ai.example.com, target: [203.0.113.10, 203.0.113.11] }";
    assert_eq!(stage.codes(given).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_wildcard_that_is_gone_is_one_finding_with_the_record_to_add() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| state.dns.zone_mut("example.com").remove("*.ai.example.com"));
    let findings = stage.findings(USUAL).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].code, "wildcard-missing");
    let remedy = findings[0].remedy.as_ref().expect("a remedy");
    assert!(remedy.says.contains("`*.ai.example.com. 300 IN CNAME lb.example.net.`"), "{}", remedy.says);
}

#[tokio::test]
async fn a_challenge_below_a_name_that_is_in_use_is_named() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| {
        let zone = state.dns.zone_mut("example.com");
        *zone = zone.clone().text("_acme-challenge.team1.ai.example.com", "x");
    });
    let findings = stage.findings(USUAL).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].code, findings[0].subject.as_str()), ("name-missing", "team1.ai.example.com"));
    let remedy = findings[0].remedy.as_ref().expect("a remedy");
    assert!(remedy.says.starts_with("remove TXT _acme-challenge.team1.ai.example.com, which makes"), "{}", remedy.says);
}

#[tokio::test]
async fn a_wildcard_that_leads_to_another_region_says_whose_it_is() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| state.dns.zone_mut("example.com").repoint("*.ai.example.com", "198.51.100.7"));
    let with = "{ domain: ai.example.com, target: lb.example.net, others: { us-west-2: west.example.com } }";
    let findings = stage.findings(with).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].code, "wrong-target");
    assert!(findings[0].seen.contains("198.51.100.7 (us-west-2's)"), "{}", findings[0].seen);
}

#[tokio::test]
async fn a_resolver_that_lies_proves_nothing_and_does_not_spoil_the_target() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| {
        state.dns.zone_mut("example.com").remove("*.ai.example.com");
        state.dns.zone_mut("example.net").remove("lb.example.net");
        for resolver in ["192.0.2.53", "1.1.1.1"] {
            state.dns.resolver_mut(resolver).hijacks = "203.0.113.99".parse().ok();
        }
    });
    let with = "{ domain: ai.example.com, target: lb.example.net, resolvers: [system, 1.1.1.1] }";
    let codes = stage.codes(with).await;
    assert!(codes.contains(&"unknown resolver-hijacks 1.1.1.1".to_owned()), "{codes:?}");
    assert!(codes.iter().all(|code| !code.contains("wildcard")), "{codes:?}");
}

#[tokio::test]
async fn a_silent_server_is_unknown_and_named_once() {
    let stage = Stage::of(dns()).await;
    stage.inject(Rule::on(System::Dns, Fault::Hang).at("8.8.8.8"));
    let findings = stage.findings(USUAL).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].code, findings[0].weight), ("timed-out", Weight::Unknown));
    assert!(findings[0].subject.ends_with("at 8.8.8.8"), "{}", findings[0].subject);
}

#[tokio::test]
async fn a_name_server_that_has_not_heard_of_the_change_disagrees() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| {
        let mut old = state.dns.zone_mut("example.com").clone().serial(7);
        old.remove("*.ai.example.com");
        state.dns.server_mut("ns2.example.com").copies.push(old);
    });
    let findings = stage.findings("{ domain: ai.example.com, target: lb.example.net }").await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].code, "authorities-disagree");
    assert!(findings[0].seen.contains("NXDOMAIN"), "{}", findings[0].seen);
}

#[tokio::test]
async fn a_lame_server_is_a_warning_while_another_serves_the_zone() {
    for (how, words) in [
        (Lame::Refuses, "answers REFUSED"),
        (Lame::Servfail, "answers SERVFAIL"),
        (Lame::NotAuthoritative, "answers without authority"),
    ] {
        let mut dns = dns();
        dns.servers[1] = dns.servers[1].clone().lame("example.com", how);
        let findings = Stage::of(dns).await.findings(USUAL).await;
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(
            (findings[0].code, findings[0].weight, findings[0].seen.as_str()),
            ("lame-server", Weight::Warn, words)
        );
    }
}

#[tokio::test]
async fn a_zone_that_nobody_serves_fails() {
    let mut dns = dns();
    for server in &mut dns.servers {
        *server = server.clone().lame("example.com", Lame::Refuses);
    }
    let codes = Stage::of(dns).await.codes(USUAL).await;
    assert!(codes.iter().any(|code| code.starts_with("fail servfail")), "{codes:?}");
}

#[tokio::test]
async fn an_alias_to_nowhere_and_one_in_a_circle_are_broken() {
    for to in ["gone.example.com", "gone.example.net", "x.ai.example.com"] {
        let stage = Stage::of(dns()).await;
        stage.0.edit(|state| {
            let zone = state.dns.zone_mut("example.com");
            zone.remove("*.ai.example.com");
            *zone = zone.clone().alias("*.ai.example.com", to);
        });
        assert_eq!(stage.codes(USUAL).await, ["fail alias-broken *.ai.example.com"], "{to}");
    }
}

#[tokio::test]
async fn a_target_that_is_gone_is_said_once() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| state.dns.zone_mut("example.net").remove("lb.example.net"));
    assert_eq!(stage.codes(USUAL).await, ["fail target-missing lb.example.net"]);
}

#[tokio::test]
async fn an_ipv6_address_that_the_target_does_not_have_is_stray() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| {
        let zone = state.dns.zone_mut("example.com");
        zone.repoint("*.ai.example.com", "203.0.113.10");
        zone.add_address("*.ai.example.com", "2001:db8::66".parse().expect("an address"));
    });
    assert_eq!(stage.codes(USUAL).await, ["fail stray-aaaa *.ai.example.com"]);
}

#[tokio::test]
async fn an_old_answer_at_one_resolver_is_a_warning_while_there_is_time() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| state.dns.resolver_mut("8.8.8.8").keep_stale("team1.ai.example.com", &["198.51.100.7"]));
    assert_eq!(stage.codes(USUAL).await, ["warn stale-cache team1.ai.example.com"]);
}

#[tokio::test]
async fn a_resolver_that_always_answers_otherwise_than_the_zone_fails() {
    let stage = Stage::of(dns()).await;
    stage.0.edit(|state| state.dns.resolver_mut("8.8.8.8").keep_stale("*.ai.example.com", &["198.51.100.7"]));
    let codes = stage.codes(USUAL).await;
    assert!(codes.contains(&"fail wrong-target *.ai.example.com".to_owned()), "{codes:?}");
}

#[tokio::test]
async fn whatever_a_resolver_does_it_is_never_a_pass() {
    let conducts = [Conduct::Silent, Conduct::Servfail, Conduct::Refuses];
    let each = conducts.into_iter().flat_map(|conduct| ["1.1.1.1", "8.8.8.8"].map(|resolver| (conduct, resolver)));
    join_all(each.map(|(conduct, resolver)| async move {
        let stage = Stage::of(dns()).await;
        stage.0.edit(|state| state.dns.resolver_mut(resolver).conduct = conduct);
        let codes = stage.codes(USUAL).await;
        assert!(codes.iter().any(|code| code.starts_with("unknown")), "{conduct:?} at {resolver}: {codes:?}");
    }))
    .await;
}

#[tokio::test]
async fn whatever_goes_wrong_everywhere_or_at_one_server_it_is_never_a_pass() {
    let faults = [
        Fault::Refuse,
        Fault::Reset,
        Fault::Hang,
        Fault::Servfail,
        Fault::Refused,
        Fault::Malformed,
        Fault::Truncated,
        Fault::WrongId,
    ];
    let wheres = [None, Some("8.8.8.8"), Some("192.0.2.2"), Some("192.0.2.53")];
    let each = faults.into_iter().flat_map(|fault| wheres.map(|at| (fault, at)));
    join_all(each.map(|(fault, at)| async move {
        let stage = Stage::of(dns()).await;
        let rule = Rule::on(System::Dns, fault);
        stage.inject(match at {
            Some(at) => rule.at(at),
            None => rule,
        });
        let codes = stage.codes(USUAL).await;
        let is_guided_by_another = at == Some("192.0.2.53");
        assert!(is_guided_by_another || !codes.is_empty(), "{fault:?} at {at:?}");
    }))
    .await;
}

#[tokio::test]
async fn each_region_of_the_workshop_is_right_once_repaired_and_the_broken_name_is_found_before() {
    use gonogo_world::incidents::{Times, workshop_2024_09_30 as workshop};
    let (now, Window { starts, ends, .. }) = (Timestamp::now(), window());
    for (state, wanted) in [
        (workshop::repaired(Times { now, starts, ends }), &[][..]),
        (workshop::before(Times { now, starts, ends }), &["fail name-missing"][..]),
    ] {
        let stage = Stage(World::start(state).await.expect("a world"));
        let mut found = Vec::new();
        for (domain, region) in [
            ("ai.coder.com", "ohio.elb.us-east-2"),
            ("oregon-proxy.ai.coder.com", "oregon.elb.us-west-2"),
            ("emea-proxy.ai.coder.com", "london.elb.eu-west-2"),
        ] {
            let with = format!(
                "{{ domain: {domain}, target: k8s-coder-{region}.amazonaws.com, names: ['@', team1], \
                 resolvers: [authoritative, system, 1.1.1.1, 8.8.8.8] }}"
            );
            found.extend(stage.codes(&with).await);
        }
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        assert!(found.iter().zip(wanted).all(|(found, wanted)| found.starts_with(wanted)), "{found:?}");
    }
}
