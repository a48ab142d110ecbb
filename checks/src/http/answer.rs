//! One answer against the bar: what is wrong with it.

use super::{
    TOO_SLOW, WRONG_REDIRECT, WRONG_STATUS,
    evidence::{Answer, Asked},
    expect::Expect,
};
use crate::contract::{Code, Weight, core, values::Period};
use std::time::Duration;
use url::Url;

/// One thing that is wrong with an answer, or that cannot be told from it.
#[derive(Clone, Debug)]
pub(crate) struct Flaw {
    pub(crate) code: Code,
    pub(crate) expected: String,
    pub(crate) seen: String,
}

impl Flaw {
    pub(super) fn new(code: Code, expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { code, expected: expected.into(), seen: seen.into() }
    }

    /// True where the answer does not say whether it is good.
    pub(super) const fn is_unknown(&self) -> bool {
        matches!(self.code.weight, Weight::Unknown)
    }
}

/// What is wrong with the answer; nothing, where it is good. Where somebody else answers, or the status says that it is
/// another answer, its headers and its body tell nothing more.
pub(super) fn flaws(expect: &Expect, asked: &Asked, answer: &Answer) -> Vec<Flaw> {
    if let Some(flaw) = redirect(expect, asked, answer).or_else(|| status(expect, asked, answer)) {
        return vec![flaw];
    }
    let headers = expect.headers.iter().filter_map(|(name, bar)| bar.judge(name, answer));
    let body = expect.body.iter().flat_map(|bar| bar.judge(&answer.body));
    headers.chain(body).chain(latency(expect, answer)).collect()
}

fn status(expect: &Expect, asked: &Asked, answer: &Answer) -> Option<Flaw> {
    let statuses = expect.statuses(answer.landed.is_some());
    if statuses.has(answer.status) {
        return None;
    }
    let code = if answer.status == 429 { core::THROTTLED } else { WRONG_STATUS };
    let seen = match (&answer.location, &answer.landed) {
        (Some(to), _) => format!("{}, which leads to {}", answer.status, place(asked, to)),
        (None, Some(landed)) => format!("{} after a redirect to {landed}: {}", answer.status, answer.body.words()),
        (None, None) => format!("{}: {}", answer.status, answer.body.words()),
    };
    Some(Flaw::new(code, statuses.to_string(), seen))
}

fn redirect(expect: &Expect, asked: &Asked, answer: &Answer) -> Option<Flaw> {
    let to = answer.landed.as_ref().or(answer.location.as_ref());
    match (&expect.redirects_to, to) {
        (Some(wanted), Some(to)) if wanted.is_at(to) => None,
        (Some(wanted), to) => {
            let seen = to.map_or_else(
                || format!("no redirect: {}, {}", answer.status, answer.body.words()),
                |to| place(asked, to),
            );
            Some(Flaw::new(WRONG_REDIRECT, format!("a redirect to {wanted}"), seen))
        }
        (None, _) => {
            let landed = answer.landed.as_ref().filter(|landed| is_elsewhere(asked, landed))?;
            let host = asked.url.host_str().unwrap_or_default();
            Some(Flaw::new(WRONG_REDIRECT, format!("an answer of {host}"), place(asked, landed)))
        }
    }
}

/// Another host, or the same without TLS where TLS was asked for.
fn is_elsewhere(asked: &Asked, to: &Url) -> bool {
    asked.url.host_str() != to.host_str() || (asked.url.scheme() == "https" && to.scheme() != "https")
}

fn place(asked: &Asked, to: &Url) -> String {
    if asked.url.host_str() != to.host_str() {
        format!("{to} (another host)")
    } else if is_elsewhere(asked, to) {
        format!("{to} (plain http)")
    } else {
        to.to_string()
    }
}

fn latency(expect: &Expect, answer: &Answer) -> Option<Flaw> {
    let bar = expect.latency_below?;
    let took = Period(Duration::from_millis(answer.took_ms));
    (took >= bar).then(|| Flaw::new(TOO_SLOW, format!("an answer in less than {bar}"), took.to_string()))
}
