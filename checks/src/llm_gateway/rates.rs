//! Requests and tokens a minute, and requests at once, against those of the crowd in its busiest minute.

use super::{Amount, Expect, codes};
use crate::{
    clients::litellm::spend::Purse,
    contract::{Code, Finding, Remedy, Window, short},
};

/// What the crowd makes in its busiest minute, and the product in words.
pub(super) struct Crowd {
    pub(super) count: f64,
    pub(super) words: String,
}

/// `None` where nobody has said how many each makes, or how many come.
pub(super) fn crowd(each: Option<Amount>, window: &Window) -> Option<Crowd> {
    let (each, attendees) = (each?.get(), window.attendees?);
    let count = each * f64::from(attendees);
    Some(Crowd { count, words: format!("{count} for {attendees} attendees × {each}") })
}

/// One limit.
struct Limit<'a> {
    code: Code,
    what: &'static str,
    /// `a minute`, `at once`.
    per: &'static str,
    setting: &'static str,
    each: Option<Amount>,
    most: f64,
    of: &'a str,
}

impl Limit<'_> {
    fn judge(&self, window: &Window) -> Option<Finding> {
        let Some(crowd) = crowd(self.each, window) else {
            return Some(
                Finding::new(codes::USE_UNSAID, self.of)
                    .expected(format_args!("how many {} {} each attendee makes", self.what, self.per))
                    .seen(format_args!("{} {} {} are allowed", self.most, self.what, self.per))
                    .mended_by(Remedy::prose(format!(
                        "say `each_attendee: {{ {}: … }}`, and the event's `attendees`",
                        self.setting
                    ))),
            );
        };
        (self.most < crowd.count).then(|| {
            Finding::new(self.code, self.of)
                .expected(format_args!("{} {} {}", crowd.words, self.what, self.per))
                .seen(format_args!("{} allowed", self.most))
                .mended_by(Remedy::prose(format!("raise the limit of {} to at least {}", self.of, crowd.count)))
        })
    }
}

fn limits<'a>(expect: &Expect, purse: &'a Purse) -> impl Iterator<Item = Limit<'a>> {
    let each = expect.each_attendee;
    let row = |code, what, per, setting, each, limit: Option<f64>| {
        Some(Limit { code, what, per, setting, each, most: limit?, of: &purse.of })
    };
    let requests = each.and_then(|each| each.requests_per_minute);
    let tokens = each.and_then(|each| each.tokens_per_minute);
    let at_once = each.and_then(|each| each.requests_at_once);
    [
        row(codes::RPM, "requests", "a minute", "requests_per_minute", requests, purse.rpm),
        row(codes::TPM, "tokens", "a minute", "tokens_per_minute", tokens, purse.tpm),
        row(codes::AT_ONCE, "requests", "at once", "requests_at_once", at_once, purse.at_once),
    ]
    .into_iter()
    .flatten()
}

pub(super) fn judge(expect: &Expect, purse: &Purse, wanted: &[String], window: &Window) -> Vec<Finding> {
    let each = expect.each_attendee;
    let requests = (codes::RPM, "requests", "requests_per_minute", each.and_then(|each| each.requests_per_minute));
    let tokens = (codes::TPM, "tokens", "tokens_per_minute", each.and_then(|each| each.tokens_per_minute));
    let rows = purse.model_rpm.iter().map(|row| (requests, row)).chain(purse.model_tpm.iter().map(|row| (tokens, row)));
    // Where nobody said which models are used, any of them may be.
    let rows = rows.filter(|(_, (model, _))| wanted.is_empty() || wanted.contains(model));
    let models = rows.filter_map(|((code, what, setting, each), (model, most))| {
        let of = format!("{} for {}", purse.of, short(model, 80));
        Limit { code, what, per: "a minute", setting, each, most: *most, of: &of }.judge(window)
    });
    limits(expect, purse).filter_map(|limit| limit.judge(window)).chain(models).collect()
}

/// `key workshop: 90 for 15 attendees × 6 of 600 requests a minute`.
pub(super) fn working(expect: &Expect, purse: &Purse, window: &Window) -> Vec<String> {
    let line = |limit: Limit<'_>| {
        let crowd = crowd(limit.each, window)?;
        Some(format!("{}: {} of {} {} {}", limit.of, crowd.words, limit.most, limit.what, limit.per))
    };
    limits(expect, purse).filter_map(line).collect()
}
