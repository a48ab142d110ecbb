//! Every fault at every system: unknown, quickly, never a pass.

use super::*;
use gonogo_checks::contract::Weight;
use gonogo_world::{Fault, Rule, System};

const FAULTS: [Fault; 19] = [
    Fault::Refuse,
    Fault::Reset,
    Fault::TruncatedBody,
    Fault::EndlessBody,
    Fault::WrongType,
    Fault::MalformedJson,
    Fault::Empty,
    Fault::Status(401, None),
    Fault::Status(403, None),
    Fault::Status(404, None),
    Fault::Status(429, Some(1)),
    Fault::Status(500, None),
    Fault::Status(503, None),
    Fault::RedirectLoop,
    Fault::ExpiredCertificate,
    Fault::WrongCertificate,
    Fault::UntrustedCertificate,
    Fault::Hang,
    Fault::SlowDrip,
];

/// Which looks a system's faults must make unknown, or fail by a documented code, and never leave green.
async fn check(system: System, documented: &[&str]) {
    let wrong = futures::future::join_all(FAULTS.map(|fault| async move {
        let bench = Bench::start(workshop::repaired).await;
        bench.world.inject(Rule::on(system, fault)).expect("injected");
        let (_, found) = bench.judge(&with(), EXPECT).await;
        let is_known = |finding: &Finding| finding.weight == Weight::Unknown || documented.contains(&finding.code);
        (found.is_empty() || !found.iter().all(is_known)).then(|| format!("{system} {fault:?}: {found:#?}"))
    }))
    .await;
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_fault_of_the_source_is_a_pass() {
    check(System::Registry, &[]).await;
}

#[tokio::test]
async fn no_fault_of_ecr_is_a_pass() {
    check(System::Ecr, &[]).await;
}

#[tokio::test]
async fn no_fault_of_a_cluster_is_a_pass() {
    check(System::Kubernetes, &[]).await;
}
