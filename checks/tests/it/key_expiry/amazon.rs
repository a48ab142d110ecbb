//! The source `aws`: a user's keys, and the credential that asks.

use super::stage::{ROLE, SESSION, Stage, repaired, times};
use gonogo_checks::contract::{Unobserved, Weight, Why};
use gonogo_world::{
    Fault, Rule, System,
    aws::{AccessKey, Iam},
    incidents::workshop_2024_09_30::{AWS_ACCESS_KEY_ID, BEDROCK_USER},
};
use jiff::SignedDuration;

const USER: &str = "aws: { connection: account, user: litellm-bedrock }";
const OWN: &str = "aws: { connection: account }";
const AGE: &str = "{ max_age: 90d }";

async fn stage() -> Stage {
    let times = times();
    Stage::of(repaired(times), times).await
}

impl Stage {
    fn iam<T>(&self, change: impl FnOnce(&mut Iam) -> T) -> T {
        self.world.edit(|state| change(&mut state.aws.iam))
    }

    fn deny(&self, action: &str) {
        self.world.edit(|state| {
            let identity = state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity");
            identity.denied = vec![action.to_owned()];
        });
    }

    async fn unseen(&self, with: &str) -> Unobserved {
        self.findings(with, AGE).await.expect_err(with)
    }
}

#[tokio::test]
async fn a_users_key_within_its_age_is_good_and_without_a_bound_it_is_said_to_have_no_end() {
    let stage = stage().await;
    assert_eq!(stage.codes(USER, AGE).await, [""; 0]);
    let found = stage.findings(USER, "{}").await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "never-expires"));
    assert!(found[0].seen.contains("for bedrock"), "{}", found[0].seen);
    assert_eq!(stage.codes(USER, "{ max_age: 10d }").await, ["key-too-old"]);
}

#[tokio::test]
async fn a_key_that_is_switched_off_deleted_or_gone_with_its_user_is_found() {
    let stage = stage().await;
    stage.iam(|iam| iam.key_mut(BEDROCK_USER).expect("a key").status = "Inactive".to_owned());
    assert_eq!(stage.codes(USER, AGE).await, ["key-blocked"]);
    stage.iam(|iam| iam.key_mut(BEDROCK_USER).expect("a key").status = "Expired".to_owned());
    assert_eq!(stage.codes(USER, AGE).await, ["expired"]);
    stage.iam(|iam| iam.users.get_mut(BEDROCK_USER).expect("a user").clear());
    assert_eq!(stage.codes(USER, AGE).await, ["key-missing"]);
    stage.iam(|iam| iam.users.remove(BEDROCK_USER));
    assert_eq!(stage.codes(USER, AGE).await, ["key-missing"]);
}

#[tokio::test]
async fn the_old_key_that_a_replacement_left_switched_off_counts_only_where_it_is_named() {
    let stage = stage().await;
    let made = stage.times.now - SignedDuration::from_hours(24 * 300);
    let old = AccessKey { status: "Inactive".to_owned(), ..AccessKey::active("AKIAWORLDBEDROCK0001", made) };
    stage.iam(|iam| iam.users.get_mut(BEDROCK_USER).expect("a user").push(old));
    assert_eq!(stage.codes(USER, AGE).await, [""; 0]);
    let named = |id: &str| format!("aws: {{ connection: account, user: litellm-bedrock, access_key_id: {id} }}");
    assert_eq!(stage.codes(&named("AKIAWORLDBEDROCK0001"), "{}").await, ["key-blocked"]);
    assert_eq!(stage.codes(&named("AKIAWORLDBEDROCK0002"), AGE).await, [""; 0]);
    assert_eq!(stage.codes(&named("AKIAWORLDBEDROCK0009"), AGE).await, ["key-missing"]);
}

#[tokio::test]
async fn a_new_key_that_nobody_uses_beside_the_one_in_use_that_was_switched_off_is_no_pass() {
    let stage = stage().await;
    let now = stage.times.now;
    let new = AccessKey::active("AKIAWORLDBEDROCK0003", now - SignedDuration::from_hours(30));
    stage.iam(|iam| iam.users.get_mut(BEDROCK_USER).expect("a user").push(new));
    assert_eq!(stage.codes(USER, AGE).await, [""; 0], "the old key works still");
    let named = USER.replace(" }", ", access_key_id: AKIAWORLDBEDROCK0003 }");
    assert_eq!(stage.codes(&named, AGE).await, ["key-unused"]);
    stage.iam(|iam| {
        let old = iam.key_mut(BEDROCK_USER).expect("a key");
        old.status = "Inactive".to_owned();
        old.used = Some((now - SignedDuration::from_hours(5), "bedrock".to_owned()));
    });
    for with in [USER, &named] {
        let found = stage.findings(with, AGE).await.expect("seen");
        assert_eq!((found.len(), found[0].code, found[0].weight), (1, "key-unused", Weight::Fail));
    }
}

