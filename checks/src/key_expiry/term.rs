//! A key's term against the event: from when, until when, and whether its renewal is alive.

use super::{
    codes, cure,
    evidence::{Ends, Key, Renews},
    expect::NeverExpires,
    judge::Bar,
};
use crate::{
    clients::clocks::MOST_SKEW,
    contract::{Code, Finding, Weight, spoken, values::Period},
};
use jiff::{SignedDuration, Timestamp};

/// How long ago a renewal was, and whether that is recent enough.
struct Renewal {
    words: String,
    is_recent: bool,
}

pub(super) fn judge(bar: &Bar<'_>, key: &Key, subject: &str) -> Vec<Finding> {
    let end = match &key.ends {
        Ends::At { time, .. } => at(bar, key, subject, *time),
        Ends::Never { told_by } => never(bar, key, subject, told_by),
        Ends::Untold { says } => Some(untold(bar, key, subject, says)),
    };
    let doubt = key.doubt.as_ref().map(|says| untold(bar, key, subject, says));
    [beginning(bar, key, subject), age(bar, key, subject), end, doubt].into_iter().flatten().collect()
}

fn untold(bar: &Bar<'_>, key: &Key, subject: &str, says: &str) -> Finding {
    let finding = Finding::new(codes::EXPIRY_UNKNOWN, subject).expected(bar.wanted()).seen(says);
    finding.mended_by(cure::anew(bar, &key.name))
}

/// A key that becomes too old before the time until which it is needed: whoever bounds an age may switch the key off in the
/// middle of the event. A warning where that comes within the margin of a warning.
fn age(bar: &Bar<'_>, key: &Key, subject: &str) -> Option<Finding> {
    let most = bar.expect.max_age?;
    let (window, bound) = (bar.window, spoken(most.signed()));
    let warned = bar.warned().unwrap_or(bar.needed).max(bar.needed);
    let by = |time: Timestamp| format!("at most {bound} old {}, {}", window.clock(time), window.against_event(time));
    let finding = Finding::new(codes::KEY_TOO_OLD, subject);
    let Some(made) = key.issued else {
        let finding = finding.weighing(Weight::Unknown).expected(by(bar.needed)).seen("nothing says when it was made");
        return Some(finding.mended_by(cure::anew(bar, &key.name)));
    };
    let is_older = |time: Timestamp| time.duration_since(made) > most.signed();
    let finding = match bar.needed {
        needed if is_older(needed) => finding.expected(by(needed)),
        _ if is_older(warned) => finding.weighing(Weight::Warn).expected(by(warned)),
        _ => return None,
    };
    let seen = format!("made {}, {} ago", window.clock(made), spoken(window.now.duration_since(made)));
    let note = key.note.as_ref().map_or_else(String::new, |note| format!("; {note}"));
    Some(finding.seen(format!("{seen}{note}")).mended_by(cure::anew(bar, &key.name)))
}

fn beginning(bar: &Bar<'_>, key: &Key, subject: &str) -> Option<Finding> {
    let begins = key.begins.filter(|begins| *begins > bar.window.opens())?;
    let opens = bar.window.opens();
    let finding = Finding::new(codes::NOT_VALID_YET, subject)
        .expected(format!("valid from {}, {}", bar.window.clock(opens), bar.window.against_event(opens)))
        .seen(format!("not before {}, {}", bar.window.clock(begins), bar.window.against_event(begins)));
    Some(finding.mended_by(cure::anew(bar, &key.name)))
}

fn never(bar: &Bar<'_>, key: &Key, subject: &str, told_by: &str) -> Option<Finding> {
    let weight = match bar.expect.never(bar.source) {
        NeverExpires::Ok => return None,
        NeverExpires::Warn => Weight::Warn,
        NeverExpires::Fail => Weight::Fail,
    };
    let finding = Finding::new(codes::NEVER_EXPIRES, subject).weighing(weight).expected("a key that ends");
    let made = key.issued.map_or_else(String::new, |made| format!("; made {}", bar.window.clock(made)));
    let note = key.note.as_ref().map_or_else(String::new, |note| format!("; {note}"));
    Some(finding.seen(format!("never ends: {told_by}{made}{note}")).mended_by(cure::never(bar, &key.name)))
}

/// A key that is replaced by itself, cutting nobody off, before it ends: the end is none, where this is seen to work.
fn renewed(bar: &Bar<'_>, key: &Key, subject: &str, renews: &Renews) -> Option<Finding> {
    let within = bar.expect.renewed_within.map_or(SignedDuration::from_hours(1), Period::signed);
    let age = renews.proven.map(|proven| bar.window.now.duration_since(proven));
    // Clocks may differ a little; a renewal that is yet to come proves nothing.
    if age.is_some_and(|age| SignedDuration::from_secs(-MOST_SKEW) <= age && age <= within) {
        return None;
    }
    let last = match age {
        None => "nothing shows that it works".to_owned(),
        Some(age) if age < SignedDuration::ZERO => format!("seen to work in {}, it says", spoken(age)),
        Some(age) => format!("last seen to work {} ago", spoken(age)),
    };
    let finding = Finding::new(codes::RENEWAL_UNPROVEN, subject)
        .expected(format!("renewed within {}", spoken(within)))
        .seen(format!("renewed by {}; {last}", renews.by));
    Some(finding.mended_by(cure::renewal(&key.name)))
}

