//! A key and all that binds it.

use super::{EACH, stage};
use gonogo_checks::contract::{Weight, Why};
use gonogo_world::litellm::{Key, Purse, Role};
use jiff::SignedDuration;

const NAMED: &str = "{ litellm: { connection: litellm, samples: 1, key: { alias: workshop } } }";
const OWN: &str = "{ litellm: { connection: workspace, samples: 1, models: [claude-sonnet], key: {} } }";

#[tokio::test]
async fn a_budget_and_a_rate_are_held_against_fifteen_people() {
    let stage = stage().await;
    for with in [NAMED, OWN] {
        assert_eq!(stage.codes(with, EACH).await, [""; 0], "{with}");
    }
    stage.gateway(|gateway| {
        let key = gateway.key_mut("workshop").expect("a key");
        (key.max_budget, key.rpm_limit, key.tpm_limit) = (Some(20.0), Some(60), Some(1_000));
    });
    for with in [NAMED, OWN] {
        let wanted = ["budget-too-small", "request-rate-too-low", "token-rate-too-low"];
        assert_eq!(stage.codes(with, EACH).await, wanted, "{with}");
        assert_eq!(stage.codes(with, "{}").await, ["use-unsaid", "use-unsaid", "use-unsaid"], "{with}");
    }
    stage.gateway(|gateway| {
        let key = gateway.key_mut("workshop").expect("a key");
        (key.max_budget, key.rpm_limit, key.tpm_limit) = (None, None, None);
    });
    assert_eq!(stage.codes(NAMED, "{}").await, [""; 0]);
}

#[tokio::test]
async fn a_budget_that_is_reset_before_the_window_is_new_then() {
    let stage = stage().await;
    let set = |resets| {
        stage.gateway(|gateway| {
            let key = gateway.key_mut("workshop").expect("a key");
            (key.spend, key.budget_reset_at) = (90.0, Some(resets));
        });
    };
    let starts = stage.times.starts;
    set(starts - SignedDuration::from_hours(5));
    assert_eq!(stage.codes(NAMED, EACH).await, [""; 0]);
    set(starts);
    assert_eq!(stage.codes(NAMED, EACH).await, ["budget-too-small"]);
}

#[tokio::test]
async fn a_keys_team_and_its_user_bind_it_too() {
    let stage = stage().await;
    let empty = Purse { max_budget: Some(10.0), spend: 9.0, ..Purse::default() };
    stage.gateway(|gateway| {
        gateway.teams.insert("guests".to_owned(), empty.clone());
        gateway.key_mut("workshop").expect("a key").team_id = Some("guests".to_owned());
    });
    let found = stage.findings(NAMED, EACH).await.expect("seen");
    assert_eq!((found.len(), found[0].code, found[0].subject.as_str()), (1, "budget-too-small", "team guests"));
    stage.gateway(|gateway| gateway.teams.clear());
    assert_eq!(stage.codes(NAMED, EACH).await, ["not-found"], "a team of which nothing is told");
    stage.gateway(|gateway| {
        let key = gateway.key_mut("workshop").expect("a key");
        (key.team_id, key.user_id) = (None, Some("ann".to_owned()));
    });
    assert_eq!(stage.codes(NAMED, EACH).await, [""; 0], "a user of whom there is no more than the name");
    stage.gateway(|gateway| {
        gateway.purses.insert("ann".to_owned(), empty);
    });
    assert_eq!(stage.codes(NAMED, EACH).await, ["budget-too-small"]);
}

#[tokio::test]
async fn a_member_of_a_team_is_bound_by_their_own_budget_in_it() {
    let stage = stage().await;
    stage.gateway(|gateway| {
        let mine = Purse { max_budget: Some(10.0), spend: 9.0, ..Purse::default() };
        let team = Purse { members: [("ann".to_owned(), mine)].into(), ..Purse::default() };
        gateway.teams.insert("guests".to_owned(), team);
        let key = gateway.key_mut("workshop").expect("a key");
        (key.team_id, key.user_id) = (Some("guests".to_owned()), Some("ann".to_owned()));
    });
    let found = stage.findings(NAMED, EACH).await.expect("seen");
    assert_eq!(
        (found.len(), found[0].code, found[0].subject.as_str()),
        (1, "budget-too-small", "user ann in team guests")
    );
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").user_id = Some("bob".to_owned()));
    assert_eq!(stage.codes(NAMED, EACH).await, [""; 0], "of bob the team says nothing");
}

#[tokio::test]
async fn a_budget_that_a_list_of_keys_only_names_is_unknown_until_the_key_itself_tells_it() {
    let stage = stage().await;
    stage.gateway(|gateway| {
        let budget = Purse { max_budget: Some(5.0), ..Purse::default() };
        gateway.key_mut("workshop").expect("a key").budget = Some(("small".to_owned(), budget));
    });
    let found = stage.findings(NAMED, EACH).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "not-found"));
    assert!(found[0].seen.contains("the budget small"), "{found:?}");
    let found = stage.findings(OWN, EACH).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "budget-too-small"));
    assert_eq!(found[0].subject, "budget of key workshop");
}

