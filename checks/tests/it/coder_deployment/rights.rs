//! What a token may not read is unknown with the right named, whether Coder says 403, 404, or leaves it out of a list.

use super::{ALL, stage::Stage};
use gonogo_checks::contract::{Unobserved, Why};
use gonogo_world::{Fault, Rule, System};

const PARTS: [(&str, &str); 3] = [
    ("sign_up: { through: github }", "deployment_config:read"),
    ("participants: { names: [ann] }", "user:read"),
    ("licence: true", "license:read"),
];

async fn stage() -> Stage {
    Stage::of("coder-deployment").await
}

/// Of a member's look: a part that needs no right is seen beside it.
async fn hidden(stage: &Stage, part: &str) -> String {
    let with = format!("{{ connection: coder, seats: true, {part} }}");
    let found = stage.findings(&with, "{}").await.expect("something is seen");
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["forbidden"], "{part}: {found:?}");
    assert!(found[0].remedy.is_some());
    found[0].seen.clone()
}

#[tokio::test]
async fn a_members_token_lacks_each_right_by_name() {
    let stage = stage().await;
    for (part, right) in PARTS {
        let seen = hidden(&stage, part).await;
        assert!(seen.contains(right) && seen.contains("workshop-automation"), "{part}: {seen}");
    }
}

#[tokio::test]
async fn a_404_that_hides_is_told_from_a_dead_token_by_a_control_read() {
    let stage = stage().await;
    for path in ["/deployment/config", "/api/v2/licenses", "/api/v2/users?"] {
        stage.world.inject(Rule::on(System::Coder, Fault::Status(404, None)).path(path)).expect("a rule");
    }
    for (part, right) in PARTS {
        let with = format!("{{ connection: owner, {part} }}");
        let found = stage.findings(&with, "{}").await;
        let seen = match found {
            Ok(found) => found.iter().map(|finding| finding.seen.clone()).collect(),
            Err(Unobserved { why, detail, .. }) => {
                assert_eq!(why, Why::Forbidden, "{part}: {detail}");
                detail
            }
        };
        assert!(seen.contains(right), "{part}: {seen}");
    }
    stage.world.clear_faults().expect("no faults");
    stage.coder(|coder| coder.tokens.clear());
    let missing = stage.findings(ALL, "{}").await.expect("the build is seen");
    assert!(missing.iter().all(|finding| finding.code == "unauthorised"), "{missing:?}");
}

#[tokio::test]
async fn a_narrow_token_of_an_owner_is_no_owner() {
    let stage = stage().await;
    stage.coder(|coder| {
        let owner = coder.token_mut("gonogo").expect("a token");
        owner.scopes = vec!["workspace:read".to_owned()];
    });
    let found =
        stage.findings("{ connection: owner, seats: true, licence: true }", "{}").await.expect("seats are seen");
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["forbidden"]);
}

#[tokio::test]
async fn no_licences_to_an_owner_is_none_and_to_a_member_is_nothing() {
    let stage = stage().await;
    stage.coder(|coder| coder.estate.licences.clear());
    for connection in ["owner", "coder"] {
        // The entitlements, which anybody may read, say that there is none.
        let with = format!("{{ connection: {connection}, licence: true }}");
        assert_eq!(stage.codes(&with, "{}").await, ["licence-missing"]);
    }
}

#[tokio::test]
async fn an_absent_path_of_another_release_is_no_missing_right() {
    let stage = stage().await;
    let with = "{ connection: proxy, seats: true }";
    let missing = stage.findings(with, "{}").await.expect_err("a proxy has no API");
    assert_eq!(missing.why, Why::NotFound, "{missing}");
    assert!(missing.detail.contains("no such path"), "{missing}");
}
