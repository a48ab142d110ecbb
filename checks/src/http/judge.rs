//! Judging: the samples together, then the certificates.

use super::{
    TOO_FEW_GOOD,
    answer::{Flaw, flaws},
    certificate,
    evidence::{Answer, Asked, Evidence},
    expect::Expect,
};
use crate::contract::{Finding, Remedy, Unobserved, Why, Window};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let certificates = certificate::judge(expect, evidence, window);
    let is_explained = certificates.iter().any(|finding| certificate::is_refusal(finding.code));
    let mut findings = samples(expect, evidence);
    // The certificates say why a client refused one.
    findings.retain(|finding| !(is_explained && finding.code == Why::Untrusted.code().id));
    findings.extend(certificates);
    findings
}

/// What one sample proves.
enum Sample<'a> {
    Good,
    Bad(&'a Answer, Vec<Flaw>),
    /// Why not; never empty.
    Unseen(Vec<Finding>),
}

fn samples(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let asked = &evidence.asked;
    let needed = expect.ok.map_or(evidence.samples.len().max(1), |ok| usize::from(ok.get()));
    let samples: Vec<Sample> = evidence.samples.iter().map(|sample| one(expect, asked, sample)).collect();
    let good = samples.iter().filter(|sample| matches!(sample, Sample::Good)).count();
    if good >= needed {
        return Vec::new();
    }
    if let ([only], 1) = (&samples[..], needed) {
        return match only {
            Sample::Good => Vec::new(),
            Sample::Bad(_, flaws) => flaws.iter().map(|flaw| finding(asked, flaw)).collect(),
            Sample::Unseen(findings) => findings.clone(),
        };
    }
    let count = format!("{good} of {} good", samples.len());
    let unseen: Vec<&Finding> = samples.iter().filter_map(unseen).collect();
    match unseen.first() {
        // Those that could not be seen might have been good.
        Some(first) if good + unseen.len() >= needed => {
            let seen = format!("{count}, {} could not be seen; the first: {}", unseen.len(), first.seen);
            vec![(*first).clone().expected(wanted(expect, needed, samples.len())).seen(seen)]
        }
        _ => vec![too_few(expect, asked, &samples, needed, &count)],
    }
}

fn one<'a>(expect: &Expect, asked: &Asked, sample: &'a Result<Answer, Unobserved>) -> Sample<'a> {
    match sample {
        Err(missing) => Sample::Unseen(vec![Finding::unobserved(missing)]),
        Ok(answer) => {
            let flaws = flaws(expect, asked, answer);
            if flaws.is_empty() {
                Sample::Good
            } else if flaws.iter().all(Flaw::is_unknown) {
                Sample::Unseen(flaws.iter().map(|flaw| finding(asked, flaw)).collect())
            } else {
                Sample::Bad(answer, flaws)
            }
        }
    }
}

fn unseen<'a>(sample: &'a Sample<'_>) -> Option<&'a Finding> {
    match sample {
        Sample::Unseen(findings) => findings.first(),
        _ => None,
    }
}

fn too_few(expect: &Expect, asked: &Asked, samples: &[Sample], needed: usize, count: &str) -> Finding {
    let first = samples.iter().enumerate().find_map(|(i, sample)| match sample {
        Sample::Good => None,
        Sample::Bad(answer, flaws) => {
            let who = answer.peer.as_ref().map(|peer| format!(" from {peer}")).unwrap_or_default();
            Some((i + 1, format!("{}{who}", flaws.first().map_or("", |flaw| flaw.seen.as_str()))))
        }
        Sample::Unseen(findings) => {
            Some((i + 1, findings.first().map_or_else(String::new, |first| first.seen.clone())))
        }
    });
    let seen = match first {
        Some((number, first)) => format!("{count}; the first that was not, number {number}: {first}"),
        None => count.to_owned(),
    };
    Finding::new(TOO_FEW_GOOD, subject(asked))
        .expected(wanted(expect, needed, samples.len()))
        .seen(seen)
        .mended_by(by_hand(asked))
}

fn wanted(expect: &Expect, needed: usize, count: usize) -> String {
    format!("{needed} of {count} good: {}", expect.statuses(false))
}

fn finding(asked: &Asked, flaw: &Flaw) -> Finding {
    Finding::new(flaw.code, subject(asked)).expected(&flaw.expected).seen(&flaw.seen).mended_by(by_hand(asked))
}

/// The URL without what is the same for all: `ai.example.com/healthz`.
fn subject(asked: &Asked) -> String {
    let url = &asked.url;
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = if url.path() == "/" { "" } else { url.path() };
    format!("{host}{port}{path}")
}

/// What mends a wrong answer depends on who gave it; the same look shows that.
fn by_hand(asked: &Asked) -> Remedy {
    let mut words = vec!["curl".to_owned(), "-sS".to_owned(), "--max-time".to_owned(), "10".to_owned()];
    match asked.method.as_str() {
        "HEAD" => words.push("-I".to_owned()),
        "GET" => words.push("-i".to_owned()),
        method => words.extend(["-i".to_owned(), "-X".to_owned(), method.to_owned()]),
    }
    if asked.redirects > 0 {
        words.extend(["-L".to_owned(), "--max-redirs".to_owned(), asked.redirects.to_string()]);
    }
    for (name, value) in &asked.headers {
        words.extend(["-H".to_owned(), format!("{name}: {value}")]);
    }
    words.push(asked.url.to_string());
    let says =
        if asked.has_credential { "see who answers; the check also sends a credential" } else { "see who answers" };
    Remedy::run(words).saying(says)
}
