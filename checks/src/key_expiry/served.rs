//! The certificate that is served against the one that cert-manager issued last.

use super::{
    codes,
    evidence::{Evidence, Key},
    source::{Issued, Source},
};
use crate::contract::{Finding, Remedy, Window};
use jiff::SignedDuration;

/// What differs, key by key; nothing where no `Certificate` is named.
pub(super) fn judge(evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let Source::Certificate { issued: Some(issued), host, .. } = &evidence.source else { return Vec::new() };
    let subject = format!("certificate {}/{}", issued.namespace, issued.name);
    let look = issued.kubectl.look_in(&issued.namespace, &["describe", "certificate", &issued.name]);
    if !issued.exists {
        let finding =
            Finding::new(codes::KEY_MISSING, subject).expected(format!("what issues the certificate of {host}"));
        return vec![finding.seen("there is no such Certificate").mended_by(look)];
    }
    let Some(begins) = issued.begins else {
        let ready = issued.ready.as_deref().unwrap_or("absent");
        let seen = format!("it has issued nothing yet: Ready is {ready}");
        let finding = Finding::new(codes::RENEWAL_UNPROVEN, subject).expected(format!("the certificate of {host}"));
        return vec![finding.seen(seen).mended_by(look)];
    };
    let is_old = |key: &&Key| key.begins.is_some_and(|served| begins.duration_since(served) > SignedDuration::ZERO);
    evidence.keys.iter().filter(is_old).map(|key| old(issued, key, window)).collect()
}

fn old(issued: &Issued, key: &Key, window: &Window) -> Finding {
    let clock = |time: Option<jiff::Timestamp>| time.map_or_else(|| "not told".to_owned(), |time| window.clock(time));
    let revision = issued.revision.map_or_else(String::new, |revision| format!(", revision {revision}"));
    let (namespace, name) = (&issued.namespace, &issued.name);
    let expected = format!("the one of {namespace}/{name}{revision}, valid from {}", clock(issued.begins));
    let place = key.note.as_ref().map_or_else(String::new, |note| format!("; {note}"));
    let says = format!(
        "find out why what serves it has not read the secret of {namespace}/{name} again since then, and make it; a restart cuts its connections off"
    );
    Finding::new(codes::OLD_CERTIFICATE_SERVED, &key.name)
        .expected(expected)
        .seen(format!("an older one, valid from {}{place}", clock(key.begins)))
        .mended_by(Remedy::prose(says))
}
