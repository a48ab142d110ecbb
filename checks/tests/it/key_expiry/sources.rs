//! Each source, broken and repaired.

use super::stage::{GITHUB_TOKEN, Stage, repaired, times};
use gonogo_checks::contract::Why;
use gonogo_world::{
    incidents::workshop_2024_09_30::{CODER_SESSION_TOKEN, Cause, LITELLM_PROBE_KEY},
    kubernetes::Cluster,
    litellm::{Dates, Gateway, Key, Role},
};
use jiff::SignedDuration;

const ALIAS: &str = "litellm: { connection: litellm, key_alias: workshop }";
const OWN: &str = "litellm: { connection: litellm }";
const CODER: &str = "coder: { connection: coder }";
const GITHUB: &str = "github: { connection: github }";
const WEEK: &str = "{ valid_past_event: 7d }";
const HOST: &str = "litellm.ai.coder.com";

async fn stage() -> Stage {
    let times = times();
    Stage::of(repaired(times), times).await
}

impl Stage {
    fn gateway<T>(&self, change: impl FnOnce(&mut Gateway) -> T) -> T {
        self.world.edit(|state| change(state.litellm.get_mut(HOST).expect("a gateway")))
    }

    fn cluster(&self, change: impl FnOnce(Cluster) -> Cluster) {
        self.world.edit(|state| {
            let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
            *cluster = change(cluster.clone());
        });
    }
}

#[tokio::test]
async fn the_repaired_world_has_nothing_in_the_way() {
    let stage = stage().await;
    for with in [ALIAS, OWN, CODER, GITHUB, "coder: { connection: coder, token_name: workshop }"] {
        assert_eq!(stage.codes(with, WEEK).await, [""; 0], "{with}");
    }
}

#[tokio::test]
async fn the_incidents_key_ends_and_rotates_in_the_event() {
    let stage = stage().await;
    let times = stage.times;
    stage.world.edit(|state| Cause::KeyRotates.inject(state, &times));
    let found = stage.findings(ALIAS, "{}").await.expect("seen");
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["expires-during-event", "rotation-in-window"]);
    assert!(found[0].seen.contains("20 min before the end"), "{}", found[0].seen);
    assert_eq!(found[0].subject, "workshop");
}

#[tokio::test]
async fn a_time_without_a_zone_is_utc() {
    let stage = stage().await;
    let ends = stage.times.ends;
    stage.gateway(|gateway| {
        gateway.dates = Dates::Naive;
        gateway.key_mut("workshop").expect("a key").expires = Some(ends - SignedDuration::from_mins(20));
    });
    let found = stage.findings(ALIAS, "{}").await.expect("seen");
    assert!(found[0].seen.contains("20 min before the end"), "{found:?}");
}

#[tokio::test]
async fn every_page_and_every_key_of_an_alias_is_looked_at() {
    let stage = stage().await;
    let (now, ends) = (stage.times.now, stage.times.ends);
    stage.gateway(|gateway| {
        // The oldest is on the last page, and is the one that ends too soon.
        gateway.keys.retain(|key| key.alias.as_deref() != Some("workshop"));
        let old = Key::new("workshop", "sk-oldest", now - SignedDuration::from_hours(900));
        let young =
            (0..150).map(|i| Key::new("workshop", &format!("sk-young-{i}"), now - SignedDuration::from_mins(i)));
        gateway.keys.insert(0, old.until(ends - SignedDuration::from_mins(1)));
        gateway.keys.extend(young);
    });
    assert_eq!(stage.codes(ALIAS, "{}").await, ["expires-during-event"]);
}

#[tokio::test]
async fn an_alias_that_only_contains_the_asked_one_is_another_key() {
    let stage = stage().await;
    let (now, times) = (stage.times.now, stage.times);
    stage.gateway(|gateway| {
        gateway.finds_parts = true;
        gateway.keys.push(Key::new("workshop-old", "sk-old", now).until(times.starts));
    });
    assert_eq!(stage.codes(ALIAS, "{}").await, [""; 0]);
    stage.gateway(|gateway| gateway.keys.retain(|key| key.alias.as_deref() != Some("workshop")));
    assert_eq!(stage.codes(ALIAS, "{}").await, ["key-missing"]);
}

