//! Certificates, address by address.

use super::stage::{Stage, ip, window};
use gonogo_world::{Fault, Rule, System, ca::Leaf};
use jiff::SignedDuration;

const ONE: &str = "203.0.113.50";
const TWO: &str = "203.0.113.51";
const THREE: &str = "203.0.113.52";
const WITH: &str = "{ url: https://web.test/ }";
const EXPECT: &str = "{ certificate: { valid_past_event: 7d } }";

#[tokio::test]
async fn good_certificates_everywhere_pass() {
    let stage = Stage::web(&[ONE, TWO, THREE], |site| site).await;
    assert_eq!(stage.check(WITH, EXPECT).await, []);
}

#[tokio::test]
async fn one_of_three_addresses_with_an_old_certificate_is_named() {
    let stage = Stage::web(&[ONE, TWO, THREE], |mut site| {
        site.addresses.insert(ip(THREE), Some(Leaf::for_names(["web.test"]).expired()));
        site
    })
    .await;
    let findings = stage.check(WITH, EXPECT).await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!((only.code, only.subject.as_str()), ("certificate-expired", "web.test"));
    assert!(only.seen.contains("at 1 of 3 addresses: 203.0.113.52"), "{}", only.seen);
}

#[tokio::test]
async fn a_certificate_that_ends_in_the_middle_of_the_event_is_found_without_being_asked_for() {
    let ends = window().ends - SignedDuration::from_mins(20);
    let stage = Stage::web(&[ONE], |mut site| {
        site.certificate = site.certificate.until(ends);
        site
    })
    .await;
    assert_eq!(stage.codes(WITH, "{}").await, ["certificate-ends-early"]);
}

#[tokio::test]
async fn each_way_to_be_refused_has_its_own_name() {
    let now = window().now;
    let later = now + SignedDuration::from_hours(5);
    for (leaf, code) in [
        (Leaf::for_names(["web.test"]).expired(), "certificate-expired"),
        (Leaf::for_names(["web.test"]).since(later), "certificate-not-yet-valid"),
        (Leaf::for_names(["other.test"]), "certificate-wrong-name"),
        (Leaf::for_names(["web.test"]).untrusted(), "certificate-untrusted"),
    ] {
        let stage = Stage::web(&[ONE, TWO], |mut site| {
            site.certificate = leaf;
            site
        })
        .await;
        let findings = stage.check(WITH, "{}").await;
        let [only] = &findings[..] else { panic!("{code}: {findings:#?}") };
        assert_eq!(only.code, code);
        assert!(only.seen.contains("at all 2 addresses"), "{}", only.seen);
    }
}

#[tokio::test]
async fn wrong_name_authority_and_date_are_told_together() {
    let stage = Stage::web(&[ONE], |mut site| {
        site.certificate = Leaf::for_names(["other.test"]).expired().untrusted();
        site
    })
    .await;
    let codes = stage.codes(WITH, "{}").await;
    assert_eq!(codes, ["certificate-untrusted", "certificate-wrong-name", "certificate-expired"]);
}

#[tokio::test]
async fn a_dead_address_beside_a_living_one_is_unknown() {
    let stage = Stage::web(&[ONE, TWO], |site| site).await;
    stage.world.inject(Rule::on(System::Web, Fault::Refuse).at(TWO)).expect("a rule");
    let findings = stage.check(WITH, "{}").await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!((only.code, only.subject.as_str()), ("unreachable", "TLS with 203.0.113.51:443 for web.test"));
    assert_eq!(stage.check("{ url: https://web.test/, addresses: one }", "{}").await, []);
}

#[tokio::test]
async fn the_other_family_of_addresses_may_be_left_out() {
    let six = "2001:db8::50";
    let ends = window().ends;
    let stage = Stage::web(&[ONE, six], |mut site| {
        site.addresses.insert(ip(six), Some(Leaf::for_names(["web.test"]).until(ends)));
        site
    })
    .await;
    assert_eq!(stage.codes(WITH, "{}").await, ["certificate-ends-early"]);
    assert_eq!(stage.check("{ url: https://web.test/, addresses: ipv4 }", "{}").await, []);
    assert_eq!(stage.codes("{ url: https://web.test/, addresses: ipv6 }", "{}").await, ["certificate-ends-early"]);
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_malformed() {
    let stage = Stage::web(&[ONE], |mut site| {
        site.is_plain_too = true;
        site
    })
    .await;
    assert_eq!(stage.check("{ url: http://web.test/ }", "{}").await, []);
    assert_eq!(stage.codes("{ url: https://web.test:80/ }", "{}").await, ["malformed"]);
    assert_eq!(stage.codes("{ url: http://web.test/ }", EXPECT).await, ["no-certificate"]);
}
