//! The certificates against the window: every address on its own, alike ones told together.

use super::{
    CERTIFICATE_ENDS_EARLY, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_UNTRUSTED,
    CERTIFICATE_WRONG_NAME, NO_CERTIFICATE,
    evidence::{Asked, AtAddress, Evidence},
    expect::{CertificateBar, Expect},
};
use crate::{
    clients::tls::Shown,
    contract::{Code, Does, Finding, Moment, Remedy, Unobserved, Window, values::Period},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// True if and only if `code` says why clients refuse a certificate.
pub(super) fn is_refusal(code: &str) -> bool {
    [CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_WRONG_NAME, CERTIFICATE_UNTRUSTED]
        .iter()
        .any(|refusal| refusal.id == code)
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let asked = &evidence.asked;
    match (&evidence.certificates, &expect.certificate) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![
            Finding::new(NO_CERTIFICATE, host(asked))
                .expected("a certificate")
                .seen(format!("a plain URL: {}", asked.url))
                .mended_by(Remedy::prose("ask by `https://`, or expect no certificate")),
        ],
        (Some(Err(missing)), _) if is_told(missing, evidence) => Vec::new(),
        (Some(Err(missing)), _) => vec![Finding::unobserved(missing)],
        (Some(Ok(seen)), bar) => {
            each(bar.as_ref().unwrap_or(&CertificateBar::default()), asked, seen, evidence, window)
        }
    }
}

/// The end of each certificate that was seen, once.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let Some(Ok(seen)) = &evidence.certificates else { return Vec::new() };
    let shown = seen.iter().filter_map(|at| at.shown.as_ref().ok());
    let name = |shown: &Shown| shown.names.first().map_or_else(|| host(&evidence.asked).to_owned(), String::clone);
    let ends: BTreeSet<(Timestamp, String)> = shown.map(|shown| (shown.valid_until, name(shown))).collect();
    let moment = |(end, name)| Moment::new(end, Does::Expires, format!("certificate for {name}"));
    ends.into_iter().map(moment).collect()
}

/// True where every sample failed for the same reason, and says it.
fn is_told(missing: &Unobserved, evidence: &Evidence) -> bool {
    let is_same = |sample: &Result<_, Unobserved>| matches!(sample, Err(other) if other.why == missing.why);
    !evidence.samples.is_empty() && evidence.samples.iter().all(is_same)
}

