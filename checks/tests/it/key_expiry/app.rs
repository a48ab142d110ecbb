//! The source `github_app`, and the passwords of GitHub's own registry.

use super::stage::{Stage, repaired, times};
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault, Rule, System,
    github::{App, Github, Installation},
    incidents::workshop_2024_09_30::{INSTALLATION, PULL_TOKEN},
};
use jiff::SignedDuration;

const OTHER: &str = include_str!("../../../../world/keys/other.pem");
const WITH: &str = "github_app: { connection: github, app: Iv23liWorldDeploy01, key: { secret: { namespace: coder, name: github-app, key: private-key.pem } }, installation: 51234567 }";
const PULL: &str = "docker_config: { namespace: coder-ws, name: ghcr-pull, github: github }";
const WEEK: &str = "{ valid_past_event: 7d }";

async fn stage() -> Stage {
    let times = times();
    Stage::of(repaired(times), times).await
}

impl Stage {
    fn github<T>(&self, change: impl FnOnce(&mut Github) -> T) -> T {
        self.world.edit(|state| change(state.github.get_mut("api.github.com").expect("GitHub")))
    }

    fn app(&self, change: impl FnOnce(&mut App)) {
        self.github(|github| change(&mut github.apps[0]));
    }

    fn installation<T>(&self, change: impl FnOnce(&mut Installation) -> T) {
        self.app(|app| _ = change(app.installations.get_mut(&INSTALLATION).expect("installed")));
    }
}

#[tokio::test]
async fn an_app_that_gets_a_token_is_good_whatever_hour_that_lives_and_the_token_is_never_told() {
    let stage = stage().await;
    let (evidence, found) = stage.look(WITH, WEEK).await.expect("seen");
    assert_eq!(found, []);
    let text = evidence.to_string();
    assert!(!text.contains("ghs_") && !text.contains("PRIVATE") && !text.contains("eyJ"), "{text}");
    let asked = stage.world.requests();
    let minted: Vec<_> = asked.iter().filter(|asked| asked.method == "POST").collect();
    assert_eq!(minted.len(), 1);
    assert!(minted[0].body.contains(r#"{"permissions":{"metadata":"read"}}"#), "{minted:?}");
}

#[tokio::test]
async fn a_key_that_is_not_the_apps_is_refused() {
    let stage = stage().await;
    stage.app(|app| app.pem = OTHER.to_owned());
    assert_eq!(stage.codes(WITH, WEEK).await, ["key-refused"]);
    let another = WITH.replace("Deploy01", "Deploy02");
    assert_eq!(stage.codes(&another, WEEK).await, ["key-refused"]);
}

#[tokio::test]
async fn an_app_that_is_suspended_not_installed_or_without_a_right_is_found_and_gets_no_token() {
    let stage = stage().await;
    let now = stage.times.now;
    stage.installation(|at| at.suspended = Some(now));
    assert_eq!(stage.codes(WITH, WEEK).await, ["key-blocked"]);
    stage.installation(|at| at.suspended = None);
    let needs = WITH.replace("51234567 }", "51234567, permissions: [contents, deployments] }");
    let found = stage.findings(&needs, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "key-lacks-right"));
    assert!(found[0].seen.contains("`deployments`"), "{}", found[0].seen);
    assert_eq!(stage.codes(&WITH.replace("51234567", "51234568"), WEEK).await, ["key-missing"]);
    assert!(stage.world.requests().iter().all(|asked| asked.method == "GET"));
}

#[tokio::test]
async fn a_permission_below_its_level_and_a_repository_out_of_reach_are_found() {
    let stage = stage().await;
    let with = |more: &str| WITH.replace("51234567 }", &format!("51234567, {more} }}"));
    let writes = with("permissions: { contents: write, metadata: read }");
    assert_eq!(stage.codes(&writes, WEEK).await, [""; 0]);
    stage.installation(|at| at.permissions.insert("contents".to_owned(), "read".to_owned()));
    let found = stage.findings(&writes, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "key-lacks-right"));
    assert!(found[0].seen.contains("`contents` is `read`, and `write` is needed"), "{}", found[0].seen);
    assert_eq!(stage.codes(&with("permissions: [contents]"), WEEK).await, [""; 0], "at any level");
    let reaches = with("repositories: [templates]");
    assert_eq!(stage.codes(&reaches, WEEK).await, [""; 0]);
    stage.installation(|at| at.repositories = Some(vec!["website".to_owned()]));
    let found = stage.findings(&reaches, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "key-lacks-right"));
    assert!(found[0].seen.contains("templates: There is at least one repository"), "{}", found[0].seen);
    let asked = stage.world.requests();
    let narrow = r#"{"permissions":{"metadata":"read"},"repositories":["templates"]}"#;
    assert!(asked.iter().any(|asked| asked.body.contains(narrow)), "{asked:?}");
}

