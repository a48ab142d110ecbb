//! Each part, broken in the world and found.

use super::{
    ALL,
    stage::{Stage, times, user},
};
use gonogo_checks::contract::Does;
use gonogo_world::{coder::Licence, incidents::workshop_2024_09_30 as workshop};
use jiff::SignedDuration;
use std::fs;

async fn stage() -> Stage {
    Stage::of("coder-deployment").await
}

#[tokio::test]
async fn the_repaired_deployment_has_nothing_in_the_way() {
    assert_eq!(stage().await.codes(ALL, "{}").await, [""; 0]);
}

#[tokio::test]
async fn sign_ups_that_are_off_are_found_though_the_page_offers_github() {
    let stage = stage().await;
    stage.coder(|coder| coder.estate.github.allows_signups = false);
    let page = "{ connection: anybody, sign_in: [github] }";
    assert_eq!(stage.codes(page, "{}").await, [""; 0], "the page shows nothing of it");
    assert_eq!(stage.codes(ALL, "{}").await, ["sign-up-refused"]);
    let oidc = "{ connection: owner, sign_up: { through: oidc } }";
    assert_eq!(stage.codes(oidc, "{}").await, [""; 0]);
    stage.coder(|coder| coder.estate.oidc.is_enabled = false);
    assert_eq!(stage.codes(oidc, "{}").await, ["sign-in-not-offered"]);
}

#[tokio::test]
async fn the_allowed_organisations_are_compared_with_the_declared_ones() {
    let stage = stage().await;
    stage.coder(|coder| coder.estate.github.organisations = vec!["coder".to_owned(), "friends".to_owned()]);
    assert_eq!(stage.codes(ALL, "{}").await, ["organisation-not-allowed", "organisation-not-declared"]);
}

#[tokio::test]
async fn a_bound_that_nobody_named_may_turn_somebody_away() {
    let stage = stage().await;
    let unnamed = "{ connection: owner, sign_up: { through: github } }";
    assert_eq!(stage.codes(unnamed, "{}").await, ["sign-in-narrowed"]);
    stage.coder(|coder| coder.estate.github.only = vec!["coder/staff".to_owned()]);
    assert_eq!(stage.codes(ALL, "{}").await, ["sign-in-narrowed"]);
    stage.coder(|coder| coder.estate.oidc.only = vec!["coder.com".to_owned()]);
    let oidc = "{ connection: owner, sign_up: { through: oidc, only: [coder.com] } }";
    assert_eq!(stage.codes(oidc, "{}").await, [""; 0]);
    stage.coder(|coder| coder.estate.oidc.groups = vec!["staff".to_owned()]);
    assert_eq!(stage.codes(oidc, "{}").await, ["sign-in-narrowed"], "the domain's people must be in a group too");
    let both = "{ connection: owner, sign_up: { through: oidc, only: [coder.com, staff] } }";
    assert_eq!(stage.codes(both, "{}").await, [""; 0]);
}

#[tokio::test]
async fn participants_are_read_from_a_file_beside_the_checklist_over_every_page() {
    let stage = stage().await;
    stage.coder(|coder| {
        coder.users.extend((0..250).map(|i| user(&format!("guest{i:03}"), "active", &[])));
        coder.users.push(user("off", "suspended", &[]));
    });
    let with = "{ connection: owner, participants: { file: participants.txt } }";
    let list = |text: &str| fs::write(stage.folder().join("participants.txt"), text).expect("a file");
    list("# who comes\nguest000\nGUEST249 # by her login\nguest100@example.com\n\n");
    assert_eq!(stage.codes(with, "{}").await, [""; 0]);
    list("guest000\nnobody\noff\n");
    let found = stage.findings(with, "{}").await.expect("seen");
    assert_eq!(
        found.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["participant-missing", "participant-suspended"]
    );
    assert!(found[0].seen.contains("1 of 3 have none: nobody"), "{}", found[0].seen);
    list("# nobody yet\n");
    assert!(stage.findings(with, "{}").await.is_err(), "an empty list is no pass");
    list("two words\n");
    assert!(stage.findings(with, "{}").await.expect_err("no login").detail.contains("two words"));
    fs::remove_file(stage.folder().join("participants.txt")).expect("a file");
    assert!(stage.findings(with, "{}").await.is_err());
}

#[tokio::test]
async fn a_licence_is_judged_by_its_end_and_not_by_its_grace() {
    let stage = stage().await;
    let (now, ends) = (stage.times.now, stage.times.ends);
    let hours = SignedDuration::from_hours;
    let set = |licences: Vec<Licence>| stage.coder(|coder| coder.estate.licences = licences);
    let with = "{ connection: owner, licence: true }";
    set(vec![Licence::bought(now - hours(900), ends - SignedDuration::from_mins(20))]);
    let found = stage.findings(with, "{}").await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "licence-ends-too-soon"));
    assert!(found[0].seen.contains("20 min before the end"), "{}", found[0].seen);
    let first = Licence::bought(now - hours(900), ends + hours(1));
    set(vec![first.clone(), Licence::bought(ends + hours(1), ends + hours(900))]);
    assert_eq!(stage.codes(with, "{}").await, [""; 0], "the next one continues it");
    set(vec![first, Licence::bought(ends + hours(2), ends + hours(900))]);
    assert_eq!(stage.codes(with, "{}").await, ["licence-ends-too-soon"]);
    set(vec![Licence::bought(now - hours(900), now - hours(1))]);
    assert_eq!(stage.codes(with, "{}").await, ["licence-in-grace"]);
    assert_eq!(stage.codes("{ connection: owner, features: [aibridge] }", "{}").await, ["feature-in-grace"]);
    set(vec![Licence { grace: hours(1), ..Licence::bought(now - hours(900), now - hours(2)) }]);
    assert_eq!(stage.codes(with, "{}").await, ["licence-missing"]);
    set(Vec::new());
    assert_eq!(stage.codes(with, "{}").await, ["licence-missing"]);
}

