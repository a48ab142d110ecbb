//! Chains made for the purpose, examined at a fixed time.

use super::{
    Shown,
    examine::{Question, examine},
};
use crate::contract::{Unobserved, Why};
use jiff::Timestamp;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, ServerName};

type Years = (i32, i32);

const ALWAYS: Years = (2020, 2099);

/// An authority: its certificate and what signs with it.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

fn params(name: &str, (from, until): Years) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params
}

fn of_authority(name: &str, years: Years) -> CertificateParams {
    let mut params = params(name, years);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

impl Authority {
    fn root(name: &str) -> Self {
        let (params, key) = (of_authority(name, ALWAYS), key());
        let certificate = params.self_signed(&key).expect("a root");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn below(&self, name: &str, years: Years) -> Self {
        let (params, key) = (of_authority(name, years), key());
        let certificate = params.signed_by(&key, &self.issuer).expect("an intermediate");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Another certificate of the same intermediate: the same name and key, other dates, another signer.
    fn crossed(&self, by: &Self, name: &str, years: Years) -> Certificate {
        of_authority(name, years).signed_by(self.issuer.key(), &by.issuer).expect("a crossed one")
    }

    fn leaf(&self, names: &[&str], years: Years) -> Certificate {
        let mut params = params("leaf", years);
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        params.subject_alt_names = CertificateParams::new(names).expect("names").subject_alt_names;
        params.signed_by(&key(), &self.issuer).expect("a leaf")
    }
}

/// What is seen in mid-2026 by somebody who believes `root` and asks for `a.test`.
fn seen(root: &Authority, chain: &[&Certificate]) -> Shown {
    seen_for("a.test", root, chain).expect("a certificate")
}

fn seen_for(host: &str, root: &Authority, chain: &[&Certificate]) -> Result<Shown, Unobserved> {
    let chain: Vec<CertificateDer> = chain.iter().map(|certificate| certificate.der().clone()).collect();
    raw(host, root, &chain)
}

fn raw(host: &str, root: &Authority, chain: &[CertificateDer]) -> Result<Shown, Unobserved> {
    let mut store = RootCertStore::empty();
    store.add(root.certificate.der().clone()).expect("a root");
    let question = Question {
        asked: "TLS",
        host: &ServerName::try_from(host).expect("a name"),
        store: &store,
        algorithms: ring::default_provider().signature_verification_algorithms,
        now: "2026-07-01T00:00:00Z".parse().expect("a time"),
    };
    examine(&question, chain)
}

fn year(year: i16) -> Timestamp {
    format!("{year}-01-01T00:00:00Z").parse().expect("a time")
}

#[test]
fn a_chain_holds_as_long_as_its_first_certificate_and_all_above_it() {
    let root = Authority::root("root");
    let middle = root.below("middle", (2020, 2035));
    let good = seen(&root, &[&middle.leaf(&["a.test"], (2025, 2030)), &middle.certificate]);
    assert_eq!((good.valid_from, good.valid_until), (year(2025), year(2030)));
    assert_eq!((good.distrust, good.ends_with, good.is_for_host), (None, None, true));
    assert_eq!((good.issuer.as_str(), &good.names[..]), ("CN=middle", &["a.test".to_owned()][..]));

    let short = root.below("short", (2020, 2027));
    let ends = seen(&root, &[&short.leaf(&["a.test"], (2025, 2030)), &short.certificate]);
    assert_eq!((ends.valid_until, ends.ends_with.as_deref()), (year(2027), Some("CN=short")));
}

#[test]
fn an_old_certificate_that_no_path_needs_ends_nothing() {
    let (root, other) = (Authority::root("root"), Authority::root("other"));
    let middle = root.below("middle", (2020, 2035));
    let crossed = middle.crossed(&other, "middle", (2019, 2021));
    let leaf = middle.leaf(&["a.test"], (2025, 2030));
    for chain in [[&leaf, &middle.certificate, &crossed], [&leaf, &crossed, &middle.certificate]] {
        let good = seen(&root, &chain);
        assert_eq!((good.valid_until, good.ends_with, good.distrust), (year(2030), None, None));
    }
}

#[test]
fn one_path_that_ends_is_taken_over_by_another() {
    let root = Authority::root("root");
    let middle = root.below("middle", (2020, 2027));
    let renewed = middle.crossed(&root, "middle", (2026, 2040));
    let leaf = middle.leaf(&["a.test"], (2025, 2030));
    assert_eq!(seen(&root, &[&leaf, &middle.certificate, &renewed]).valid_until, year(2030));
}

#[test]
fn what_has_ended_says_when_be_it_the_leaf_or_what_signed_it() {
    let root = Authority::root("root");
    let old = seen(&root, &[&root.leaf(&["a.test"], (2020, 2024))]);
    assert_eq!((old.valid_until, old.distrust), (year(2024), None));
    let middle = root.below("middle", (2020, 2025));
    let above = seen(&root, &[&middle.leaf(&["a.test"], (2021, 2030)), &middle.certificate]);
    assert_eq!((above.valid_until, above.ends_with.as_deref(), above.distrust), (year(2025), Some("CN=middle"), None));
}

#[test]
fn what_has_not_begun_says_when_it_does() {
    let root = Authority::root("root");
    let early = seen(&root, &[&root.leaf(&["a.test"], (2027, 2030))]);
    assert_eq!((early.valid_from, early.valid_until, early.distrust), (year(2027), year(2030), None));
}

#[test]
fn who_is_not_trusted_is_said_in_words() {
    let (root, other) = (Authority::root("root"), Authority::root("other"));
    let middle = root.below("middle", ALWAYS);
    let leaf = middle.leaf(&["a.test"], ALWAYS);
    let distrust = |chain: &[&Certificate]| seen(&root, chain).distrust.expect("nobody trusts it");
    assert_eq!(
        distrust(&[&leaf]),
        "no trusted authority: it is signed by CN=middle, and no intermediate certificate was sent"
    );
    let foreign = other.below("foreign", ALWAYS);
    assert_eq!(
        distrust(&[&foreign.leaf(&["a.test"], ALWAYS), &foreign.certificate]),
        "no trusted authority: it is signed by CN=foreign"
    );
    let own = params("a.test", ALWAYS).self_signed(&key()).expect("a certificate");
    assert_eq!(distrust(&[&own]), "it is self-signed");
    let own = of_authority("a.test", ALWAYS).self_signed(&key()).expect("a certificate");
    assert_eq!(distrust(&[&own]), "it is self-signed: an authority's certificate, which may not be a server's");
    let between = root.below("a.test", ALWAYS);
    let words = distrust(&[&between.certificate]);
    assert_eq!(words, "it is an intermediate one: an authority's certificate, which may not be a server's");
}

#[test]
fn a_date_beyond_the_calendar_is_its_last() {
    let root = Authority::root("root");
    let mut params = params("never", (2020, 2030));
    params.subject_alt_names = CertificateParams::new(vec!["a.test".to_owned()]).expect("names").subject_alt_names;
    params.not_after = date_time_ymd(9999, 12, 31);
    let never = params.signed_by(&key(), &root.issuer).expect("a leaf");
    let seen = seen(&root, &[&never]);
    assert!(seen.valid_until >= "9999-12-30T00:00:00Z".parse().expect("a time"), "{}", seen.valid_until);
    assert_eq!(seen.distrust, None);
}

#[test]
fn a_name_is_proven_by_the_list_of_names_alone() {
    let root = Authority::root("root");
    let is_for = |host: &str, names: &[&str]| {
        seen_for(host, &root, &[&root.leaf(names, ALWAYS)]).expect("a certificate").is_for_host
    };
    assert!(is_for("x.a.test", &["*.a.test"]) && is_for("203.0.113.7", &["203.0.113.7"]));
    assert!(!is_for("a.test", &["*.a.test"]) && !is_for("y.x.a.test", &["*.a.test"]) && !is_for("a.test", &[]));
    assert!(!is_for("203.0.113.7", &["203.0.113.8"]));
}

#[test]
fn names_that_are_wanted_are_matched_as_clients_match_them() {
    let root = Authority::root("root");
    let names = ["a.test", "*.ai.a.test", "203.0.113.7"];
    let shown = seen(&root, &[&root.leaf(&names, ALWAYS)]);
    for name in ["a.test", "A.TEST", "*.ai.a.test", "x.ai.a.test", "203.0.113.7"] {
        assert!(shown.is_for(name), "{name}");
    }
    for name in ["ai.a.test", "*.a.test", "y.x.ai.a.test", "x.a.test", "203.0.113.8", ""] {
        assert!(!shown.is_for(name), "{name}");
    }
}

#[test]
fn what_is_no_certificate_is_malformed() {
    let root = Authority::root("root");
    for chain in [&[][..], &[CertificateDer::from(b"no certificate".to_vec())]] {
        assert_eq!(raw("a.test", &root, chain).expect_err("nothing to read").why, Why::Malformed);
    }
    let leaf = root.leaf(&["a.test"], ALWAYS);
    let cut = CertificateDer::from(leaf.der()[..leaf.der().len() / 2].to_vec());
    assert_eq!(raw("a.test", &root, &[cut]).expect_err("half of one").why, Why::Malformed);
    let junk = CertificateDer::from(vec![0x30, 0x03, 1, 2, 3]);
    assert_eq!(raw("a.test", &root, &[leaf.der().clone(), junk]).expect("the rest is fine").distrust, None);
}
