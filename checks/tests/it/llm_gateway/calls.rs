//! Calls of one token: not without leave, and a success must hold a completion.

use super::stage;

const CALLS: &str = "{ litellm: { connection: litellm, samples: 1, models: [claude-sonnet, claude-haiku], calls: { connection: workspace } } }";

#[tokio::test]
async fn without_leave_no_model_is_called_and_that_is_one_unknown() {
    let stage = stage().await;
    let found = stage.findings(CALLS, "{}").await.expect("the rest is seen");
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["withheld"]);
    assert!(found[0].remedy.as_ref().is_some_and(|remedy| remedy.says.contains("--allow-cost")));
    assert!(stage.world.requests().iter().all(|asked| !format!("{asked:?}").contains("completions")));
}

#[tokio::test]
async fn with_leave_each_model_is_called_once() {
    let stage = stage().await.paying();
    assert_eq!(stage.codes(CALLS, "{}").await, [""; 0]);
    let called = stage.world.requests().iter().filter(|asked| format!("{asked:?}").contains("completions")).count();
    assert_eq!(called, 2);
}

#[tokio::test]
async fn what_a_call_is_refused_for_is_found_once_and_not_asked_again() {
    for (status, kind, code) in [
        (401, "expired_key", "call-key-refused"),
        (400, "budget_exceeded", "call-over-budget"),
        (429, "budget_exceeded", "call-over-budget"),
        (401, "key_model_access_denied", "model-denied"),
        (429, "None", "call-throttled"),
        (500, "internal_server_error", "call-failed"),
        (503, "None", "call-failed"),
    ] {
        let stage = stage().await.paying();
        stage.gateway(|gateway| {
            let fails = (
                status,
                kind.to_owned(),
                "Key Hash (Token) =3f23a3100c3183021be4f433982d93c1f20ea652ad60ef8c".to_owned(),
            );
            gateway.fails.insert("claude-haiku".to_owned(), fails);
        });
        let found = stage.findings(CALLS, "{}").await.expect("seen");
        assert_eq!((found.len(), found[0].code), (1, code), "{status} {kind}");
        assert!(!found[0].seen.contains("3f23a3100c"), "{}", found[0].seen);
        let called = stage.world.requests().iter().filter(|asked| format!("{asked:?}").contains("completions")).count();
        assert_eq!(called, 2, "a call is not repeated: {status} {kind}");
    }
}

#[tokio::test]
async fn the_world_itself_refuses_what_a_key_may_not_do() {
    let stage = stage().await.paying();
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").max_budget = Some(1.0));
    assert_eq!(stage.codes(CALLS, "{}").await, ["call-over-budget", "call-over-budget"]);
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").models = vec!["claude-haiku".to_owned()]);
    assert!(stage.codes(CALLS, "{}").await.contains(&"model-denied"));
}
