//! The source `coder_licence`, against answers as Coder's API documents them.

use super::stage::{Stage, repaired, times};
use gonogo_checks::contract::Why;
use gonogo_world::{
    State,
    web::{Page, Site},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const WITH: &str = "coder_licence: { connection: licensed }";
const WEEK: &str = "{ valid_past_event: 7d }";

fn licence(id: u8, begins: Timestamp, ends: Timestamp) -> Value {
    let grace = ends + SignedDuration::from_hours(24 * 30);
    json!({
        "id": id, "uuid": "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0006", "uploaded_at": begins.to_string(),
        "claims": {
            "license_expires": ends.as_second(), "exp": grace.as_second(), "nbf": begins.as_second(),
            "trial": false, "account_type": "salesforce", "features": { "user_limit": 100 },
        },
    })
}

fn serve(state: &mut State, licences: &Value, has_license: bool, errors: &[&str]) {
    let entitlements =
        json!({ "has_license": has_license, "trial": false, "features": {}, "errors": errors, "warnings": [] });
    let site =
        Site { otherwise: Page::json(404, r#"{"message":"Route not found."}"#), ..Site::at("licensed.test", &[]) };
    let site = site.page("/api/v2/licenses", Page::json(200, licences.to_string()));
    let me =
        json!({ "id": "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0007", "username": "checker", "status": "active", "roles": [] });
    let site = site.page("/api/v2/users/me", Page::json(200, me.to_string()));
    let site = site.page("/api/v2/entitlements", Page::json(200, entitlements.to_string()));
    state.web.insert("licensed.test".to_owned(), site);
}

async fn stage(licences: impl FnOnce(Timestamp, Timestamp) -> Value, has_license: bool) -> Stage {
    complaining(licences, has_license, &[]).await
}

async fn complaining(
    licences: impl FnOnce(Timestamp, Timestamp) -> Value,
    has_license: bool,
    errors: &[&str],
) -> Stage {
    let times = times();
    let mut state = repaired(times);
    serve(&mut state, &licences(times.now, times.ends), has_license, errors);
    Stage::of(state, times).await
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn licences_that_follow_one_another_are_good_until_the_last_ends() {
    let both = |now, ends| json!([licence(1, now - DAY * 300, now + DAY), licence(2, now, ends + DAY * 300)]);
    assert_eq!(stage(both, true).await.codes(WITH, WEEK).await, [""; 0]);
    let gap = |now, ends| json!([licence(1, now - DAY * 300, now + DAY), licence(2, now + DAY * 3, ends + DAY * 300)]);
    assert_eq!(stage(gap, true).await.codes(WITH, WEEK).await, ["expires-before-event"]);
}

#[tokio::test]
async fn the_end_counts_and_not_the_end_of_the_grace() {
    let in_grace = |now, _| json!([licence(1, now - DAY * 300, now - DAY)]);
    let found = stage(in_grace, true).await.findings(WITH, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "expired"));
    assert!(found[0].seen.contains("grace"), "{}", found[0].seen);
}

#[tokio::test]
async fn a_licence_that_the_deployment_does_not_accept_is_refused_whatever_its_dates() {
    let long = |now, ends| json!([licence(1, now - DAY, ends + DAY * 300)]);
    let error = "Invalid license (5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0006) parsing claims: token signature is invalid";
    let found = complaining(long, false, &[error]).await.findings(WITH, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "key-refused"));
    assert!(found[0].seen.contains("token signature is invalid"), "{}", found[0].seen);
    assert_eq!(stage(long, false).await.codes(WITH, WEEK).await, ["key-refused"]);
    assert_eq!(complaining(long, true, &[error]).await.codes(WITH, WEEK).await, ["expiry-unknown"]);
    let later = |now, ends| json!([licence(1, now + DAY, ends + DAY * 300)]);
    assert_eq!(stage(later, false).await.codes(WITH, WEEK).await, [""; 0], "it is not to hold yet");
}

#[tokio::test]
async fn an_empty_list_is_a_missing_licence_only_where_the_deployment_says_so() {
    let none = |_, _| json!([]);
    assert_eq!(stage(none, false).await.codes(WITH, WEEK).await, ["key-missing"]);
    let missing = stage(none, true).await.findings(WITH, WEEK).await.expect_err("hidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("license:read"), "{missing}");
}

#[tokio::test]
async fn what_says_no_end_or_is_no_licence_is_unknown() {
    let endless = |_, _| json!([{ "id": 1, "claims": { "license_expires": null } }]);
    assert_eq!(stage(endless, true).await.findings(WITH, WEEK).await.expect_err("no end").why, Why::Malformed);
    let with = "coder_licence: { connection: coder }";
    let elsewhere = stage(|_, _| json!([]), false).await.findings(with, WEEK).await.expect_err("no owner's token");
    assert_eq!(elsewhere.why, Why::Forbidden);
}
