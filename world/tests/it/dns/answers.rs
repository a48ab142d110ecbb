//! Single behaviours that a prober of wildcards depends on.

use gonogo_world::dns::{Conduct, Dns, Lame, Server, Zone};
use gonogo_world::{State, World};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, RecordType};
use jiff::Timestamp;

use super::ask;

fn zone() -> Zone {
    Zone::new("example.com")
        .serial(7)
        .name_server("ada.dns.example")
        .name_server("bob.dns.example")
        .address("ai.example.com", "203.0.113.10")
        .address("*.ai.example.com", "203.0.113.10")
        .address("proxy.ai.example.com", "203.0.113.20")
}

pub fn dns() -> Dns {
    Dns::default()
        .zone(zone())
        .server(Server::new("ada.dns.example", "198.51.100.53"))
        .server(Server::new("bob.dns.example", "198.51.100.54"))
}

pub async fn start(dns: Dns) -> World {
    let mut state = State::empty(Timestamp::UNIX_EPOCH);
    state.dns = dns;
    World::start(state).await.expect("loopback ports")
}

async fn recursively(world: &World, resolver: &str, name: &str, kind: RecordType) -> Message {
    ask::udp(ask::at(world, resolver), &ask::question(name, kind)).await.expect("an answer")
}

async fn directly(world: &World, server: &str, name: &str) -> Message {
    ask::udp(ask::at(world, server), &ask::iterative(name, RecordType::A)).await.expect("an answer")
}

#[tokio::test]
async fn a_closer_name_takes_the_wildcard_away_from_all_below_it() {
    let world = start(dns()).await;
    let reply = directly(&world, "198.51.100.53", "abc.proxy.ai.example.com").await;
    assert_eq!(reply.metadata.response_code, ResponseCode::NXDomain);
    let reply = directly(&world, "198.51.100.53", "abc.other.ai.example.com").await;
    assert_eq!(ask::lines(&reply.answers), ["abc.other.ai.example.com. A 203.0.113.10"]);
}

#[tokio::test]
async fn only_the_authoritative_say_aa_and_only_resolvers_say_ra() {
    let world = start(dns()).await;
    let direct = directly(&world, "198.51.100.53", "x.ai.example.com").await.metadata;
    assert!(direct.authoritative && !direct.recursion_available);
    let resolved = recursively(&world, "8.8.8.8", "x.ai.example.com", RecordType::A).await.metadata;
    assert!(!resolved.authoritative && resolved.recursion_available && resolved.recursion_desired);
    let outside = directly(&world, "198.51.100.53", "other.org").await.metadata;
    assert_eq!((outside.response_code, outside.authoritative), (ResponseCode::Refused, false));
}

#[tokio::test]
async fn a_resolver_leads_to_the_zone_and_to_its_name_servers() {
    let world = start(dns()).await;
    let cut = recursively(&world, "1.1.1.1", "proxy.ai.example.com", RecordType::NS).await;
    assert_eq!(cut.metadata.response_code, ResponseCode::NoError);
    let RData::SOA(soa) = &cut.authorities[0].data else { panic!("no SOA under a negative answer") };
    assert_eq!((soa.serial, cut.authorities[0].name.to_string().as_str()), (7, "example.com."));
    let servers = recursively(&world, "1.1.1.1", "example.com", RecordType::NS).await;
    assert_eq!(ask::lines(&servers.answers), ["example.com. NS ada.dns.example.", "example.com. NS bob.dns.example."]);
    let address = recursively(&world, "1.1.1.1", "bob.dns.example", RecordType::A).await;
    assert_eq!(ask::lines(&address.answers), ["bob.dns.example. A 198.51.100.54"]);
    let none = recursively(&world, "1.1.1.1", "bob.dns.example", RecordType::AAAA).await;
    assert_eq!((none.metadata.response_code, none.answers.len()), (ResponseCode::NoError, 0));
    let soa = recursively(&world, "1.1.1.1", "example.com", RecordType::SOA).await;
    assert_eq!(soa.answers.len(), 1);
}

#[tokio::test]
async fn a_negative_answer_may_be_kept_for_the_lesser_of_minimum_and_soa_ttl() {
    let world = start(dns()).await;
    let kept = |reply: Message| reply.authorities[0].ttl;
    assert_eq!(kept(directly(&world, "198.51.100.53", "nope.example.com").await), 300);
    world.edit(|state| state.dns.zone_mut("example.com").soa.minimum = 86_400);
    assert_eq!(kept(directly(&world, "198.51.100.53", "nope.example.com").await), 1800);
}

#[tokio::test]
async fn an_edit_is_seen_by_the_next_question() {
    let world = start(dns()).await;
    world.edit(|state| {
        state.dns.zone_mut("example.com").repoint("*.ai.example.com", "203.0.113.99");
    });
    let reply = recursively(&world, "9.9.9.9", "x.ai.example.com", RecordType::A).await;
    assert_eq!(ask::lines(&reply.answers), ["x.ai.example.com. A 203.0.113.99"]);
}

