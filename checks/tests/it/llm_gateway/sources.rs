//! Readiness, models and settings of a `LiteLLM` proxy.

use super::{EACH, stage};
use gonogo_world::litellm::Database;

const ALL: &str =
    "{ litellm: { connection: litellm, models: [claude-sonnet, claude-haiku], key: { alias: workshop } } }";

#[tokio::test]
async fn the_repaired_gateway_has_nothing_in_the_way() {
    let stage = stage().await;
    assert_eq!(stage.codes(ALL, EACH).await, [""; 0]);
    let (_, working) = stage.told(ALL, EACH).await;
    assert_eq!(
        working,
        [
            "key workshop: $4.20 + 15 × $1.00 = $19.20 of $100.00, 19.2 %",
            "key workshop: 90 for 15 attendees × 6 of 600 requests a minute",
            "key workshop: 300000 for 15 attendees × 20000 of 2000000 tokens a minute",
        ]
    );
}

#[tokio::test]
async fn health_that_is_green_without_a_database_is_found_and_asked_of_several_replicas() {
    let stage = stage().await;
    stage.gateway(|gateway| gateway.database = Database::NotConnected);
    let with = "{ litellm: { connection: keyless, samples: 5 } }";
    let found = stage.findings(with, "{}").await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "database-not-connected"));
    assert!(found[0].seen.contains("`Not connected`, in 5 of 5 samples"), "{}", found[0].seen);
    let asked = stage.world.requests().into_iter().filter(|asked| asked.path == "/health/readiness").count();
    assert_eq!(asked, 5, "each over a connection of its own");
    assert_eq!(stage.codes(with, "{ database: false }").await, [""; 0]);
}

#[tokio::test]
async fn a_readiness_of_503_in_the_gateways_own_words_is_its_word_that_it_is_not_ready() {
    let stage = stage().await;
    stage.gateway(|gateway| gateway.database = Database::Away);
    let with = "{ litellm: { connection: keyless, samples: 2 } }";
    let found = stage.findings(with, "{}").await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "gateway-not-ready"));
    assert!(found[0].seen.contains("status 503: Service Unhealthy"), "{}", found[0].seen);
}

#[tokio::test]
async fn nothing_is_asked_that_calls_a_model_or_has_effects() {
    let stage = stage().await;
    stage.codes(ALL, EACH).await;
    for asked in stage.world.requests() {
        let is_harmless = asked.method != "POST" && !["/health", "/health/services"].contains(&asked.path.as_str());
        assert!(is_harmless, "{asked:?}");
    }
}

#[tokio::test]
async fn a_model_that_is_not_served_is_missing() {
    let stage = stage().await;
    stage.gateway(|gateway| gateway.models.retain(|model| model != "claude-haiku"));
    assert_eq!(stage.codes(ALL, EACH).await, ["model-missing"]);
    stage.gateway(|gateway| gateway.models.clear());
    assert_eq!(stage.codes(ALL, EACH).await, ["model-missing", "model-missing"]);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_with_its_place_and_a_help() {
    let stage = stage().await;
    for (with, says) in [
        ("{ litellm: { connection: litellm, samples: 0 } }", "0 samples"),
        ("{ litellm: { connection: litellm, models: [''] } }", "names no model"),
        ("{ litellm: { connection: litellm, key: { alias: '' } } }", "every key"),
        ("{ litellm: { connection: litellm, calls: {} } }", "no model to call"),
        ("{ litellm: { connection: keyless, models: [a] } }", "has no token"),
        ("{ litellm: { connection: litellm, models: [a], calls: { connection: keyless } } }", "has no token"),
        ("{ litellm: { connection: coder } }", "coder"),
        ("{ ai_bridge: { connection: coder, models: {} } }", "provider without models"),
        ("{ ai_bridge: { connection: coder, models: { anthropic: [] } } }", "provider without models"),
        ("{ ai_bridge: { connection: coder, models: { 'a/b': [c] } } }", "no provider's path"),
        ("{ ai_bridge: { connection: coder, models: { a: [c] }, through: ['https://u:p@host'] } }", "not the URL"),
        ("{ ai_bridge: { connection: anybody, models: { a: [c] } } }", "has no token"),
    ] {
        let problems = stage.item(with, "{}").err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.iter().any(|problem| problem.message.contains(says)), "{with}: {problems:?}");
    }
    for expect in ["{ each_attendee: { dollars: -1 } }", "{ budget_used_at_most: 0.7 }"] {
        assert!(stage.item("{ litellm: { connection: litellm } }", expect).is_err(), "{expect}");
    }
}

#[tokio::test]
async fn each_part_names_the_least_right_and_what_it_costs() {
    let stage = stage().await;
    let rights = |with: &str| -> Vec<String> {
        stage.item(with, "{}").expect("an item").access().iter().map(ToString::to_string).collect()
    };
    assert!(rights("{ litellm: { connection: litellm } }").is_empty());
    assert!(rights(ALL).iter().any(|right| right.contains("proxy_admin_viewer")));
    let calls = rights("{ litellm: { connection: litellm, models: [a], calls: {} } }");
    assert!(calls.iter().any(|right| right.starts_with("cost: ")), "{calls:?}");
}
