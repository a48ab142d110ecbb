//! Whether a name is the alias that was declared, and for how long answers of it may be kept.

use super::{
    evidence::{AtProvider, NameSeen},
    judge::{ALIAS_DIFFERS, ALIAS_FLATTENED},
};
use crate::{
    clients::dns::{Chain, Reply},
    contract::{Finding, Remedy},
    dns_wildcard::{evidence::View, judge::believed},
};
use std::collections::BTreeSet;

/// What the views that count say of the name, the zone's own servers alone where one of them was asked.
fn said(name: &NameSeen) -> impl Iterator<Item = (&View, &Reply, &str)> {
    let is_asked = believed(&name.seen).any(|view| view.authoritative);
    let views = believed(&name.seen).filter(move |view| view.authoritative || !is_asked);
    views.flat_map(|view| {
        let readings = view.names.iter().map(|named| &named.own);
        readings.flat_map(move |reading| {
            let answers = [&reading.a, &reading.aaaa].into_iter().filter_map(|answer| answer.as_ref().ok());
            answers.map(move |reply| (view, reply, reading.name.as_str()))
        })
    })
}

/// The longest that an answer of the zone's own servers may be kept, in seconds; `None` where they give none.
pub(super) fn kept(name: &NameSeen) -> Option<u32> {
    said(name).filter(|(view, ..)| view.authoritative).filter_map(|(_, reply, asked)| Chain::of(reply, asked).ttl).max()
}

/// What is wrong with the alias.
pub(super) fn judge(name: &NameSeen, provider: Option<&AtProvider>) -> Option<Finding> {
    let wanted = name.alias.as_deref()?;
    let (mut others, mut flat, mut is_alias) = (BTreeSet::new(), BTreeSet::new(), false);
    for (view, reply, asked) in said(name) {
        let chain = Chain::of(reply, asked);
        match chain.aliases.first() {
            Some(first) if *first == wanted => is_alias = true,
            Some(first) => _ = others.insert((*first).to_owned()),
            None if !chain.addresses.is_empty() => _ = flat.insert(view.server.as_str()),
            None => {}
        }
    }
    let subject = &name.seen.domain;
    if let Some(other) = others.first() {
        let says = format!("make {subject} an alias (CNAME) of {wanted}, or correct `alias`");
        let finding = Finding::new(ALIAS_DIFFERS, subject).expected(format!("an alias of {wanted}"));
        return Some(finding.seen(format!("an alias of {other}")).mended_by(Remedy::prose(says)));
    }
    if is_alias || flat.is_empty() || is_apex(name) || is_flattened(subject, wanted, provider) {
        return None;
    }
    let says = format!(
        "make {subject} an alias (CNAME) of {wanted}; where its provider flattens aliases, have its records read: `cloudflare`"
    );
    let finding = Finding::new(ALIAS_FLATTENED, subject).expected(format!("an alias of {wanted}"));
    Some(finding.seen("addresses of its own, which are right today").mended_by(Remedy::prose(says)))
}

/// True at a zone's top, where no alias can stand: providers flatten it into addresses.
fn is_apex(name: &NameSeen) -> bool {
    matches!(&name.seen.zone, Some(Ok(zone)) if zone.name == name.seen.domain)
}

/// True if and only if the provider shows the alias that its answers hide.
fn is_flattened(name: &str, wanted: &str, provider: Option<&AtProvider>) -> bool {
    let records = provider.and_then(|provider| provider.seen.as_ref().ok()).map(|zone| &zone.records);
    records.into_iter().flatten().any(|record| {
        let content = super::provider::content("CNAME", &record.content);
        record.kind == "CNAME" && record.name.eq_ignore_ascii_case(name) && content.as_deref() == Some(wanted)
    })
}
