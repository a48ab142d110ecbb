//! The links in their order, and one that broke.

use super::super::{NO_ANSWER, TLS_BROKEN, WRONG_ANSWER, evidence::Answer, expect::Expect};
use crate::{
    contract::{Code, Finding, Unobserved, Weight, Why, core},
    http::Flaw,
};

/// A link of the chain, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    Name,
    Port,
    Tls,
    Answer,
}

/// Where the chain broke in one try.
#[derive(Clone, Debug)]
pub(super) struct Break {
    pub(super) link: Link,
    pub(super) finding: Finding,
}

impl Break {
    pub(super) const fn new(link: Link, finding: Finding) -> Self {
        Self { link, finding }
    }

    /// What could not be looked at.
    pub(super) fn unseen(link: Link, missing: &Unobserved) -> Self {
        Self { link, finding: Finding::unobserved(missing) }
    }

    /// True where somebody said that it is broken, or at least that it once was not.
    pub(super) fn is_definite(&self) -> bool {
        self.finding.weight == Weight::Fail
    }
}

/// What a connection that stood makes of an error: a silence behind an open port is the server's own.
pub(super) fn broken(link: Link, missing: &Unobserved, subject: &str) -> Break {
    let code = match (missing.why, link) {
        (Why::Untrusted, _) | (Why::Unreachable | Why::TimedOut | Why::Malformed, Link::Tls) => TLS_BROKEN,
        (Why::Unreachable | Why::TimedOut | Why::Malformed, Link::Answer) => NO_ANSWER,
        _ => return Break::unseen(link, missing),
    };
    let expected = if code == TLS_BROKEN { "a TLS handshake" } else { "a whole answer" };
    let mut finding = Finding::new(code, subject).expected(expected).seen(&missing.detail);
    finding.remedy = missing.remedy.as_deref().cloned();
    Break { link, finding }
}

/// What is wrong with an answer: who answers first, then what it says.
pub(super) fn wrong(expect: &Expect, answer: &Answer, subject: &str) -> Option<Finding> {
    let flaw = status(expect, answer).or_else(|| {
        let headers = expect.headers.iter().filter_map(|(name, bar)| bar.judge(name, answer));
        let body = expect.body.iter().flat_map(|bar| bar.judge(&answer.body));
        let flaws: Vec<Flaw> = headers.chain(body).collect();
        // What is certainly wrong says more than what could not be told.
        flaws.iter().find(|flaw| flaw.code.weight == Weight::Fail).or(flaws.first()).cloned()
    })?;
    let code: Code = if flaw.code.weight == Weight::Fail { WRONG_ANSWER } else { flaw.code };
    Some(Finding::new(code, subject).expected(&flaw.expected).seen(&flaw.seen))
}

fn status(expect: &Expect, answer: &Answer) -> Option<Flaw> {
    if expect.status.has(answer.status) {
        return None;
    }
    let seen = match &answer.location {
        Some(to) => format!("status {}, which leads to {to}", answer.status),
        None => format!("status {}: {}", answer.status, answer.body.words()),
    };
    let code = if answer.status == 429 { core::THROTTLED } else { WRONG_ANSWER };
    Some(Flaw { code, expected: expect.status.to_string(), seen })
}
