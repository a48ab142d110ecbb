//! Faults of name servers, and the log of what was asked.

use std::io::ErrorKind;

use gonogo_world::{Fault, Rule, System};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RecordType;

use super::answers::{dns, start};
use super::ask;

fn question() -> Message {
    ask::question("x.ai.example.com", RecordType::A)
}

fn on_resolver(fault: Fault) -> Rule {
    Rule::on(System::Dns, fault).at("8.8.8.8")
}

#[tokio::test]
async fn a_refusing_server_is_refused_by_the_kernel_and_comes_back_under_the_same_port() {
    let world = start(dns()).await;
    let server = ask::at(&world, "8.8.8.8");
    for _ in 0..3 {
        world.inject(on_resolver(Fault::Refuse)).expect("a port that shuts");
        let refused = ask::raw(server, &question()).await.expect_err("nobody there");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert!(ask::tcp(server, &question()).await.is_none());
        world.clear_faults().expect("a port that opens");
        assert_eq!(ask::udp(server, &question()).await.expect("an answer").answers.len(), 1);
        assert_eq!(ask::tcp(server, &question()).await.expect("an answer").answers.len(), 1);
    }
}

#[tokio::test]
async fn failures_are_said_in_the_response_code() {
    let world = start(dns()).await;
    for (fault, code) in [(Fault::Servfail, ResponseCode::ServFail), (Fault::Refused, ResponseCode::Refused)] {
        world.inject(on_resolver(fault)).expect("in force");
        let reply = ask::udp(ask::at(&world, "8.8.8.8"), &question()).await.expect("an answer");
        assert_eq!((reply.metadata.response_code, reply.answers.len()), (code, 0));
        world.clear_faults().expect("over");
    }
}

#[tokio::test]
async fn a_hung_server_saw_the_question_and_says_nothing() {
    let world = start(dns()).await;
    world.inject(on_resolver(Fault::Hang)).expect("in force");
    assert!(ask::is_silent(ask::at(&world, "8.8.8.8"), &question()).await);
    let seen = world.requests();
    let seen = seen.last().expect("the question was seen");
    assert_eq!((seen.system, seen.instance.as_str(), seen.status), (System::Dns, "8.8.8.8", None));
    assert_eq!((seen.method.as_str(), seen.host.as_str()), ("A", "x.ai.example.com"));
}

#[tokio::test]
async fn garbage_is_no_message_and_a_wrong_identifier_is_another_questions_answer() {
    let world = start(dns()).await;
    let server = ask::at(&world, "8.8.8.8");
    world.inject(on_resolver(Fault::Malformed).times(1)).expect("in force");
    let bytes = ask::raw(server, &question()).await.expect("bytes");
    assert!(Message::from_vec(&bytes).is_err());
    world.inject(on_resolver(Fault::WrongId).times(1)).expect("in force");
    let reply = ask::udp(server, &question()).await.expect("an answer");
    assert_ne!(reply.metadata.id, question().metadata.id);
    let reply = ask::udp(server, &question()).await.expect("an answer");
    assert_eq!(reply.metadata.id, question().metadata.id);
}

#[tokio::test]
async fn a_truncated_answer_has_nothing_behind_it_over_tcp_until_the_fault_is_over() {
    let world = start(dns()).await;
    let server = ask::at(&world, "198.51.100.53");
    world.inject(Rule::on(System::Dns, Fault::Truncated).at("ada.dns.example")).expect("in force");
    let cut = ask::udp(server, &question()).await.expect("an answer");
    assert!(cut.metadata.truncation && cut.answers.is_empty());
    assert!(ask::tcp(server, &question()).await.is_none());
    world.clear_faults().expect("over");
    assert!(ask::tcp(server, &question()).await.is_some());
}

#[tokio::test]
async fn a_fault_of_one_name_leaves_the_others_alone() {
    let world = start(dns()).await;
    world.inject(on_resolver(Fault::Servfail).path("x.ai")).expect("in force");
    let server = ask::at(&world, "8.8.8.8");
    let reply = ask::udp(server, &ask::question("ai.example.com", RecordType::A)).await.expect("an answer");
    assert_eq!(reply.metadata.response_code, ResponseCode::NoError);
    let reply = ask::udp(server, &question()).await.expect("an answer");
    assert_eq!(reply.metadata.response_code, ResponseCode::ServFail);
    let codes: Vec<_> = world.requests().iter().map(|asked| asked.status).collect();
    assert_eq!(codes, [Some(0), Some(2)]);
}
