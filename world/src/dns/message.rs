//! One question in, one answer out: headers, EDNS and sizes, the same for every server of the world.

use std::net::IpAddr;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::DNSClass;

use super::Dns;
use super::authority::refuse;
use super::ttl::Fetched;

/// What an answer may fill without EDNS, in bytes.
const PLAIN: u16 = 512;
/// What servers of the world say that they take.
const PAYLOAD: u16 = 1232;

/// Answers a request to the server at an address; `None` when that server says nothing, or is no more.
pub(super) fn answer(dns: &Dns, address: IpAddr, request: &Message, fetched: &mut Fetched) -> Option<Message> {
    if request.metadata.message_type != MessageType::Query {
        return None;
    }
    let mut reply = reply_to(request);
    let [query] = request.queries.as_slice() else {
        refuse(&mut reply, ResponseCode::FormErr);
        return Some(reply);
    };
    if request.metadata.op_code != OpCode::Query {
        refuse(&mut reply, ResponseCode::NotImp);
        return Some(reply);
    }
    if query.query_class() != DNSClass::IN {
        refuse(&mut reply, ResponseCode::Refused);
        return Some(reply);
    }
    let (name, kind) = (query.name(), query.query_type());
    let is_answered = if let Some(resolver) = dns.resolvers.iter().find(|resolver| resolver.address == address) {
        resolver.answer(dns, (name, kind), &mut reply, fetched)
    } else {
        let server = dns.servers.iter().find(|server| server.address == address)?;
        server.answer(dns, name, kind, &mut reply)
    };
    is_answered.then_some(reply)
}

/// An empty answer that repeats the question.
pub(super) fn reply_to(request: &Message) -> Message {
    let mut reply = Message::response(request.metadata.id, request.metadata.op_code);
    reply.metadata.recursion_desired = request.metadata.recursion_desired;
    reply.metadata.checking_disabled = request.metadata.checking_disabled;
    reply.add_queries(request.queries.iter().cloned());
    if request.edns.is_some() {
        let mut edns = Edns::new();
        edns.set_max_payload(PAYLOAD);
        reply.set_edns(edns);
    }
    reply
}

/// The answer as it goes over UDP: cut off with TC=1 where the asker takes less.
pub(super) fn fit(request: &Message, reply: &Message) -> Option<Vec<u8>> {
    let room = request.edns.as_ref().map_or(PLAIN, |edns| edns.max_payload().clamp(PLAIN, PAYLOAD));
    let whole = reply.to_vec().ok()?;
    if whole.len() <= usize::from(room) {
        return Some(whole);
    }
    cut_off(reply).to_vec().ok()
}

/// The answer with TC=1 and nothing in it.
pub(super) fn cut_off(reply: &Message) -> Message {
    let mut cut = reply_to(reply);
    cut.metadata = reply.metadata;
    cut.metadata.truncation = true;
    cut
}
