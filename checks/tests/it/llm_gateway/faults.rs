//! Every part behind every fault: what is spoilt is never a pass.

use super::{EACH, Stage};
use crate::spoilt::FAULTS;
use futures::future::join_all;
use gonogo_world::{Fault, Rule, System, coder::Bridge};

/// Each part with the system and the path that it hangs on.
const PARTS: [(&str, System, &str); 7] = [
    ("litellm: { connection: litellm, samples: 1 }", System::Litellm, "/health/readiness"),
    ("litellm: { connection: litellm, samples: 1, models: [claude-sonnet] }", System::Litellm, "/v1/models"),
    ("litellm: { connection: workspace, samples: 1, key: {} }", System::Litellm, "/key/info"),
    ("litellm: { connection: litellm, samples: 1, key: { alias: workshop } }", System::Litellm, "/key/list"),
    (
        "litellm: { connection: litellm, samples: 1, models: [claude-sonnet], calls: {} }",
        System::Litellm,
        "/completions",
    ),
    ("ai_bridge: { connection: coder, models: { anthropic: [a] } }", System::Coder, "/entitlements"),
    ("ai_bridge: { connection: coder, models: { anthropic: [a] } }", System::Coder, "/aibridge/"),
];

async fn behind(fault: Fault) -> Vec<String> {
    let mut wrong = Vec::new();
    for (part, system, path) in PARTS {
        let stage = Stage::of("llm-gateway").await.paying();
        stage.coder(|coder| coder.estate.bridge = Bridge::of("anthropic", &["a"]));
        stage.world.inject(Rule::on(system, fault).path(path)).expect("a rule");
        // What is not looked at must not be expected: it would be found whatever is spoilt.
        let expect = if part.contains("key:") { EACH } else { "{}" };
        if let Ok(found) = stage.findings(&format!("{{ {part} }}"), expect).await
            && found.is_empty()
        {
            wrong.push(format!("{part} behind {fault:?}: a pass"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_spoilt_is_never_a_pass() {
    let wrong: Vec<String> = join_all(FAULTS.map(behind)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