#[tokio::test]
async fn an_alias_that_may_be_hidden_is_not_called_missing() {
    let stage = stage().await.with_secret("LITELLM_PROBE_KEY", "sk-someone");
    let now = stage.times.now;
    stage.gateway(|gateway| gateway.keys.push(Key::new("mine", "sk-someone", now).of("someone", Role::User)));
    assert_eq!(stage.findings(ALIAS, "{}").await.expect_err("hidden").why, Why::NotFound);
    let nobody = stage.with_secret("LITELLM_PROBE_KEY", "sk-nobody");
    nobody.gateway(|gateway| gateway.keys.push(Key::new("nobodys", "sk-nobody", now)));
    let missing = nobody.findings(ALIAS, "{}").await.expect_err("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("proxy_admin_viewer"), "{missing}");
}

#[tokio::test]
async fn a_gateway_that_refuses_the_key_itself_is_a_finding_and_its_hash_is_not_told() {
    let stage = stage().await;
    let ended = stage.times.now - SignedDuration::from_hours(1);
    stage.gateway(|gateway| gateway.key_mut("gonogo").expect("a key").expires = Some(ended));
    assert_eq!(stage.codes(OWN, "{}").await, ["expired"]);
    stage.gateway(|gateway| gateway.key_mut("gonogo").expect("a key").blocked = Some(true));
    assert_eq!(stage.codes(OWN, "{}").await, ["key-blocked"]);
    let hash = stage.gateway(|gateway| gateway.key_mut("gonogo").expect("a key").hash());
    stage.gateway(|gateway| gateway.keys.retain(|key| key.secret != LITELLM_PROBE_KEY));
    let (evidence, found) = stage.look(OWN, "{}").await.expect("seen");
    assert_eq!(found[0].code, "key-refused");
    assert!(!evidence.to_string().contains(&hash[..8]) && !format!("{found:?}").contains(&hash[..8]), "{evidence}");
}

#[tokio::test]
async fn the_word_null_in_a_keys_place_is_a_finding_without_asking_anybody() {
    for (with, name) in [(OWN, "LITELLM_PROBE_KEY"), (CODER, "CODER_SESSION_TOKEN"), (GITHUB, "GITHUB_TOKEN")] {
        let stage = stage().await.with_secret(name, "null");
        assert_eq!(stage.codes(with, "{}").await, ["key-empty"], "{with}");
        assert!(stage.world.requests().is_empty());
    }
}

#[tokio::test]
async fn a_coder_token_is_refused_ended_missing_or_unreadable() {
    let stage = stage().await;
    let (now, id) = (stage.times.now, CODER_SESSION_TOKEN.split_once('-').expect("two halves").0);
    let named = |name: &str| format!("coder: {{ connection: coder, token_name: {name} }}");
    assert_eq!(stage.codes(&named("worksop"), "{}").await, ["key-missing"]);
    stage
        .world
        .edit(|state| state.coder.token_mut("workshop").expect("a token").scopes = vec!["workspace:read".into()]);
    assert_eq!(stage.findings(CODER, "{}").await.expect_err("no right").why, Why::Forbidden);
    assert!(stage.findings(&named("workshop"), "{}").await.is_err());
    stage.world.edit(|state| state.coder.token_mut("workshop").expect("a token").expires_at = now);
    assert_eq!(stage.codes(CODER, "{}").await, ["expired"]);
    let stage = stage.with_secret("CODER_SESSION_TOKEN", &format!("{id}-wrong"));
    assert_eq!(stage.codes(CODER, "{}").await, ["key-refused"]);
}

#[tokio::test]
async fn a_token_of_a_user_who_is_suspended_is_switched_off_whatever_its_end() {
    let stage = stage().await;
    let with = "coder: { connection: owner, token_name: workshop, user: workshop-automation }";
    let user = |status: &str| {
        stage.world.edit(|state| {
            let mut users = state.coder.users.iter_mut();
            users.find(|user| user.name == "workshop-automation").expect("a user").status = status.to_owned();
        });
    };
    assert_eq!(stage.codes(with, WEEK).await, [""; 0]);
    user("dormant");
    assert_eq!(stage.codes(with, WEEK).await, [""; 0], "the first request wakes its user up");
    user("suspended");
    let found = stage.findings(with, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "key-blocked"));
    assert!(found[0].seen.contains("workshop-automation is suspended"), "{}", found[0].seen);
}