fn each(bar: &CertificateBar, asked: &Asked, seen: &[AtAddress], evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let is_silent = seen.iter().all(|at| matches!(&at.shown, Err(missing) if is_told(missing, evidence)));
    if is_silent && !seen.is_empty() {
        return Vec::new();
    }
    if seen.is_empty() {
        let finding = Finding::new(NO_CERTIFICATE, host(asked)).expected("a certificate at every address");
        return vec![finding.seen("no address was looked at")];
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut unseen = Vec::new();
    for at in seen {
        match &at.shown {
            Err(missing) => unseen.push(Finding::unobserved(missing)),
            Ok(shown) => {
                for fault in faults(bar, asked, shown, window) {
                    Group::add(&mut groups, fault, &shown.sha256, place(at, seen));
                }
            }
        }
    }
    let mut addresses: Vec<&str> = seen.iter().map(|at| at.address.as_str()).collect();
    addresses.dedup();
    groups.into_iter().map(|group| group.finding(asked, addresses.len())).chain(unseen).collect()
}

/// What is wrong with one certificate.
#[derive(PartialEq, Eq)]
struct Fault {
    code: &'static str,
    expected: String,
    seen: String,
    remedy: &'static str,
}

impl Fault {
    fn new(code: Code, expected: String, seen: String, remedy: &'static str) -> Self {
        Self { code: code.id, expected, seen, remedy }
    }
}

fn faults(bar: &CertificateBar, asked: &Asked, shown: &Shown, window: &Window) -> Vec<Fault> {
    let trust = shown.distrust.as_ref().map(|reason| {
        let remedy = "serve a certificate of an authority that clients know, with its intermediates";
        Fault::new(CERTIFICATE_UNTRUSTED, "a certificate that clients trust".to_owned(), reason.clone(), remedy)
    });
    trust.into_iter().chain(names(bar, asked, shown)).chain(dates(bar, shown, window)).collect()
}

fn names(bar: &CertificateBar, asked: &Asked, shown: &Shown) -> Option<Fault> {
    let own = (!shown.is_for_host).then(|| asked.server_name.as_deref().unwrap_or_else(|| host(asked)));
    let lacking: Vec<&str> =
        own.into_iter().chain(bar.names.iter().filter(|name| !shown.is_for(name)).map(String::as_str)).collect();
    let mut known = shown.names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    if shown.names.len() > 5 {
        known = format!("{known} and {} more", shown.names.len() - 5);
    }
    let seen = if known.is_empty() { "it is for no name".to_owned() } else { format!("it is for {known}") };
    let remedy = "serve a certificate that has the name; a client asks for it by SNI";
    let fault =
        || Fault::new(CERTIFICATE_WRONG_NAME, format!("a certificate for {}", lacking.join(", ")), seen, remedy);
    (!lacking.is_empty()).then(fault)
}

fn dates(bar: &CertificateBar, shown: &Shown, window: &Window) -> Option<Fault> {
    let (until, needed) = (shown.valid_until, needed(bar, window));
    let chain = shown.ends_with.as_ref().map(|with| format!("; {with} ends first")).unwrap_or_default();
    let expected = || match bar.valid_past_event {
        margin if margin == Period::default() => format!("valid until {}", window.clock(needed)),
        margin => format!("valid until {} ({margin} after the end)", window.clock(needed)),
    };
    if shown.valid_from > window.now {
        let seen = format!("begins {}", window.clock(shown.valid_from));
        let remedy = "serve a certificate that has begun, or set the clock of whoever issued it";
        return Some(Fault::new(CERTIFICATE_NOT_YET_VALID, "valid now".to_owned(), seen, remedy));
    }
    let ends = format!("{}, {}{chain}", window.clock(until), window.against_event(until));
    if until < window.now {
        let remedy = "renew the certificate, and reload what serves it";
        return Some(Fault::new(CERTIFICATE_EXPIRED, expected(), format!("ended {ends}"), remedy));
    }
    let remedy = "renew the certificate now, and reload what serves it";
    (until < needed).then(|| Fault::new(CERTIFICATE_ENDS_EARLY, expected(), format!("ends {ends}"), remedy))
}

/// Until when a certificate must be valid: through the window, and as long after the event as the bar says.
fn needed(bar: &CertificateBar, window: &Window) -> Timestamp {
    let margin = window.ends.saturating_add(bar.valid_past_event.signed()).unwrap_or(Timestamp::MAX);
    margin.max(window.closes())
}

/// One address, and in how many of the handshakes with it, where not in all.
struct At {
    address: String,
    some: Option<(u32, u32)>,
}

fn place(at: &AtAddress, seen: &[AtAddress]) -> At {
    let here = seen.iter().filter(|other| other.address == at.address);
    let (times, all) = (u32::from(at.times), here.map(|other| u32::from(other.times)).sum());
    At { address: at.address.clone(), some: (times < all).then_some((times, all)) }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.some {
            None => f.write_str(&self.address),
            Some((times, all)) => write!(f, "{} ({times} of {all} handshakes)", self.address),
        }
    }
}

/// One fault of one certificate, at all addresses that serve it.
struct Group {
    fault: Fault,
    sha256: String,
    at: Vec<At>,
}

impl Group {
    fn add(groups: &mut Vec<Self>, fault: Fault, sha256: &str, at: At) {
        match groups.iter_mut().find(|group| group.sha256 == sha256 && group.fault == fault) {
            Some(group) => group.at.push(at),
            None => groups.push(Self { fault, sha256: sha256.to_owned(), at: vec![at] }),
        }
    }

    fn finding(self, asked: &Asked, of: usize) -> Finding {
        let first = self.at.first().map(|at| at.address.clone()).unwrap_or_default();
        let named = self.at.iter().take(3).map(At::to_string).collect::<Vec<_>>().join(", ");
        let more = if self.at.len() > 3 { format!(" and {} more", self.at.len() - 3) } else { String::new() };
        let is_everywhere = self.at.iter().all(|at| at.some.is_none());
        let served = match (self.at.len(), of) {
            (1, 1) => format!("; at {named}"),
            (all, of) if all == of && is_everywhere => format!("; at all {of} addresses"),
            (some, of) => format!("; at {some} of {of} addresses: {named}{more}"),
        };
        Finding {
            code: self.fault.code,
            weight: crate::contract::Weight::Fail,
            subject: host(asked).to_owned(),
            site: None,
            expected: self.fault.expected,
            seen: format!("{}{served}", self.fault.seen),
            remedy: Some(by_hand(asked, &first).saying(self.fault.remedy)),
        }
    }
}

fn host(asked: &Asked) -> &str {
    asked.url.host_str().unwrap_or_default()
}

/// Shows the certificate at one address.
fn by_hand(asked: &Asked, address: &str) -> Remedy {
    let (host, port) = (host(asked), asked.url.port_or_known_default().unwrap_or(443));
    let there = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    let mut words = vec!["curl".to_owned(), "-sSvk".to_owned(), "--max-time".to_owned(), "10".to_owned()];
    words.extend(["-o".to_owned(), "/dev/null".to_owned()]);
    if address.parse::<std::net::IpAddr>().is_ok() {
        words.extend(["--connect-to".to_owned(), format!("{host}:{port}:{there}:{port}")]);
    }
    words.push(format!("https://{host}:{port}/"));
    Remedy::run(words)
}
