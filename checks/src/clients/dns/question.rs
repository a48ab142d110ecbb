//! One question to one server, and how to put it by hand.

use crate::contract::Remedy;
use hickory_proto::rr::{Name, RecordType};
use std::net::SocketAddr;

/// One question to one server.
#[derive(Clone, Debug)]
pub struct Question {
    /// The server, as it is known; where the checklist leads it elsewhere, the socket goes there.
    pub server: SocketAddr,
    /// The name.
    pub name: Name,
    /// The type of record.
    pub kind: RecordType,
    /// True to be answered by recursion (RD); false for an authoritative server.
    pub is_recursive: bool,
    /// True to be answered without DNSSEC validation (CD).
    pub is_unchecked: bool,
    /// True to be asked for this asker alone: nobody else will ever ask for a random name.
    pub is_alone: bool,
}

impl Question {
    /// A question to a recursive resolver, shared within the run.
    #[must_use]
    pub const fn recursive(server: SocketAddr, name: Name, kind: RecordType) -> Self {
        Self { server, name, kind, is_recursive: true, is_unchecked: false, is_alone: false }
    }

    /// A question to an authoritative server, shared within the run.
    #[must_use]
    pub const fn authoritative(server: SocketAddr, name: Name, kind: RecordType) -> Self {
        Self { server, name, kind, is_recursive: false, is_unchecked: false, is_alone: false }
    }

    /// Asks for this asker alone.
    #[must_use]
    pub const fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Asks for the answer without DNSSEC validation.
    #[must_use]
    pub const fn unchecked(mut self) -> Self {
        self.is_unchecked = true;
        self
    }

    /// What is asked of whom: `A x.example.com at 1.1.1.1`.
    #[must_use]
    pub fn asked(&self) -> String {
        format!("{} {} at {}", self.kind, super::reply::plain(&self.name), shown(self.server))
    }

    /// The same question by hand.
    #[must_use]
    pub fn by_hand(&self) -> Remedy {
        let mut words = vec!["dig".to_owned(), format!("@{}", self.server.ip())];
        if self.server.port() != 53 {
            words.extend(["-p".to_owned(), self.server.port().to_string()]);
        }
        if !self.is_recursive {
            words.push("+norecurse".to_owned());
        }
        if self.is_unchecked {
            words.push("+cd".to_owned());
        }
        // A name from an answer may begin with `+` or `@`; after -q dig takes it for a name.
        words.extend(["-q".to_owned(), super::reply::plain(&self.name), "-t".to_owned(), self.kind.to_string()]);
        Remedy::run(words)
    }

    pub(super) fn key(&self) -> String {
        let flags = (self.is_recursive, self.is_unchecked);
        format!("dns {} {} {} {flags:?}", self.server, self.name.to_lowercase(), self.kind)
    }
}

/// The server's address, with its port where that is not 53.
pub(super) fn shown(server: SocketAddr) -> String {
    if server.port() == 53 { server.ip().to_string() } else { server.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_by_hand_takes_a_strange_name_for_a_name() {
        let labels = [b"-f".as_slice(), b"example", b"test"];
        let name = Name::from_labels(labels).expect("a name");
        let question = Question::authoritative("127.0.0.1:5353".parse().expect("a socket"), name, RecordType::A);
        let by_hand = question.by_hand().command.expect("a command");
        assert_eq!(by_hand.as_str(), r#"dig @127.0.0.1 -p 5353 +norecurse -q "\\-f.example.test" -t A"#);
        assert_eq!(question.asked(), r"A \-f.example.test at 127.0.0.1:5353");
    }
}
