//! Every source behind every fault: what is spoilt is never a pass.

use super::stage::{Stage, repaired, times};
use crate::spoilt;
use futures::future::join_all;
use gonogo_checks::contract::Finding;
use gonogo_world::{Fault, Rule, System};

const SOURCES: [(System, &str); 11] = [
    (System::Litellm, "litellm: { connection: litellm, key_alias: workshop }"),
    (System::Litellm, "litellm: { connection: litellm }"),
    (
        System::Litellm,
        "json: { connection: http, path: key/info, pointer: /info/expires, null_is_never: true, absent_is_never: true }",
    ),
    (System::Coder, "coder: { connection: coder }"),
    (System::Github, "github: { connection: github }"),
    (System::Kubernetes, "docker_config: { namespace: coder, name: ecr-pull }"),
    (System::Aws, "aws: { connection: account, user: litellm-bedrock }"),
    (System::Ecr, "aws: { connection: account }"),
    (System::Ecr, "aws: { connection: process }"),
    (System::Gcp, "gcp: { connection: gcp, service_account: vertex@workshop-world.iam.gserviceaccount.com }"),
    (System::Gcp, "gcp: { connection: gcp, key: { env: GOOGLE_KEY_FILE } }"),
];

/// What a spoilt look may be besides unknown: the system's own words about the very key or secret that is asked for.
fn is_documented(fault: Fault, with: &str, found: &[Finding]) -> bool {
    let documented = match fault {
        Fault::Status(401, _) if with.starts_with("aws") && !with.contains("user:") => "key-refused",
        Fault::Status(401, _) if with.starts_with("coder") || with.starts_with("github") => "key-refused",
        Fault::Status(404, _) if with.starts_with("docker_config") => "key-missing",
        _ => return false,
    };
    found.iter().all(|finding| finding.code == documented) && !found.is_empty()
}

async fn behind(fault: Fault) -> Vec<String> {
    let event = times();
    let mut world = repaired(event);
    let cluster = world.clusters.get_mut("us-east-2").expect("a cluster");
    *cluster = cluster.clone().pull_secret("coder", "ecr-pull", "public.ecr.aws", "AWS", "opaque");
    let stage = Stage::of(world, event).await;
    for system in SOURCES.map(|(system, _)| system) {
        stage.world.inject(Rule::on(system, fault)).expect("a rule");
    }
    let looks = SOURCES.map(|(system, with)| {
        let stage = &stage;
        async move {
            match stage.findings(with, "{}").await {
                Err(_) => None,
                Ok(found) if is_documented(fault, with, &found) => None,
                Ok(found) => Some(format!("{system} {with} behind {fault:?}: {found:?}")),
            }
        }
    });
    join_all(looks).await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_spoilt_is_never_a_pass() {
    let wrong: Vec<String> = join_all(spoilt::all().map(behind)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
