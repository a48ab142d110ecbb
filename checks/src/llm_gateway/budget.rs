//! A key against the crowd: in force, allowed the models, with money enough and rates high enough.

use super::{Expect, Key, Refused, Served, codes, models::denials, rates};
use crate::{
    clients::litellm::spend::Purse,
    contract::{Finding, Remedy, Window, values::Percent},
    key_expiry::codes as key,
};
use jiff::Timestamp;

/// The keys that count: those that have not ended, for the gateway lists ended ones of the same alias too; where all have,
/// the one that did last.
pub(super) fn counting(keys: &[Key], now: Timestamp) -> Vec<&Key> {
    let live: Vec<&Key> = keys.iter().filter(|key| !key.has_ended(now)).collect();
    if live.is_empty() { keys.iter().max_by_key(|key| key.expires).into_iter().collect() } else { live }
}

pub(super) fn judge(expect: &Expect, key: &Key, models: Option<&Served>, window: &Window) -> Vec<Finding> {
    let wanted = models.map_or(&[][..], |models| &models.wanted);
    if let Some(refused) = &key.refused {
        return vec![self::refused(&key.name, refused)];
    }
    if let Some(ended) = key.expires.filter(|_| key.has_ended(window.now)) {
        return vec![self::refused(&key.name, &Refused::Ended(format!("ended {}", window.clock(ended))))];
    }
    let mut findings = Vec::new();
    for purse in &key.purses {
        match purse {
            Err(missing) => findings.push(Finding::unobserved(missing)),
            Ok(purse) => {
                findings.extend(blocked(purse));
                findings.extend(models.iter().flat_map(|models| denials(key, purse, models)));
                findings.extend(money(expect, purse, window));
                findings.extend(rates::judge(expect, purse, wanted, window));
            }
        }
    }
    findings
}

fn refused(name: &str, refused: &Refused) -> Finding {
    let (code, says) = match refused {
        Refused::Ended(says) => (key::EXPIRED, says),
        Refused::Blocked(says) => (key::KEY_BLOCKED, says),
        Refused::Unknown(says) => (key::KEY_REFUSED, says),
        Refused::Missing(says) => (key::KEY_MISSING, says),
    };
    let cure = Remedy::prose("put a key that is in force in its place, or correct the alias");
    Finding::new(code, format!("key {name}")).expected("a key in force").seen(says).mended_by(cure)
}

fn blocked(purse: &Purse) -> Option<Finding> {
    purse.blocked.then(|| {
        Finding::new(key::KEY_BLOCKED, &purse.of).expected("in force").seen("blocked").mended_by(Remedy::prose(
            "find out who switched it off and why; switch it on again, or hand out another key",
        ))
    })
}

/// What will have been spent when the event is over, and the sum in words.
struct Projected {
    total: f64,
    words: String,
}

/// `None` where nobody has said how much each uses, or how many come.
fn projected(expect: &Expect, purse: &Purse, window: &Window) -> Option<Projected> {
    let (each, attendees) = (expect.each_attendee?.dollars?.get(), window.attendees?);
    let is_reset = purse.resets.is_some_and(|resets| resets > window.now && resets < window.opens());
    let (spend, note) = if is_reset { (0.0, " (reset before)") } else { (purse.spend, "") };
    let total = spend + each * f64::from(attendees);
    Some(Projected { total, words: format!("${spend:.2}{note} + {attendees} × ${each:.2} = ${total:.2}") })
}

fn money(expect: &Expect, purse: &Purse, window: &Window) -> Option<Finding> {
    let most = purse.max_budget?;
    let Some(projected) = projected(expect, purse, window) else {
        return Some(
            Finding::new(codes::USE_UNSAID, &purse.of)
                .expected("how many dollars each attendee uses")
                .seen(format_args!("${:.2} of ${most:.2} are spent", purse.spend))
                .mended_by(Remedy::prose("say `each_attendee: { dollars: … }`, and the event's `attendees`")),
        );
    };
    let bar = expect.budget_used_at_most;
    // A budget of nothing is used up, whatever the sum; a little more than the bar by rounding is not more.
    let is_enough = most > 0.0 && projected.total <= most * bar.share() + 1e-9;
    (!is_enough).then(|| {
        let need = if bar.share() > 0.0 { projected.total / bar.share() } else { projected.total };
        Finding::new(codes::BUDGET, &purse.of)
            .expected(format_args!("at most {bar} of its budget used when the event is over"))
            .seen(format_args!("{} of ${most:.2}", projected.words))
            .mended_by(Remedy::prose(format!("raise the budget of {} to at least ${need:.2}", purse.of)))
    })
}

/// `key workshop: $4.20 + 15 × $1.00 = $19.20 of $100.00, 19.2 %`.
pub(super) fn working(expect: &Expect, purse: &Purse, window: &Window) -> Option<String> {
    let (most, projected) = (purse.max_budget?, projected(expect, purse, window)?);
    let share = if most > 0.0 { Percent::of(projected.total / most).to_string() } else { "all".to_owned() };
    Some(format!("{}: {} of ${most:.2}, {share}", purse.of, projected.words))
}
