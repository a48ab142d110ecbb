//! What is kept quiet within the window.

use super::super::{Evidence, Expect, Manager, Set, codes};
use crate::{
    clients::alertmanager::{Matcher, Silence},
    contract::{Does, Finding, Moment, Remedy, Window, spoken},
};

pub(super) fn judge(
    expect: &Expect,
    evidence: &Evidence,
    manager: &Manager,
    set: &Set,
    window: &Window,
) -> Vec<Finding> {
    let overlaps = |silence: &&Silence| silence.starts_at <= window.closes() && silence.ends_at >= window.opens();
    let is_wanted =
        |silence: &&Silence| expect.allow.iter().any(|name| *name == silence.id || *name == silence.created_by);
    let found = set.silences.iter().filter(overlaps).filter(|silence| !is_wanted(silence));
    found.map(|silence| silenced(evidence, manager, silence, window)).collect()
}

fn silenced(evidence: &Evidence, manager: &Manager, silence: &Silence, window: &Window) -> Finding {
    let (from, to) = (window.clock(silence.starts_at), window.clock(silence.ends_at));
    let length = spoken(silence.ends_at.duration_since(silence.starts_at));
    let comment = if silence.comment.is_empty() { String::new() } else { format!(": {}", silence.comment) };
    let held =
        evidence.alerts.iter().filter(|(_, labels)| !silence.matchers.iter().any(|matcher| matcher.rules_out(labels)));
    let held: Vec<&str> = held.map(|(name, _)| name.as_str()).collect();
    let url = format!("--alertmanager.url={}", manager.url);
    let expire = Remedy::run(["amtool", "silence", "expire", &url, &silence.id]);
    let opens = (window.clock(window.opens()), window.clock(window.closes()));
    Finding::new(codes::SILENCE_IN_WINDOW, silence.id.clone())
        .expected(format_args!("no silence from {} to {}", opens.0, opens.1))
        .seen(format_args!(
            "{} from {from} to {to} ({length}), by {}{comment}; holds back {}",
            matched(silence),
            silence.created_by,
            held.join(", ")
        ))
        .mended_by(expire.saying("ask its author, then end it"))
}

/// `severity="page", instance=~"db.*"`.
fn matched(silence: &Silence) -> String {
    silence.matchers.iter().map(Matcher::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn moments(set: &Set) -> Vec<Moment> {
    let of = |silence: &Silence| {
        let says = format!("alerts with {} are not heard", matched(silence));
        let begins = Moment::new(silence.starts_at, Does::Begins, format!("silence {}", silence.id)).saying(says);
        [begins, Moment::new(silence.ends_at, Does::Ends, format!("silence {}", silence.id))]
    };
    set.silences.iter().flat_map(of).collect()
}
