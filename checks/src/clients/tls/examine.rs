//! A chain, examined: does it lead to an authority that is believed, for which host, and from when until when.
//!
//! Time is tried, not computed: the same verification is made at the times where a certificate of the chain begins or
//! ends. The least end of all certificates shown would be wrong: servers send old cross-signed ones that no path uses.

use super::Shown;
use crate::contract::{Unobserved, Why};
use jiff::Timestamp;
use rustls::{
    CertificateError, Error, RootCertStore,
    client::{verify_server_cert_signed_by_trust_anchor, verify_server_name},
    crypto::WebPkiSupportedAlgorithms,
    server::ParsedCertificate,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest as _, Sha256};
use std::{net::IpAddr, time::Duration};
use x509_parser::{extensions::GeneralName, prelude::X509Certificate};

/// The most certificates of a chain that are examined.
const MOST_CERTIFICATES: usize = 10;

/// What is asked of a chain.
pub(super) struct Question<'a> {
    /// For a person: `TLS with 203.0.113.10:443 for ai.example.com`.
    pub(super) asked: &'a str,
    /// The name that it must prove.
    pub(super) host: &'a ServerName<'a>,
    /// Whom to believe.
    pub(super) store: &'a RootCertStore,
    /// The signatures that are known.
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    /// The time of the handshake.
    pub(super) now: Timestamp,
}

/// Examines what was shown.
///
/// # Errors
/// A certificate that cannot be read.
pub(super) fn examine(question: &Question, chain: &[CertificateDer]) -> Result<Shown, Unobserved> {
    let unread = |detail: &str| Unobserved::new(Why::Malformed, question.asked, detail);
    let chain = &chain[..chain.len().min(MOST_CERTIFICATES)];
    let Some((leaf, rest)) = chain.split_first() else { return Err(unread("no certificate was shown")) };
    let parse = |der| x509_parser::parse_x509_certificate(der).map(|(_, read)| read);
    let (Ok(parsed), Ok(own)) = (ParsedCertificate::try_from(leaf), parse(leaf)) else {
        return Err(unread("the certificate cannot be read"));
    };
    let read: Vec<X509Certificate> =
        std::iter::once(own).chain(rest.iter().filter_map(|der| parse(der).ok())).collect();
    let own = &read[0];
    let holds = |time: Timestamp| {
        let seconds = Duration::from_secs(u64::try_from(time.as_second()).unwrap_or(0));
        let time = UnixTime::since_unix_epoch(seconds);
        verify_server_cert_signed_by_trust_anchor(&parsed, question.store, rest, time, question.algorithms.all)
    };
    let span = span(question.now, &read, &holds);
    let ends = |certificate: &&X509Certificate| second(certificate.validity().not_after.timestamp());
    let ends_with = read.iter().skip(1).find(|other| span.until < ends(&own) && ends(other) == span.until);
    Ok(Shown {
        asked_at: question.now,
        sha256: format!("{:x}", Sha256::digest(leaf)),
        subject: own.subject().to_string(),
        issuer: own.issuer().to_string(),
        names: names(own),
        is_for_host: verify_server_name(&parsed, question.host).is_ok(),
        distrust: span.refused.map(|error| words(&error, own, chain.len())),
        valid_from: span.from,
        valid_until: span.until,
        ends_with: ends_with.map(|other| other.subject().to_string()),
    })
}

struct Span {
    from: Timestamp,
    until: Timestamp,
    refused: Option<Error>,
}

/// When the chain holds; where it never does, the dates of the server's own certificate.
fn span(now: Timestamp, read: &[X509Certificate], holds: &dyn Fn(Timestamp) -> Result<(), Error>) -> Span {
    let dates = |certificate: &X509Certificate| {
        let validity = certificate.validity();
        (second(validity.not_before.timestamp()), second(validity.not_after.timestamp()))
    };
    let (from, until) = read.first().map_or((now, now), dates);
    let mut edges: Vec<Timestamp> = read.iter().map(dates).flat_map(|(from, until)| [from, until]).collect();
    edges.retain(|edge| (from..=until).contains(edge));
    edges.sort_unstable();
    edges.dedup();
    if (from..=until).contains(&now) && holds(now).is_ok() {
        return Span { from, until: last(now, &edges, holds), refused: None };
    }
    let held: Vec<Timestamp> = edges.into_iter().filter(|edge| holds(*edge).is_ok()).collect();
    let (past, future) = held.split_at(held.partition_point(|edge| *edge <= now));
    match (past.last(), future.first()) {
        (Some(past), _) => Span { from, until: *past, refused: None },
        (None, Some(future)) => Span { from: *future, until: last(*future, &held, holds), refused: None },
        // Not `clamp`: a certificate may end before it begins.
        (None, None) => Span { from, until, refused: holds(now.max(from).min(until)).err() },
    }
}

/// The last of `edges` until which the chain holds without a gap from `time` on.
fn last(time: Timestamp, edges: &[Timestamp], holds: &dyn Fn(Timestamp) -> Result<(), Error>) -> Timestamp {
    let mut until = time;
    for edge in edges.iter().filter(|edge| **edge >= time) {
        if holds(*edge).is_err() {
            break;
        }
        until = *edge;
        let after = edge.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(*edge);
        if holds(after).is_err() {
            break;
        }
    }
    until
}

/// A date that the calendar cannot hold (authorities write the year 9999 for never) is its last.
fn second(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(if unix < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn names(certificate: &X509Certificate) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(name).collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn words(error: &Error, own: &X509Certificate, length: usize) -> String {
    let issuer = own.issuer();
    let is_unknown = matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer));
    if own.is_ca() {
        let who = if own.subject() == issuer { "it is self-signed" } else { "it is an intermediate one" };
        format!("{who}: an authority's certificate, which may not be a server's")
    } else if is_unknown && own.subject() == issuer {
        "it is self-signed".to_owned()
    } else if is_unknown && length == 1 {
        format!("no trusted authority: it is signed by {issuer}, and no intermediate certificate was sent")
    } else if is_unknown {
        format!("no trusted authority: it is signed by {issuer}")
    } else {
        error.to_string()
    }
}
