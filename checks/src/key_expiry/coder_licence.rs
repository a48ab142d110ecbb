//! The source `coder_licence`: until when a deployment is licensed, by one licence or by several that follow one another.
//!
//! A licence has two ends: `license_expires`, and `exp`, the end of its grace. The first one counts: in its grace a deployment
//! works, and says so to everyone. A licence in the list need not be one that the deployment accepts: that the entitlements say.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    settings::CoderLicence,
    source::Source,
};
use crate::{
    clients::{
        coder::{
            entitlements::{Entitlements, entitlements},
            licences::{self, Licence},
        },
        connections::Endpoint,
    },
    contract::{Access, Context, Invalid, Place, Secret, Unobserved, Why},
};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

/// One deployment.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Secret,
}

/// A time in which a deployment is licensed without a gap.
#[derive(Clone, Debug, PartialEq)]
struct Span {
    begins: Timestamp,
    ends: Timestamp,
    /// The end of the grace of the licence that ends it.
    grace: Timestamp,
    /// How many licences make it.
    count: usize,
    is_trial: bool,
}

impl Looking {
    pub(super) fn new(settings: &CoderLicence, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "coder", "coder_licence.connection")?;
        let token = super::token_of(&endpoint, "coder_licence.connection")?;
        Ok(Self { endpoint, token })
    }

    pub(super) fn access() -> Vec<Access> {
        vec![Access::new("coder", licences::RIGHT)]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let token = cx.reveal(&self.token)?;
        let source = Source::CoderLicence { url: super::shown(&self.endpoint.url) };
        if super::empty(token.expose_secret()).is_some() {
            let detail = "in the place of the connection's token is none";
            return Err(Unobserved::new(Why::Unconfigured, &self.endpoint.name, detail));
        }
        let (listed, answer) = licences::licences(cx, &self.endpoint, &token).await?;
        let told = entitlements(cx, &self.endpoint, &token).await?;
        let key = match chosen(&joined(listed.iter().map(Span::of).collect()), answer.asked_at) {
            Some(span) => accepted(key(&span), &told, span.begins <= answer.asked_at && answer.asked_at < span.ends),
            None => Key::of("licence", Standing::Missing { says: "the deployment has no licence".to_owned() }),
        };
        Ok(Evidence::of(source, Look::of(&answer), vec![key]))
    }
}

fn key(span: &Span) -> Key {
    let clock = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let mut notes = vec![format!("its grace lasts until {}", clock(span.grace))];
    if span.count > 1 {
        notes.push(format!("{} licences follow one another", span.count));
    }
    if span.is_trial {
        notes.push("a trial".to_owned());
    }
    let ends = Ends::At { time: span.ends, told_by: "license_expires".to_owned() };
    let begins = (span.begins != Timestamp::MIN).then_some(span.begins);
    Key { begins, issued: begins, note: Some(notes.join("; ")), ..Key::ending("licence", ends) }
}

/// The key as the deployment takes it, which leaves out a licence that it cannot read; `is_on` says that it should hold now.
fn accepted(key: Key, told: &Entitlements, is_on: bool) -> Key {
    let errors: Vec<String> = told.errors.iter().flatten().take(3).map(|error| super::plain(error)).collect();
    let complains = (!errors.is_empty()).then(|| format!("the deployment complains: {}", errors.join("; ")));
    if is_on && !told.has_license {
        let says = complains.unwrap_or_else(|| "the deployment says that no licence is in force".to_owned());
        return Key { standing: Standing::Refused { says }, ..key };
    }
    Key { doubt: complains, ..key }
}

impl Span {
    fn of(licence: &Licence) -> Self {
        let Licence { begins, expires, grace_ends, trial, .. } = *licence;
        let begins = begins.unwrap_or(Timestamp::MIN);
        Self { begins, ends: expires, grace: grace_ends, count: 1, is_trial: trial }
    }
}

fn joined(mut all: Vec<Span>) -> Vec<Span> {
    all.sort_by_key(|span| (span.begins, span.ends));
    let mut spans: Vec<Span> = Vec::new();
    for next in all {
        match spans.last_mut() {
            Some(last) if next.begins <= last.ends => {
                last.count += 1;
                if next.ends > last.ends {
                    (last.ends, last.grace, last.is_trial) = (next.ends, next.grace, next.is_trial);
                }
            }
            _ => spans.push(next),
        }
    }
    spans
}

/// The time without a gap that holds now; else the next that will; else the last that did.
fn chosen(spans: &[Span], now: Timestamp) -> Option<Span> {
    let is_over = |span: &&Span| span.ends <= now;
    let next = spans.iter().find(|span| !is_over(span));
    next.or(spans.last()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + day * 86_400).expect("a time")
    }

    fn of(begins: i64, ends: i64) -> Span {
        Span { begins: at(begins), ends: at(ends), grace: at(ends + 30), count: 1, is_trial: false }
    }

    #[test]
    fn licences_that_follow_one_another_count_as_one_and_a_gap_parts_them() {
        let ends = |all: Vec<Span>| chosen(&joined(all), at(0)).map(|span| (span.ends, span.count));
        assert_eq!(ends(vec![of(3, 400), of(-300, 5)]), Some((at(400), 2)));
        assert_eq!(ends(vec![of(-300, 5), of(6, 400)]), Some((at(5), 1)));
        assert_eq!(ends(vec![of(-300, 50), of(-200, 5)]), Some((at(50), 2)));
        assert_eq!(ends(vec![of(-300, -5), of(2, 400)]), Some((at(400), 1)));
        assert_eq!(ends(vec![of(-300, -5)]), Some((at(-5), 1)));
        assert_eq!(ends(Vec::new()), None);
    }
}
