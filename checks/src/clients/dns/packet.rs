//! One question as bytes, and whether bytes answer it.
//!
//! A packet with another id or another question is not ours: it is left alone, for the true answer may follow. Bytes
//! that are no message at all came from the server that was asked, since the socket is connected to it.

use super::Question;
use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};

/// What this client takes over UDP, in bytes: what passes every path unfragmented (the DNS flag day of 2020).
const PAYLOAD: u16 = 1232;
/// The length of a header.
const HEADER: usize = 12;

/// One question as bytes.
pub(super) struct Packet {
    pub(super) bytes: Vec<u8>,
    id: u16,
    query: Query,
}

/// What bytes are to a question.
pub(super) enum Heard {
    /// Its answer.
    Answer(Box<Message>),
    /// Its answer does not fit into a datagram.
    Truncated,
    /// Somebody else's.
    NotOurs,
    /// No message.
    Garbage(String),
}

impl Packet {
    /// The question under a fresh id; `None` where the name is too long to be written.
    pub(super) fn new(question: &Question, with_edns: bool) -> Option<Self> {
        let id = rand::random();
        let query = Query::query(question.name.clone(), question.kind);
        let mut message = Message::new(id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = question.is_recursive;
        message.metadata.checking_disabled = question.is_unchecked;
        message.add_query(query.clone());
        if with_edns {
            let mut edns = Edns::new();
            edns.set_max_payload(PAYLOAD);
            message.set_edns(edns);
        }
        Some(Self { bytes: message.to_vec().ok()?, id, query })
    }

    /// What `bytes` are to this question.
    pub(super) fn hear(&self, bytes: &[u8]) -> Heard {
        let Some(header) = bytes.get(..HEADER) else {
            return Heard::Garbage(format!("{} bytes that are no DNS message", bytes.len()));
        };
        let is_ours = header[..2] == self.id.to_be_bytes();
        let is_answer = header[2] & 0x80 != 0;
        // A message that is cut off may be cut anywhere, so the bit is read before the rest.
        let is_truncated = header[2] & 0x02 != 0;
        match Message::from_vec(bytes) {
            Ok(_) if !is_ours || !is_answer => Heard::NotOurs,
            Ok(message) if !self.is_answered_by(&message) => Heard::NotOurs,
            _ if is_ours && is_answer && is_truncated => Heard::Truncated,
            Ok(message) => Heard::Answer(Box::new(message)),
            Err(error) => Heard::Garbage(format!("an answer that is no DNS message: {error}")),
        }
    }

    fn is_answered_by(&self, message: &Message) -> bool {
        match message.queries.as_slice() {
            [query] => {
                query.name() == self.query.name()
                    && query.query_type() == self.query.query_type()
                    && query.query_class() == self.query.query_class()
            }
            // Servers that could not read or will not take the question may leave it out.
            [] => matches!(
                message.metadata.response_code,
                ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::Refused | ResponseCode::ServFail
            ),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_proto::rr::{Name, RecordType};

    fn question(name: &str) -> Question {
        let name = Name::from_ascii(name).expect("a name");
        Question::recursive("127.0.0.1:53".parse().expect("a socket"), name, RecordType::A)
    }

    fn answer(packet: &Packet, change: impl FnOnce(&mut Message)) -> Vec<u8> {
        let mut message = Message::from_vec(&packet.bytes).expect("our own question");
        message.metadata.message_type = MessageType::Response;
        change(&mut message);
        message.to_vec().expect("an answer")
    }

    #[test]
    fn only_the_same_id_and_question_are_an_answer() {
        let packet = Packet::new(&question("a.example."), true).expect("a packet");
        let hear = |change: fn(&mut Message)| packet.hear(&answer(&packet, change));
        assert!(matches!(hear(|_| ()), Heard::Answer(_)));
        assert!(matches!(hear(|m| m.metadata.id ^= 1), Heard::NotOurs));
        assert!(matches!(hear(|m| m.metadata.message_type = MessageType::Query), Heard::NotOurs));
        assert!(matches!(hear(|m| m.queries = question_of("b.example.")), Heard::NotOurs));
        assert!(matches!(hear(|m| m.queries.clear()), Heard::NotOurs));
        assert!(matches!(hear(|m| m.metadata.truncation = true), Heard::Truncated));
    }

    #[test]
    fn a_server_that_refuses_may_leave_the_question_out() {
        let packet = Packet::new(&question("a.example."), true).expect("a packet");
        let refused = answer(&packet, |message| {
            message.queries.clear();
            message.metadata.response_code = ResponseCode::Refused;
        });
        assert!(matches!(packet.hear(&refused), Heard::Answer(_)));
    }

    #[test]
    fn bytes_that_are_no_message_are_garbage_even_when_cut_short() {
        let packet = Packet::new(&question("a.example."), true).expect("a packet");
        assert!(matches!(packet.hear(b"\xff\xfe\xfdno dns message"), Heard::Garbage(_)));
        assert!(matches!(packet.hear(b""), Heard::Garbage(_)));
    }

    #[test]
    fn an_answer_that_is_cut_off_in_the_middle_of_a_record_is_truncated() {
        let packet = Packet::new(&question("a.example."), false).expect("a packet");
        let mut bytes = answer(&packet, |message| message.metadata.truncation = true);
        bytes[7] = 1;
        bytes.extend([0xc0, 0x0c, 0]);
        assert!(matches!(packet.hear(&bytes), Heard::Truncated));
    }

    fn question_of(name: &str) -> Vec<Query> {
        vec![Query::query(Name::from_ascii(name).expect("a name"), RecordType::A)]
    }
}