fn at(bar: &Bar<'_>, key: &Key, subject: &str, ends: Timestamp) -> Option<Finding> {
    let window = bar.window;
    if let Some(renews) = key.renews.as_ref().filter(|_| ends > window.now) {
        // One that outlives the event needs no other.
        return if ends >= bar.needed { None } else { renewed(bar, key, subject, renews) };
    }
    let renewal = bar.expect.renewed_within.map(|within| renewal(key, within, window.now));
    if ends >= bar.needed && ends > window.now {
        return match renewal {
            Some(renewal) => stale(bar, key, subject, &renewal),
            None => soon(bar, key, subject, ends),
        };
    }
    let is_recent = renewal.as_ref().is_some_and(|renewal| renewal.is_recent);
    let code = match is_recent && ends > window.now && ends < window.opens() {
        true if is_too_short(bar, key, ends) => codes::ROTATION_IN_WINDOW,
        true => codes::RENEWAL_DUE,
        false => ending(bar, ends),
    };
    let mut seen = said(bar, ends);
    for more in renewal.iter().map(|renewal| &renewal.words).chain(&key.note) {
        seen = format!("{seen}; {more}");
    }
    if code == codes::ROTATION_IN_WINDOW
        && let Some(issued) = key.issued
    {
        seen = format!("{seen}; lives {}, less than the window", spoken(ends.duration_since(issued)));
    }
    Some(Finding::new(code, subject).expected(bar.wanted()).seen(seen).mended_by(cure::anew(bar, &key.name)))
}

/// Which end is too soon.
fn ending(bar: &Bar<'_>, ends: Timestamp) -> Code {
    let window = bar.window;
    if ends <= window.now {
        codes::EXPIRED
    } else if ends < window.starts {
        codes::EXPIRES_BEFORE_EVENT
    } else if ends < window.ends {
        codes::EXPIRES_DURING_EVENT
    } else {
        codes::EXPIRES_WITHIN_MARGIN
    }
}

fn said(bar: &Bar<'_>, ends: Timestamp) -> String {
    let (clock, now) = (bar.window.clock(ends), bar.window.now);
    if ends <= now {
        format!("expired {clock}, {} ago", spoken(now.duration_since(ends)))
    } else {
        format!("expires {clock}, {}", bar.window.against_event(ends))
    }
}

/// A key that lives shorter than from the window's opening to the time it is needed is renewed within, whenever that is.
fn is_too_short(bar: &Bar<'_>, key: &Key, ends: Timestamp) -> bool {
    let life = key.issued.map(|issued| ends.duration_since(issued));
    life.is_some_and(|life| life < bar.needed.duration_since(bar.window.opens()))
}

fn renewal(key: &Key, within: Period, now: Timestamp) -> Renewal {
    let Some(issued) = key.issued else {
        return Renewal { words: "nothing says when it was last renewed".to_owned(), is_recent: false };
    };
    let age = now.duration_since(issued);
    // Clocks may differ a little; a renewal that is yet to come proves nothing.
    if age < SignedDuration::from_secs(-MOST_SKEW) {
        return Renewal { words: format!("renewed in {}, it says", spoken(age)), is_recent: false };
    }
    let words = format!("last renewed {} ago", spoken(age.max(SignedDuration::ZERO)));
    Renewal { words, is_recent: age <= within.signed() }
}

fn stale(bar: &Bar<'_>, key: &Key, subject: &str, renewal: &Renewal) -> Option<Finding> {
    if renewal.is_recent {
        return None;
    }
    let within = bar.expect.renewed_within?;
    let finding = Finding::new(codes::RENEWAL_STALE, subject)
        .expected(format!("renewed within {}", spoken(within.signed())))
        .seen(&renewal.words);
    Some(finding.mended_by(cure::renewal(&key.name)))
}

fn soon(bar: &Bar<'_>, key: &Key, subject: &str, ends: Timestamp) -> Option<Finding> {
    let (warned, past) = (bar.warned()?, ends.duration_since(bar.window.ends));
    if ends >= warned {
        return None;
    }
    let margin = warned.duration_since(bar.window.ends);
    let step = [1, 3, 7].into_iter().find(|days| past <= SignedDuration::from_hours(days * 24));
    let step = step.map_or_else(String::new, |days| format!(": within the last {days} d"));
    let finding = Finding::new(codes::EXPIRES_SOON, subject)
        .expected(format!("valid for {} past the end", spoken(margin)))
        .seen(format!("{}{step}", said(bar, ends)));
    Some(finding.mended_by(cure::anew(bar, &key.name)))
}