#[tokio::test]
async fn a_github_token_is_judged_by_its_header_through_octocrab() {
    let stage = stage().await;
    let times = stage.times;
    let set = |expires| {
        stage.world.edit(|state| {
            let github = state.github.get_mut("api.github.com").expect("GitHub");
            github.tokens.get_mut(GITHUB_TOKEN).expect("a token").expires = expires;
        });
    };
    set(Some(times.ends - SignedDuration::from_mins(20)));
    let found = stage.findings(GITHUB, "{}").await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "expires-during-event"));
    assert!(found[0].seen.contains("20 min before the end"), "{}", found[0].seen);
    set(None);
    assert_eq!(stage.codes(GITHUB, "{ never_expires: warn }").await, ["never-expires"]);
    set(Some(times.now));
    assert_eq!(stage.codes(GITHUB, "{}").await, ["key-refused"]);
}

#[tokio::test]
async fn a_pull_secret_made_of_an_ecr_password_dies_after_twelve_hours() {
    let stage = stage().await;
    let with = "docker_config: { namespace: coder, name: ecr-pull }";
    assert_eq!(stage.codes(with, "{}").await, ["key-missing"]);
    let host = "123456789012.dkr.ecr.us-east-2.amazonaws.com";
    stage.cluster(|cluster| cluster.pull_secret("coder", "ecr-pull", host, "AWS", "opaque"));
    let (evidence, found) = stage.look(with, "{}").await.expect("seen");
    assert!(["expired", "expires-before-event"].contains(&found[0].code), "{found:?}");
    assert_eq!(found[0].subject, host);
    assert!(!evidence.to_string().contains("opaque"));
}

#[tokio::test]
async fn the_key_that_a_secret_really_holds_is_asked_for_itself() {
    let stage = stage().await;
    let with = "litellm: { connection: litellm, held_in: { namespace: coder-ws, name: held, key: token } }";
    let hold = |value: &str| stage.cluster(|cluster| cluster.secret("coder-ws", "held", "Opaque", &[("token", value)]));
    assert_eq!(stage.codes(with, "{}").await, ["key-missing"]);
    hold("null");
    assert_eq!(stage.codes(with, "{}").await, ["key-empty"]);
    hold("sk-world-workshop\n");
    assert_eq!(stage.codes(with, "{}").await, ["key-empty"]);
    hold("sk-of-yesterday");
    assert_eq!(stage.codes(with, "{}").await, ["key-refused"]);
    hold("sk-world-workshop");
    let (evidence, found) = stage.look(with, "{}").await.expect("seen");
    assert_eq!(found, []);
    assert!(!evidence.to_string().contains("sk-world-workshop"), "{evidence}");
}

#[tokio::test]
async fn a_json_answer_is_read_where_the_pointer_says() {
    let stage = stage().await;
    let with = |pointer: &str, more: &str| {
        format!(
            "json: {{ connection: http, path: key/info, pointer: {pointer}, in_force: {{ pointer: /info/status, equals: active }}{more} }}"
        )
    };
    assert_eq!(stage.codes(&with("/info/expires", ""), WEEK).await, [""; 0]);
    assert_eq!(stage.codes(&with("/info/last_active", ""), WEEK).await, ["expiry-unknown"]);
    assert_eq!(stage.codes(&with("/info/last_active", ", null_is_never: true"), WEEK).await, [""; 0]);
    assert!(stage.findings(&with("/info/nothing", ""), WEEK).await.is_err());
    assert_eq!(stage.codes(&with("/info/nothing", ", absent_is_never: true"), WEEK).await, [""; 0]);
    assert!(stage.findings(&with("/data/nothing", ", absent_is_never: true"), WEEK).await.is_err());
}

#[tokio::test]
async fn a_clock_that_differs_is_said() {
    let stage = stage().await;
    stage.world.edit(|state| state.date_skew = SignedDuration::from_mins(61));
    assert_eq!(stage.codes(ALIAS, "{}").await, ["clock-skew"]);
}