#[tokio::test]
async fn what_may_not_be_listed_is_unknown_and_names_the_right() {
    let stage = stage().await;
    stage.deny("iam:ListAccessKeys");
    let missing = stage.unseen(USER).await;
    assert_eq!(missing.why, Why::Forbidden);
    assert!(
        missing.detail.contains("iam:ListAccessKeys on arn:aws:iam::123456789012:user/litellm-bedrock"),
        "{missing}"
    );
    stage.deny("iam:GetAccessKeyLastUsed");
    assert_eq!(stage.codes(USER, AGE).await, ["forbidden"]);
    assert_eq!(stage.codes(USER, "{ max_age: 10d }").await, ["key-too-old", "forbidden"]);
}

#[tokio::test]
async fn the_credential_that_asks_is_a_key_like_any_other() {
    let stage = stage().await;
    let (evidence, found) = stage.look(OWN, AGE).await.expect("seen");
    assert_eq!(found, []);
    assert!(!evidence.to_string().contains("wJalr"), "{evidence}");
    stage.iam(|iam| iam.key_mut("workshop-ro").expect("a key").made -= SignedDuration::from_hours(24 * 90));
    assert_eq!(stage.codes(OWN, AGE).await, ["key-too-old"]);
    stage.iam(|iam| iam.users.get_mut("workshop-ro").expect("a user").clear());
    assert_eq!(stage.unseen(OWN).await.why, Why::Malformed);
    stage.world.edit(|state| state.aws.identities.remove(AWS_ACCESS_KEY_ID));
    assert_eq!(stage.codes(OWN, AGE).await, ["key-refused"]);
    assert_eq!(stage.unseen(USER).await.why, Why::Unauthorised, "of another's key nothing is known");
}

#[tokio::test]
async fn another_account_than_the_one_that_is_named_says_nothing() {
    let stage = stage().await;
    for with in ["aws: { connection: elsewhere }", "aws: { connection: elsewhere, user: litellm-bedrock }"] {
        assert_eq!(stage.unseen(with).await.why, Why::WrongSystem, "{with}");
    }
}

#[tokio::test]
async fn a_session_of_a_pod_is_renewed_by_the_look_itself_and_its_hour_is_no_end() {
    let stage = stage().await;
    let with = "aws: { connection: pod }";
    assert_eq!(stage.codes(with, "{ valid_past_event: 7d }").await, [""; 0]);
    stage.world.edit(|state| state.aws.roles.get_mut(ROLE).expect("a role").trusts.clear());
    assert_eq!(stage.unseen(with).await.why, Why::Unauthorised, "a renewal that fails is never a pass");
}

#[tokio::test]
async fn a_session_ends_when_what_keeps_it_says_so_and_else_nobody_knows() {
    let stage = stage().await;
    assert_eq!(stage.codes("aws: { connection: process }", "{}").await, ["expires-before-event"]);
    assert_eq!(stage.codes("aws: { connection: written }", "{}").await, ["expiry-unknown"]);
    let past = stage.times.now - SignedDuration::from_mins(1);
    stage.world.edit(|state| state.aws.identities.get_mut(SESSION).expect("a session").expires = Some(past));
    assert_eq!(stage.codes("aws: { connection: written }", "{}").await, ["expired"]);
}

#[tokio::test]
async fn a_clock_that_differs_is_said_of_amazon_too() {
    let stage = stage().await;
    stage.world.edit(|state| state.date_skew = SignedDuration::from_mins(61));
    assert_eq!(stage.codes(USER, AGE).await, ["clock-skew"]);
}

#[tokio::test]
async fn a_throttled_list_is_asked_for_again_and_then_unknown() {
    let stage = stage().await;
    let throttled = Rule::on(System::Aws, Fault::Status(429, None)).at("iam.amazonaws.com");
    stage.world.inject(throttled.clone().times(1)).expect("a rule");
    assert_eq!(stage.codes(USER, AGE).await, [""; 0]);
    stage.world.inject(throttled).expect("a rule");
    assert_eq!(stage.unseen(USER).await.why, Why::Throttled);
}
