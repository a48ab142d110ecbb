//! Every fault at every system: unknown, quickly, never a pass.

use super::*;
use crate::spoilt;
use gonogo_checks::contract::Weight;
use gonogo_world::{Fault, Rule, System};

fn every() -> impl Iterator<Item = Fault> {
    spoilt::all().chain([Fault::WrongCertificate])
}

/// Under each of a system's faults nothing may be green, and whatever is not unknown must be among the documented codes.
async fn check(rule: impl Fn(Fault) -> Rule, state: fn(Times) -> gonogo_world::State, documented: &[&str]) {
    let rule = &rule;
    let wrong = futures::future::join_all(every().map(|fault| async move {
        let bench = Bench::start(state).await;
        bench.world.inject(rule(fault)).expect("injected");
        let (_, found) = bench.judge(&with(), EXPECT).await;
        let is_known = |finding: &Finding| finding.weight == Weight::Unknown || documented.contains(&finding.code);
        let is_unknown = found.iter().any(|finding| finding.weight == Weight::Unknown);
        (!is_unknown || !found.iter().all(is_known)).then(|| format!("{fault:?}: {found:#?}"))
    }))
    .await;
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_fault_of_the_source_is_a_pass() {
    check(|fault| Rule::on(System::Registry, fault), workshop::repaired, &[]).await;
}

#[tokio::test]
async fn no_fault_of_ecr_is_a_pass() {
    check(|fault| Rule::on(System::Ecr, fault), workshop::repaired, &[]).await;
}

#[tokio::test]
async fn no_fault_of_one_regions_ecr_is_a_pass() {
    // With STS in order, ECR's own "no such repository" is an answer, and not a fault.
    let rule = |fault| Rule::on(System::Ecr, fault).at("api.ecr.us-west-2.amazonaws.com");
    let faults = every().filter(|fault| !matches!(fault, Fault::Status(404, _)));
    let bench = Bench::start(workshop::repaired).await;
    for fault in faults.filter(|fault| !matches!(fault, Fault::Hang | Fault::SlowDrip)) {
        bench.world.inject(rule(fault)).expect("injected");
        let (_, found) = bench.judge(&with(), EXPECT).await;
        assert_eq!(found.len(), 1, "{fault:?}: {found:#?}");
        assert_eq!((found[0].weight, found[0].site.as_deref()), (Weight::Unknown, Some("us-west-2")), "{fault:?}");
        bench.world.clear_faults().expect("cleared");
    }
}

#[tokio::test]
async fn no_fault_of_a_cluster_is_a_pass() {
    check(|fault| Rule::on(System::Kubernetes, fault), workshop::repaired, &[]).await;
}

#[tokio::test]
async fn manifests_that_cannot_be_read_leave_it_unknown_which_image_it_is() {
    let certificate = |fault: &Fault| {
        matches!(fault, Fault::ExpiredCertificate | Fault::WrongCertificate | Fault::UntrustedCertificate)
    };
    let faults = every().filter(|fault| !certificate(fault) && !matches!(fault, Fault::Hang | Fault::SlowDrip));
    let looks = faults.map(|fault| async move {
        let bench = Bench::start(super::parity::stale).await;
        let rule = Rule::on(System::Registry, fault).path("manifests/sha256:");
        bench.world.inject(rule).expect("injected");
        // Any place that holds a digest may show what it is; here only the source could.
        let with = with().replace("regions: [us-east-2, ", "regions: [");
        let (_, found) = bench.judge(&with, EXPECT).await;
        let at = |site: &str| found.iter().any(|finding| finding.site.as_deref() == Some(site));
        assert!(at("us-west-2") && at("eu-west-2"), "{fault:?}: {found:#?}");
        assert!(found.iter().all(|finding| finding.weight == Weight::Unknown), "{fault:?}: {found:#?}");
    });
    futures::future::join_all(looks).await;
}
