//! One question, one answer.

use super::*;

#[tokio::test]
async fn an_answer_has_its_flags_and_all_its_sections() {
    let stage = Stage::of(dns()).await;
    let cx = stage.context();
    let resolved = cx.dns(question("x.ai.example.com.", "1.1.1.1")).await.expect("an answer");
    assert_eq!((resolved.rcode, resolved.ra, resolved.aa), (Rcode::NoError, true, false));
    assert_eq!(resolved.addresses().count(), 2);
    let name = Name::from_ascii("ns3.example.com.").expect("a name");
    let own = Question::authoritative("192.0.2.1:53".parse().expect("a socket"), name, RecordType::A);
    let denied = cx.dns(own).await.expect("an answer");
    assert_eq!((denied.rcode, denied.ra, denied.aa), (Rcode::NxDomain, false, true));
    assert_eq!(denied.soa().map(|(zone, _)| zone), Some("example.com"));
    assert_eq!(denied.negative_ttl(), Some(300));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_again_over_tcp() {
    let addresses = (0..200_u8).map(|n| format!("203.0.113.{n}"));
    let many = addresses.fold(Zone::new("many.example"), |zone, address| zone.address("many.example", &address));
    let stage = Stage::of(Dns::default().zone(many)).await;
    let reply = stage.context().dns(question("many.example.", "1.1.1.1")).await.expect("an answer");
    assert!(reply.tc);
    assert_eq!(reply.addresses().count(), 200);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_and_not_to_be_had_over_tcp_is_no_answer() {
    let stage = Stage::of(dns()).await;
    stage.inject(Rule::on(System::Dns, Fault::Truncated));
    let missing = stage.context().dns(question("x.ai.example.com.", "1.1.1.1")).await.expect_err("nothing");
    assert_eq!(missing.why, Why::Unreachable);
}

#[tokio::test]
async fn whatever_is_no_answer_to_this_question_is_not_taken_for_one() {
    for (fault, why) in [
        (Fault::WrongId, Why::TimedOut),
        (Fault::Hang, Why::TimedOut),
        (Fault::Malformed, Why::Malformed),
        (Fault::Refuse, Why::Unreachable),
    ] {
        let stage = Stage::of(dns()).await;
        stage.inject(Rule::on(System::Dns, fault));
        let missing = stage.context().dns(question("x.ai.example.com.", "1.1.1.1")).await.expect_err("nothing");
        assert_eq!(missing.why, why, "{fault:?}");
        assert_eq!(missing.asked, "A x.ai.example.com at 1.1.1.1");
        let by_hand = missing.remedy.and_then(|remedy| remedy.command).expect("a command");
        assert_eq!(by_hand.as_str(), "dig @1.1.1.1 -q x.ai.example.com -t A");
    }
}

#[tokio::test]
async fn a_lost_datagram_is_sent_again() {
    let stage = Stage::of(dns()).await;
    stage.inject(Rule::on(System::Dns, Fault::Hang).times(1));
    let cx = stage.context();
    assert!(cx.dns(question("x.ai.example.com.", "1.1.1.1")).await.is_ok());
    assert_eq!(cx.trace().attempts(), 1, "a datagram may be lost: that is no flaky answer");
}

#[tokio::test]
async fn servfail_and_refused_are_answers() {
    for (fault, rcode) in [(Fault::Servfail, Rcode::ServFail), (Fault::Refused, Rcode::Refused)] {
        let stage = Stage::of(dns()).await;
        stage.inject(Rule::on(System::Dns, fault));
        let reply = stage.context().dns(question("x.ai.example.com.", "1.1.1.1")).await.expect("an answer");
        assert_eq!(reply.rcode, rcode);
    }
}

#[tokio::test]
async fn the_zone_of_a_name_is_the_closest_one_even_where_the_name_is_an_alias_elsewhere() {
    let stage = Stage::of(dns()).await;
    let resolver = "1.1.1.1:53".parse().expect("a socket");
    for name in ["ai.example.com.", "x.ai.example.com.", "example.com.", "a.b.c.example.com."] {
        let name = Name::from_ascii(name).expect("a name");
        let zone = stage.context().zone_of(resolver, &name).await.expect("a zone");
        let servers: Vec<_> = zone.servers.iter().map(|server| server.name.as_str()).collect();
        assert_eq!((zone.name.as_str(), servers), ("example.com", vec!["ns1.example.com", "ns2.example.com"]));
        assert_eq!(zone.servers[0].addresses.as_ref().map(Vec::len), Ok(1));
    }
}

#[tokio::test]
async fn the_zone_behind_a_lame_delegation_is_found_through_its_parent() {
    let mut dns = dns();
    dns.zones[0] = dns.zones[0]
        .clone()
        .delegation("ai.example.com", "ns1.gone.example")
        .delegation("ai.example.com", "ns3.example.com")
        .address("ns3.example.com", "192.0.2.3");
    let child = Zone::new("ai.example.com").name_server("ns3.example.com").alias("*.ai.example.com", "lb.example.net");
    let dns = dns.zone(child).server(Server::new("ns3.example.com", "192.0.2.3").lame("ai.example.com", Lame::Refuses));
    let stage = Stage::of(dns).await;
    let name = Name::from_ascii("ai.example.com.").expect("a name");
    let zone = stage.context().zone_of("1.1.1.1:53".parse().expect("a socket"), &name).await.expect("a zone");
    assert_eq!(zone.name, "ai.example.com");
    assert_eq!(zone.servers.len(), 2);
}
