//! Every part behind every fault: what is spoilt is never a pass.

use super::{ALL, stage::Stage};
use crate::spoilt::FAULTS;
use futures::future::join_all;
use gonogo_world::{Fault, Rule, System};

/// Each part with the path that it hangs on.
const PARTS: [(&str, &str); 7] = [
    ("build: v2.20.0-devel+4b2f1c9", "/buildinfo"),
    ("sign_in: [github]", "/authmethods"),
    ("sign_up: { through: github }", "/deployment/config"),
    ("participants: { names: [workshop-owner] }", "/api/v2/users?"),
    ("licence: true", "/licenses"),
    ("seats: true", "/entitlements"),
    ("tokens: [{ name: ci, user: workshop-automation }]", "/keys/tokens"),
];

async fn behind(fault: Fault) -> Vec<String> {
    let stage = Stage::of("coder-deployment").await;
    for (_, path) in PARTS {
        stage.world.inject(Rule::on(System::Coder, fault).path(path)).expect("a rule");
    }
    let looks = PARTS.map(|(part, _)| {
        let stage = &stage;
        async move {
            let with = format!("{{ connection: owner, {part} }}");
            match stage.findings(&with, "{}").await {
                Ok(found) if found.is_empty() => Some(format!("{part} behind {fault:?}: a pass")),
                Ok(_) | Err(_) => None,
            }
        }
    });
    join_all(looks).await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_spoilt_is_never_a_pass() {
    let wrong: Vec<String> = join_all(FAULTS.map(behind)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn one_part_that_is_spoilt_leaves_the_others_seen() {
    let stage = Stage::of("coder-deployment").await;
    stage.world.inject(Rule::on(System::Coder, Fault::Status(500, None)).path("/licenses")).expect("a rule");
    assert_eq!(stage.codes(ALL, "{}").await, ["server-error"]);
}