#[tokio::test]
async fn a_key_of_an_alias_that_has_ended_is_found_unless_another_one_is_in_force() {
    let stage = stage().await;
    let (now, times) = (stage.times.now, stage.times);
    let hour = SignedDuration::from_hours(1);
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").expires = Some(now - hour));
    let found = stage.findings(NAMED, EACH).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "expired"));
    stage.gateway(|gateway| gateway.keys.push(Key::new("workshop", "sk-newer", now).until(times.ends + hour)));
    assert_eq!(stage.codes(NAMED, EACH).await, [""; 0]);
}

#[tokio::test]
async fn a_limit_of_one_model_is_in_the_keys_metadata() {
    let stage = stage().await;
    stage.gateway(|gateway| {
        let key = gateway.key_mut("workshop").expect("a key");
        key.metadata = serde_json::json!({ "model_rpm_limit": { "claude-sonnet": 30, "other": 1 } });
    });
    assert_eq!(stage.codes(OWN, EACH).await, ["request-rate-too-low"]);
    assert_eq!(stage.codes(NAMED, EACH).await, ["request-rate-too-low", "request-rate-too-low"], "no model is named");
    stage.gateway(|gateway| {
        let key = gateway.key_mut("workshop").expect("a key");
        key.metadata = serde_json::json!({ "model_tpm_limit": { "claude-sonnet": 1000 } });
    });
    assert_eq!(stage.codes(NAMED, EACH).await, ["token-rate-too-low"]);
}

#[tokio::test]
async fn a_key_that_may_not_use_a_model_is_denied_though_others_may() {
    let stage = stage().await;
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").models = vec!["claude-haiku".to_owned()]);
    let with = "{ litellm: { connection: litellm, samples: 1, models: [claude-sonnet], key: { alias: workshop } } }";
    assert_eq!(stage.codes(with, EACH).await, ["model-denied"]);
    assert_eq!(stage.codes(OWN, EACH).await, ["model-missing", "model-denied"]);
}

#[tokio::test]
async fn a_key_of_an_access_group_is_not_called_denied() {
    let stage = stage().await;
    stage.gateway(|gateway| {
        gateway.groups.insert("workshop-models".to_owned(), vec!["claude-sonnet".to_owned()]);
        gateway.key_mut("workshop").expect("a key").models = vec!["workshop-models".to_owned()];
    });
    let with = "{ litellm: { connection: litellm, samples: 1, models: [claude-sonnet], key: { alias: workshop } } }";
    let found = stage.findings(with, EACH).await.expect("seen");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].code, found[0].weight), ("model-denied", Weight::Unknown));
    assert_eq!(stage.codes(OWN, EACH).await, [""; 0]);
}

#[tokio::test]
async fn a_key_that_is_refused_is_what_the_gateway_says_and_its_hash_is_not_told() {
    let stage = stage().await;
    let own = "{ litellm: { connection: workspace, samples: 1, key: {} } }";
    let ended = stage.times.now - SignedDuration::from_hours(1);
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").expires = Some(ended));
    assert_eq!(stage.codes(own, "{}").await, ["expired"]);
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").blocked = Some(true));
    assert_eq!(stage.codes(own, "{}").await, ["key-blocked"]);
    assert_eq!(stage.codes(NAMED, EACH).await, ["expired"]);
    stage.gateway(|gateway| gateway.key_mut("workshop").expect("a key").expires = None);
    assert!(stage.codes(NAMED, EACH).await.contains(&"key-blocked"));
    let hash = gonogo_hash(&stage);
    stage.gateway(|gateway| gateway.keys.retain(|key| key.alias.as_deref() != Some("workshop")));
    assert_eq!(stage.codes(NAMED, EACH).await, ["key-missing"]);
    let (evidence, found) = stage.look(own, "{}").await.expect("seen");
    assert_eq!(found[0].code, "key-refused");
    assert!(!format!("{evidence} {found:?}").contains(&hash[..8]));
}

fn gonogo_hash(stage: &super::Stage) -> String {
    let mut hash = String::new();
    stage.gateway(|gateway| hash = gateway.key_mut("workshop").expect("a key").hash());
    hash
}

#[tokio::test]
async fn an_alias_that_may_be_hidden_is_not_called_missing() {
    let stage = stage().await.with_secret("LITELLM_PROBE_KEY", "sk-someone-else");
    let now = stage.times.now;
    let with = "{ litellm: { connection: litellm, samples: 1, key: { alias: workshop } } }";
    stage.gateway(|gateway| gateway.keys.push(Key::new("mine", "sk-someone-else", now).of("someone", Role::User)));
    assert_eq!(stage.codes(with, "{}").await, ["not-found"]);
    stage.gateway(|gateway| gateway.keys.last_mut().expect("a key").user_id = None);
    let found = stage.findings(with, "{}").await.expect("readiness is seen");
    assert_eq!(found[0].code, Why::Forbidden.code().id);
    assert!(found[0].seen.contains("proxy_admin_viewer"), "{found:?}");
}