#[tokio::test]
async fn an_app_that_is_kept_from_its_token_is_never_a_pass() {
    let stage = stage().await;
    stage.installation(|at| at.is_kept_out = true);
    let missing = stage.findings(WITH, WEEK).await.expect_err("kept out");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("IP allow list"), "{missing}");
}

#[tokio::test]
async fn a_clock_that_differs_is_not_the_keys_fault() {
    let stage = stage().await;
    stage.world.edit(|state| state.now -= SignedDuration::from_mins(10));
    let missing = stage.findings(WITH, WEEK).await.expect_err("skewed");
    assert_eq!(missing.why, Why::Unauthorised);
    assert!(missing.detail.contains("the clocks differ"), "{missing}");
}

#[tokio::test]
async fn an_answer_that_is_not_githubs_is_unknown() {
    for fault in [Fault::Status(401, None), Fault::Status(404, None), Fault::Status(500, None), Fault::WrongType] {
        let stage = stage().await;
        stage.world.inject(Rule::on(System::Github, fault)).expect("a rule");
        let found = stage.findings(WITH, WEEK).await;
        let is_refused = found.as_ref().is_ok_and(|found| found.iter().all(|one| one.code == "key-refused"));
        assert!(found.is_err() || (fault == Fault::Status(401, None) && is_refused), "{fault:?}: {found:?}");
    }
}

#[tokio::test]
async fn the_password_for_ghcr_is_a_github_token_and_is_asked_for_as_one() {
    let stage = stage().await;
    let (evidence, found) = stage.look(PULL, WEEK).await.expect("seen");
    assert_eq!(found, []);
    assert!(!evidence.to_string().contains("ghp_"), "{evidence}");
    let without = PULL.replace(", github: github", "");
    assert_eq!(stage.codes(&without, WEEK).await, ["expiry-unknown"]);
    let ends = stage.times.ends - SignedDuration::from_mins(20);
    stage.github(|github| github.tokens.get_mut(PULL_TOKEN).expect("a token").expires = Some(ends));
    assert_eq!(stage.codes(PULL, WEEK).await, ["expires-during-event"]);
    stage.github(|github| github.tokens.remove(PULL_TOKEN));
    assert_eq!(stage.codes(PULL, WEEK).await, ["key-refused"]);
}

#[tokio::test]
async fn each_login_for_one_registry_is_asked_for_with_its_own_password() {
    let stage = stage().await;
    let config = format!(
        r#"{{"auths":{{"ghcr.io/org-a":{{"username":"a","password":"{PULL_TOKEN}"}},"https://ghcr.io/org-b":{{"username":"b","password":"ghp_revoked"}}}}}}"#
    );
    stage.world.edit(|state| {
        let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
        let values = [(".dockerconfigjson", config.as_str())];
        *cluster = cluster.clone().secret("coder-ws", "both", "kubernetes.io/dockerconfigjson", &values);
    });
    let found = stage.findings(&PULL.replace("ghcr-pull", "both"), WEEK).await.expect("seen");
    let told: Vec<_> = found.iter().map(|finding| (finding.code, finding.subject.as_str())).collect();
    assert_eq!(told, [("key-refused", "ghcr.io/org-b")]);
}
