//! The world's servers against what BIND, Knot and Unbound answered for the same zones.

use gonogo_world::dns::{Conduct, Dns, Lame, Server, Zone};
use gonogo_world::{State, World};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RecordType;
use jiff::Timestamp;

use super::ask;

const AUTHORITATIVE: &str = include_str!("../../recordings/dns/authoritative-matrix.txt");
const RECURSIVE: &str = include_str!("../../recordings/dns/recursive-matrix.txt");

/// What stands for no answer.
const SILENCE: &str = "silence";

/// One recorded line: port, name, type and what came.
struct Row<'a> {
    port: &'a str,
    name: &'a str,
    kind: RecordType,
    came: String,
}

fn rows(text: &str) -> Vec<Row<'_>> {
    text.lines().map_while(row).collect()
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut words = line.split_whitespace();
    let (port, name, kind) = (words.next()?, words.next()?, words.next()?.parse().ok()?);
    let came = words.filter(|word| *word != "flags:").collect::<Vec<_>>().join(" ");
    let came = if came.contains("timed out") { SILENCE.to_owned() } else { came.replace(" |", "|") };
    Some(Row { port, name, kind, came })
}

fn rendered(reply: Option<&Message>) -> String {
    let Some(reply) = reply else {
        return SILENCE.to_owned();
    };
    let code = match reply.metadata.response_code {
        ResponseCode::NoError => "NOERROR",
        ResponseCode::NXDomain => "NXDOMAIN",
        ResponseCode::ServFail => "SERVFAIL",
        ResponseCode::Refused => "REFUSED",
        _ => "?",
    };
    let answers = ask::lines(&reply.answers).join(" ");
    let authorities = ask::lines(&reply.authorities).join(" ");
    let authorities = if authorities.is_empty() { authorities } else { format!("|AUTH: {authorities}") };
    format!("{code} {answers}{authorities}").trim().replace(" |", "|")
}

fn example() -> Zone {
    Zone::new("example.test")
        .name_server("ns1.example.test")
        .address("ns1.example.test", "198.51.100.53")
        .address("ai.example.test", "192.0.2.10")
        .address("*.ai.example.test", "192.0.2.11")
        .address("*.ai.example.test", "2001:db8::11")
        .address("x.foo.ai.example.test", "192.0.2.99")
        .text("_acme-challenge.team1.ai.example.test", "proof")
        .alias("*.cn.example.test", "lb.example.test")
        .address("lb.example.test", "192.0.2.20")
        .alias("*.dangling.example.test", "gone.example.test")
        .alias("*.ext.example.test", "outside.invalid-zone.test")
        .text("*.txtonly.example.test", "text")
        .alias("loop1.example.test", "loop2.example.test")
        .alias("loop2.example.test", "loop1.example.test")
        .delegation("sub.example.test", "ns.sub.example.test")
        .delegation("lame.example.test", "ns.lame.example.test")
}

fn recorded() -> Dns {
    let mut silent = Server::new("ns.lame.example.test", "198.51.100.55");
    silent.conduct = Conduct::Silent;
    Dns::default()
        .zone(example())
        .zone(
            Zone::new("sub.example.test")
                .name_server("ns.sub.example.test")
                .address("h.sub.example.test", "192.0.2.30"),
        )
        .zone(Zone::new("lame.example.test").name_server("ns.lame.example.test"))
        .zone(Zone::new("dead.test").name_server("ns.lame.example.test"))
        .zone(Zone::new("broken.test").name_server("ns1.example.test"))
        .zone(Zone::new("invalid-zone.test").name_server("nobody.invalid-zone.test"))
        .zone(Zone::new("org").name_server("nobody.invalid-zone.test"))
        .zone(Zone::new("signed.test").name_server("ns1.example.test").address("*.ai.signed.test", "192.0.2.11"))
        .server(Server::new("ns1.example.test", "198.51.100.53").lame("broken.test", Lame::Servfail))
        .server(Server::new("ns.sub.example.test", "198.51.100.54"))
        .server(silent)
}

async fn world() -> World {
    let mut state = State::empty(Timestamp::UNIX_EPOCH);
    state.dns = recorded();
    World::start(state).await.expect("loopback ports")
}

#[tokio::test]
async fn an_authoritative_server_answers_as_bind_does_and_follows_a_loop_as_knot_does() {
    let world = world().await;
    let server = ask::at(&world, "198.51.100.53");
    let is_model = |row: &Row<'_>| row.port == if row.name.starts_with("loop") { "15054" } else { "15053" };
    let rows: Vec<_> = rows(AUTHORITATIVE).into_iter().filter(is_model).collect();
    assert_eq!(rows.len(), 19, "the recording was not read whole");
    for row in rows {
        let question = ask::iterative(row.name, row.kind);
        let reply = ask::udp(server, &question).await;
        assert_eq!(rendered(reply.as_ref()), row.came, "{} {} over UDP", row.name, row.kind);
        let reply = ask::tcp(server, &question).await;
        assert_eq!(rendered(reply.as_ref()), row.came, "{} {} over TCP", row.name, row.kind);
    }
}

#[tokio::test]
async fn a_resolver_answers_as_unbound_does() {
    let world = world().await;
    let rows = rows(RECURSIVE);
    assert_eq!(rows.len(), 21, "the recording was not read whole");
    for row in rows {
        let question = ask::question(row.name, row.kind);
        if row.came == SILENCE {
            assert!(ask::is_silent(world.resolvers()[0], &question).await, "{}", row.name);
            continue;
        }
        let reply = ask::udp(world.resolvers()[0], &question).await;
        assert_eq!(rendered(reply.as_ref()), row.came, "{} {}", row.name, row.kind);
    }
}
