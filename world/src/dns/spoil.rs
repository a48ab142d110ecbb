//! What a fault makes of a DNS answer.
//!
//! Understood are `Refuse`, `Reset` (both end a TCP connection and leave a datagram unanswered), `Hang`, `Servfail`, `Refused`,
//! `Malformed`, `Truncated` and `WrongId`. Every other fault is of HTTP and leaves the answer as it was.

use hickory_proto::op::{Message, ResponseCode};

use super::authority::refuse;
use super::message::{cut_off, fit, reply_to};
use crate::fault::Fault;

/// How the question came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Udp,
    Tcp,
}

/// What is done with one question.
#[derive(Debug)]
pub(super) enum Done {
    Sent(Vec<u8>),
    Hung,
    Closed,
    Reset,
}

/// The bytes for the answer, spoilt where a fault says so. A server that says nothing hangs.
pub(super) fn sent(way: Way, fault: Option<Fault>, request: &Message, reply: Option<&Message>) -> Done {
    let refused = |code| {
        let mut reply = reply_to(request);
        refuse(&mut reply, code);
        packed(way, request, &reply)
    };
    match (fault, reply) {
        (Some(Fault::Hang), _) => Done::Hung,
        (Some(Fault::Refuse), _) => Done::Closed,
        (Some(Fault::Reset), _) => Done::Reset,
        (Some(Fault::Servfail), _) => refused(ResponseCode::ServFail),
        (Some(Fault::Refused), _) => refused(ResponseCode::Refused),
        (Some(Fault::Malformed), _) => Done::Sent(b"\xff\xfe\xfdno dns message".to_vec()),
        (Some(Fault::Truncated), _) if way == Way::Tcp => Done::Closed,
        (Some(Fault::Truncated), Some(reply)) => packed(way, request, &cut_off(reply)),
        (Some(Fault::WrongId), Some(reply)) => {
            let mut reply = reply.clone();
            reply.metadata.id ^= 0x5555;
            packed(way, request, &reply)
        }
        (_, Some(reply)) => packed(way, request, reply),
        (_, None) => Done::Hung,
    }
}

fn packed(way: Way, request: &Message, reply: &Message) -> Done {
    let bytes = match way {
        Way::Udp => fit(request, reply),
        Way::Tcp => reply.to_vec().ok(),
    };
    bytes.map_or(Done::Closed, Done::Sent)
}
