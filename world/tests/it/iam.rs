//! IAM's keys, and the sessions that STS gives for a token of a cluster.

use gonogo_world::aws::AccessKey;
use gonogo_world::ecr::{Aws, Identity, Region, Role};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;

use crate::client::{Answer, client, post};
use crate::recording::recorded;

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const ROLE: &str = "arn:aws:iam::123456789012:role/gateway";

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a time")
}

async fn world() -> World {
    let identity = Identity {
        account: "123456789012".to_owned(),
        arn: "arn:aws:iam::123456789012:user/ci".to_owned(),
        user_id: "AIDAEXAMPLE".to_owned(),
        expires: None,
        denied: Vec::new(),
    };
    let role = Role { trusts: vec!["cluster-token".to_owned()], lives: SignedDuration::from_hours(1) };
    let mut state = State::empty(now());
    state.aws = Aws {
        account: "123456789012".to_owned(),
        identities: [(KEY.to_owned(), identity)].into(),
        regions: [("us-east-1".to_owned(), Region::default())].into(),
        roles: [(ROLE.to_owned(), role)].into(),
        ..Aws::default()
    };
    state.aws.iam.users.insert("ci".to_owned(), vec![AccessKey::active(KEY, now())]);
    World::start(state).await.expect("a world")
}

async fn ask(client: &Client, form: &str) -> Answer {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={KEY}/20261122/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00"
    );
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    post(client, "https://iam.amazonaws.com/", &headers, &format!("{form}&Version=2010-05-08")).await
}

/// The names of the elements of an XML text, in order, each once.
fn names(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for part in text.split('<').skip(1).filter(|part| !part.starts_with('/')) {
        let name = part.split(['>', ' ']).next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[tokio::test]
async fn keys_are_listed_and_an_unknown_user_refused_as_the_recorded_service_does() {
    let world = world().await;
    let client = client(&world, &[]);
    for (form, file) in [
        ("Action=ListAccessKeys&UserName=ci", "moto-iam/list-access-keys.http"),
        ("Action=ListAccessKeys&UserName=nobody", "moto-iam/list-access-keys-no-such-user.http"),
    ] {
        let (ours, theirs) = (ask(&client, form).await, recorded(file));
        assert_eq!(ours.status, theirs.status, "{file}");
        let ours_named = names(&ours.body);
        let lacking: Vec<&str> =
            names(&theirs.body).into_iter().filter(|name| *name != "message" && !ours_named.contains(name)).collect();
        assert!(lacking.is_empty(), "{file}: {lacking:?} of {}", ours.body);
    }
    let own = ask(&client, "Action=ListAccessKeys").await;
    assert!(own.body.contains(KEY), "who names no user means itself: {}", own.body);
}

#[tokio::test]
async fn a_key_that_was_never_used_has_no_last_use_and_a_denied_action_says_so() {
    let world = world().await;
    let client = client(&world, &[]);
    let form = format!("Action=GetAccessKeyLastUsed&AccessKeyId={KEY}");
    let never = ask(&client, &form).await;
    assert!(never.status == 200 && !never.body.contains("LastUsedDate"), "{}", never.body);
    world.edit(|state| {
        state.aws.iam.key_mut("ci").expect("a key").used = Some((now(), "bedrock".to_owned()));
        state.aws.identities.get_mut(KEY).expect("an identity").denied = vec!["iam:ListAccessKeys".to_owned()];
    });
    let used = ask(&client, &form).await;
    assert!(used.body.contains("<LastUsedDate>2026-11-22T08:00:00Z</LastUsedDate>"), "{}", used.body);
    let denied = ask(&client, "Action=ListAccessKeys").await;
    assert!(denied.status == 403 && denied.body.contains("<Code>AccessDenied</Code>"), "{}", denied.body);
}

#[tokio::test]
async fn a_session_is_given_for_a_token_that_its_role_trusts_and_ends() {
    let world = world().await;
    let client = client(&world, &[]);
    let take = async |token: &str| {
        let form = format!(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={}&RoleSessionName=a&WebIdentityToken={token}",
            ROLE.replace(':', "%3A").replace('/', "%2F")
        );
        post(&client, "https://sts.us-east-1.amazonaws.com/", &[], &form).await
    };
    let given = take("cluster-token").await;
    assert!(given.status == 200 && given.body.contains("<Expiration>2026-11-22T09:0"), "{}", given.body);
    assert_eq!(take("another-token").await.status, 403);
    let ends = world.edit(|state| {
        let session = state.aws.identities.iter().find(|(id, _)| id.starts_with("ASIA")).expect("a session");
        session.1.expires
    });
    assert!(ends.is_some_and(|ends| ends >= now() + SignedDuration::from_hours(1)), "{ends:?}");
}