#[tokio::test]
async fn the_next_licence_is_held_against_the_event_too() {
    let stage = stage().await;
    let (now, starts, ends) = (stage.times.now, stage.times.starts, stage.times.ends);
    let hours = SignedDuration::from_hours;
    let with = "{ connection: owner, licence: true, seats: true, features: [workspace_proxy] }";
    let next = |next: Licence| {
        stage.coder(|coder| {
            coder.estate.licences = vec![Licence::bought(now - hours(900), starts - hours(24)), next];
        });
    };
    let sound = Licence::bought(starts - hours(24), ends + hours(900));
    next(sound.clone());
    assert_eq!(stage.codes(with, "{}").await, [""; 0]);
    next(Licence { seats: 16, set: "", ..sound.clone() });
    let found = stage.findings(with, "{}").await.expect("seen");
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["too-few-seats", "feature-not-entitled"]);
    assert!(found[0].seen.contains("16 from ") && found[0].seen.contains("licence 2"), "{found:?}");
    next(Licence { set: "enterprise", ..sound.clone() });
    assert_eq!(stage.codes(with, "{}").await, ["feature-untold"]);
    next(Licence { is_trial: true, ..sound });
    assert_eq!(stage.codes(with, "{}").await, ["licence-trial"]);
}

#[tokio::test]
async fn seats_and_features_are_what_the_entitlements_say() {
    let stage = stage().await;
    let with = "{ connection: owner, seats: true, features: [workspace_proxy] }";
    // Two are active, fifteen come.
    stage.coder(|coder| coder.estate.seats = Some(17));
    assert_eq!(stage.codes(with, "{}").await, [""; 0]);
    stage.coder(|coder| coder.estate.seats = Some(16));
    assert_eq!(stage.codes(with, "{}").await, ["too-few-seats"]);
    assert_eq!(stage.codes(with, "{ newcomers: 14 }").await, [""; 0]);
    stage.coder(|coder| coder.estate.seats = None);
    stage.coder(|coder| coder.estate.features.get_mut("workspace_proxy").expect("it").is_enabled = false);
    assert_eq!(stage.codes(with, "{}").await, ["feature-not-enabled"]);
    stage.coder(|coder| coder.estate.features.clear());
    assert_eq!(stage.codes(with, "{}").await, ["feature-not-entitled"]);
    stage.coder(|coder| {
        coder.estate.errors = vec!["This licence is for another\ndeployment.".to_owned()];
        coder.estate.refreshed = SignedDuration::from_hours(5);
    });
    let with = "{ connection: owner, seats: true }";
    assert_eq!(stage.codes(with, "{}").await, ["entitlements-stale", "entitlement-error"]);
}

#[tokio::test]
async fn a_token_of_automation_must_exist_and_last() {
    let stage = stage().await;
    let with = |name: &str| format!("{{ connection: coder, tokens: [{{ name: {name} }}] }}");
    let soon = stage.times.ends - SignedDuration::from_mins(20);
    assert_eq!(stage.codes(&with("templates"), "{}").await, [""; 0]);
    assert_eq!(stage.codes(&with("template"), "{}").await, ["key-missing"]);
    stage.coder(|coder| coder.token_mut("templates").expect("a token").expires_at = soon);
    assert_eq!(stage.codes(&with("templates"), "{}").await, ["expires-during-event"]);
}

#[tokio::test]
async fn the_releases_whole_text_is_compared_and_a_proxy_is_not_the_server() {
    let stage = stage().await;
    let with = |connection: &str| format!("{{ connection: {connection}, build: v2.20.0-devel+4b2f1c9 }}");
    stage.coder(|coder| coder.regions[0].version = "v2.20.0-devel+9d01e77".to_owned());
    assert_eq!(stage.codes(&with("anybody"), "{}").await, ["build-differs"]);
    let missing = stage.findings(&with("proxy"), "{}").await.expect_err("another system");
    assert!(missing.detail.contains("workspace proxy"), "{missing}");
}

#[tokio::test]
async fn what_ends_by_itself_is_told_and_the_seats_are_reckoned() {
    let stage = stage().await;
    let (moments, working) = stage.told(ALL, "{}").await;
    assert_eq!(moments.len(), 3, "{moments:?}");
    assert!(moments.iter().all(|moment| moment.does == Does::Expires));
    assert_eq!(working, ["2 active users + 15 newcomers (15 attendees) = 17 of 100 seats"]);
}

#[tokio::test]
async fn participants_who_are_active_are_no_newcomers() {
    let times = times();
    let mut sound = workshop::repaired(times);
    sound.coder.users.push(user("ann", "active", &[]));
    sound.coder.users.push(user("bob", "dormant", &[]));
    sound.coder.estate.seats = Some(17);
    let stage = Stage::with("coder-deployment", sound, times).await;
    let with = "{ connection: owner, seats: true, participants: { names: [ann, bob] } }";
    // Three are active, and fourteen more come.
    assert_eq!(stage.codes(with, "{}").await, [""; 0]);
    stage.coder(|coder| coder.estate.seats = Some(16));
    assert_eq!(stage.codes(with, "{}").await, ["too-few-seats"]);
}
