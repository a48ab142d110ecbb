//! How many are there, and how many must be.

use super::super::{DELETED, Evidence, Expect, NO_NUMBER, OF_NONE, Object, TOO_FEW, TOO_MANY, UNEXPECTED, Which};
use super::about;
use crate::contract::{
    Finding, Remedy, Window,
    values::{Need, Scaled, TooMany},
};

pub(super) fn count(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Which::Named(_) = evidence.which {
        findings.extend(
            evidence.objects.iter().filter(|object| object.is_deleting()).map(|one| leaving(evidence, one, window)),
        );
    }
    if expect.none_expected {
        findings.extend(evidence.objects.iter().map(|object| unexpected(evidence, object)));
    }
    findings.extend(too_few(expect, evidence, window));
    findings.extend(too_many(expect, evidence, window));
    findings.extend(of_none(expect, evidence, window));
    findings
}

fn staying(evidence: &Evidence) -> usize {
    evidence.objects.iter().filter(|object| !object.is_deleting()).count()
}

fn leaving(evidence: &Evidence, object: &Object, window: &Window) -> Finding {
    let since = object.deleted().map_or_else(String::new, |at| format!(" since {}", window.clock(at)));
    about(evidence, DELETED, object).expected("an object that stays").seen(format_args!("it is being deleted{since}"))
}

fn unexpected(evidence: &Evidence, object: &Object) -> Finding {
    let seen = summary(object);
    about(evidence, UNEXPECTED, object).expected(format_args!("no {}", evidence.asked_for())).seen(seen)
}

/// What an object says of itself, in a few words.
fn summary(object: &Object) -> String {
    let word = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        object.at(&path).and_then(|value| value.as_str()).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let words: Vec<String> = [
        word(&["status", "phase"]),
        word(&["status", "reason"]),
        word(&["reason"]),
        word(&["status", "message"]).or_else(|| word(&["message"])).or_else(|| word(&["note"])),
        word(&["metadata", "creationTimestamp"]).map(|at| format!("made {at}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let line = if words.is_empty() { "it is there".to_owned() } else { words.join(", ") };
    super::holds::short(&line)
}

fn too_few(expect: &Expect, evidence: &Evidence, window: &Window) -> Option<Finding> {
    let need = match expect.at_least.need(window.attendees) {
        Ok(need) => need,
        Err(too_many) => return Some(no_number("at_least", evidence, too_many)),
    };
    let (there, leaving) = (staying(evidence), evidence.objects.len() - staying(evidence));
    // Each named object that is missing is a finding of its own; one that could not be read is not known to be missing.
    let is_named = matches!(evidence.which, Which::Named(_)) && expect.at_least == Scaled::Fixed(1);
    if there + evidence.unseen.len() >= need.count as usize || is_named {
        return None;
    }
    let mut seen = format!("{} {}", number(there), evidence.range.words());
    if leaving > 0 {
        seen = format!("{seen}, and {leaving} being deleted");
    }
    match &evidence.among {
        Some(Ok(0)) => seen = format!("{seen}, nor any other {}", evidence.resource.kind),
        Some(Ok(among)) => seen = format!("{seen}, of at least {among} {}", evidence.plural()),
        _ => {}
    }
    let remedy = evidence.list_all().saying("see what is there, and name it in the checklist, or make what is missing");
    Some(
        Finding::new(TOO_FEW, evidence.asked_for())
            .expected(format_args!("at least {}", need.because))
            .seen(seen)
            .mended_by(remedy),
    )
}

fn too_many(expect: &Expect, evidence: &Evidence, window: &Window) -> Option<Finding> {
    match expect.at_most.as_ref()?.need(window.attendees) {
        Err(too_many) => Some(no_number("at_most", evidence, too_many)),
        Ok(Need { count, .. }) if evidence.objects.len() <= count as usize => None,
        Ok(need) => Some(
            Finding::new(TOO_MANY, evidence.asked_for())
                .expected(format_args!("at most {}", need.because))
                .seen(format_args!("{} {}", evidence.objects.len(), evidence.range.words()))
                .mended_by(evidence.list()),
        ),
    }
}

fn no_number(key: &str, evidence: &Evidence, too_many: TooMany) -> Finding {
    Finding::new(NO_NUMBER, evidence.asked_for())
        .expected(format_args!("a number for {} attendees", too_many.attendees))
        .seen(format_args!("the table ends at {}; {} there", too_many.last, staying(evidence)))
        .mended_by(Remedy::prose(format!("add a step to `{key}: {{ by_attendees: … }}` for so many attendees")))
}

/// None of nothing: a selector that cannot match anything says so of every cluster.
fn of_none(expect: &Expect, evidence: &Evidence, window: &Window) -> Option<Finding> {
    if !expect.allows_none(window.attendees) {
        return None;
    }
    match evidence.among.as_ref()? {
        Err(missing) => Some(Finding::unobserved(missing)),
        Ok(0) => Some(
            Finding::new(OF_NONE, evidence.asked_for())
                .expected(format_args!("some {} to choose from {}", evidence.plural(), evidence.range.words()))
                .seen("none at all")
                .mended_by(evidence.list_all().saying("see where they are; an empty place proves nothing")),
        ),
        Ok(_) => None,
    }
}

fn number(count: usize) -> String {
    if count == 0 { "none".to_owned() } else { count.to_string() }
}

/// What was counted, in a line; where nothing was there, how that is known.
pub(in super::super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let counted = format!("{} {}: {}", evidence.asked_for(), evidence.range.words(), number(evidence.objects.len()));
    let counted = match &evidence.among {
        Some(Ok(among)) => format!("{counted} of at least {among}"),
        _ => counted,
    };
    let wanted = match (expect.none_expected, expect.at_least.need(window.attendees)) {
        (true, _) => "none may be there".to_owned(),
        (false, Ok(need)) => format!("at least {}", need.because),
        (false, Err(too_many)) => too_many.to_string(),
    };
    vec![format!("{counted} ({wanted})")]
}