#[tokio::test]
async fn a_hijacking_resolver_finds_even_what_cannot_exist() {
    let world = start(dns()).await;
    world.edit(|state| {
        state.dns.resolver_mut("8.8.8.8").hijacks = Some("192.0.2.200".parse().expect("an address"));
    });
    let reply = recursively(&world, "8.8.8.8", "control.invalid", RecordType::A).await;
    assert_eq!(reply.metadata.response_code, ResponseCode::NoError);
    assert_eq!(ask::lines(&reply.answers), ["control.invalid. A 192.0.2.200"]);
    let truth = recursively(&world, "8.8.8.8", "x.ai.example.com", RecordType::A).await;
    assert_eq!(ask::lines(&truth.answers), ["x.ai.example.com. A 203.0.113.10"]);
    let honest = recursively(&world, "1.1.1.1", "control.invalid", RecordType::A).await;
    assert_eq!((honest.metadata.response_code, honest.answers.len()), (ResponseCode::NXDomain, 0));
}

#[tokio::test]
async fn a_stale_resolver_answers_the_old_address_below_the_name_alone() {
    let world = start(dns()).await;
    world.edit(|state| {
        state.dns.resolver_mut("9.9.9.9").keep_stale("*.ai.example.com", &["203.0.113.1"]);
    });
    let stale = recursively(&world, "9.9.9.9", "x.ai.example.com", RecordType::A).await;
    assert_eq!(ask::lines(&stale.answers), ["x.ai.example.com. A 203.0.113.1"]);
    let base = recursively(&world, "9.9.9.9", "ai.example.com", RecordType::A).await;
    assert_eq!(ask::lines(&base.answers), ["ai.example.com. A 203.0.113.10"]);
}

#[tokio::test]
async fn servers_may_disagree_and_a_resolver_believes_the_one_it_asks_first() {
    let mut dns = dns();
    let old = zone().serial(6).address("late.example.com", "203.0.113.6");
    dns.server_mut("bob.dns.example").copies.push(old);
    dns.resolver_mut("8.8.8.8").asks_first = Some("bob.dns.example.".parse().expect("a name"));
    let world = start(dns).await;
    let first = directly(&world, "198.51.100.53", "late.example.com").await;
    assert_eq!(first.metadata.response_code, ResponseCode::NXDomain);
    let second = directly(&world, "198.51.100.54", "late.example.com").await;
    assert_eq!(ask::lines(&second.answers), ["late.example.com. A 203.0.113.6"]);
    let believed = recursively(&world, "8.8.8.8", "late.example.com", RecordType::A).await;
    assert_eq!(believed.answers.len(), 1);
    let believed = recursively(&world, "1.1.1.1", "late.example.com", RecordType::A).await;
    assert_eq!(believed.answers.len(), 0);
}

#[tokio::test]
async fn a_lame_server_refuses_or_answers_without_authority_and_resolvers_pass_it_by() {
    let mut dns = dns();
    let lame = |server: &mut Server, how| server.lame.insert("example.com.".parse().expect("a name"), how);
    lame(dns.server_mut("ada.dns.example"), Lame::Refuses);
    let world = start(dns).await;
    let refused = directly(&world, "198.51.100.53", "ai.example.com").await;
    assert_eq!((refused.metadata.response_code, refused.answers.len()), (ResponseCode::Refused, 0));
    assert_eq!(recursively(&world, "1.1.1.1", "ai.example.com", RecordType::A).await.answers.len(), 1);
    world.edit(|state| lame(state.dns.server_mut("ada.dns.example"), Lame::NotAuthoritative));
    let passed_on = directly(&world, "198.51.100.53", "ai.example.com").await;
    assert_eq!((passed_on.metadata.authoritative, passed_on.answers.len()), (false, 1));
    world.edit(|state| lame(state.dns.server_mut("bob.dns.example"), Lame::Servfail));
    let lost = recursively(&world, "1.1.1.1", "ai.example.com", RecordType::A).await;
    assert_eq!(lost.metadata.response_code, ResponseCode::ServFail);
}

#[tokio::test]
async fn a_failing_resolver_says_servfail_and_a_silent_one_nothing() {
    let world = start(dns()).await;
    world.edit(|state| state.dns.resolver_mut("8.8.8.8").conduct = Conduct::Servfail);
    let failed = recursively(&world, "8.8.8.8", "ai.example.com", RecordType::A).await;
    assert_eq!(failed.metadata.response_code, ResponseCode::ServFail);
    world.edit(|state| state.dns.resolver_mut("8.8.8.8").conduct = Conduct::Silent);
    let question = ask::question("ai.example.com", RecordType::A);
    assert!(ask::is_silent(ask::at(&world, "8.8.8.8"), &question).await);
}

#[tokio::test]
async fn a_large_answer_is_cut_off_over_udp_and_whole_over_tcp() {
    let mut dns = dns();
    for last in 1..=90 {
        dns.zone_mut("example.com").add_address("many.example.com", [203, 0, 113, last].into());
    }
    let world = start(dns).await;
    let server = ask::at(&world, "198.51.100.53");
    let question = ask::iterative("many.example.com", RecordType::A);
    for question in [question.clone(), ask::roomy(question.clone())] {
        let cut = ask::udp(server, &question).await.expect("an answer");
        assert!(cut.metadata.truncation && cut.answers.is_empty());
    }
    let whole = ask::tcp(server, &question).await.expect("an answer");
    assert_eq!((whole.metadata.truncation, whole.answers.len()), (false, 90));
}
