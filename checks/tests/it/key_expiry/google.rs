//! The source `gcp`: a service account's key, listed and tried.

use super::stage::{Stage, repaired, times};
use gonogo_checks::contract::Why;
use gonogo_world::{
    gcp::Key,
    incidents::workshop_2024_09_30::{GOOGLE_ACCESS_TOKEN, VERTEX_ACCOUNT},
};
use jiff::SignedDuration;

const FILE: &str =
    "gcp: { connection: gcp, key: { secret: { namespace: litellm, name: gcloud-auth, key: service_account.json } } }";
const ALONE: &str = "gcp: { connection: gcp-alone, key: { secret: { namespace: litellm, name: gcloud-auth, key: service_account.json } } }";
const ACCOUNT: &str = "gcp: { connection: gcp, service_account: vertex@workshop-world.iam.gserviceaccount.com }";
const WEEK: &str = "{ valid_past_event: 7d }";

async fn stage() -> Stage {
    let times = times();
    Stage::of(repaired(times), times).await
}

impl Stage {
    fn google(&self, change: impl FnOnce(&mut Key)) {
        self.world.edit(|state| change(state.gcp.key_mut(VERTEX_ACCOUNT).expect("a key")));
    }

    fn put(&self, text: &str) {
        self.world.edit(|state| {
            let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
            let values = [("service_account.json", text)];
            *cluster = cluster.clone().secret("litellm", "gcloud-auth", "Opaque", &values);
        });
    }
}

#[tokio::test]
async fn a_key_that_google_takes_and_lists_past_the_event_is_good_and_is_never_told() {
    let stage = stage().await;
    let (evidence, found) = stage.look(FILE, WEEK).await.expect("seen");
    assert_eq!(found, []);
    let text = evidence.to_string();
    assert!(!text.contains("PRIVATE") && !text.contains("ya29") && !text.contains("eyJ"), "{text}");
    assert_eq!(stage.codes(ACCOUNT, WEEK).await, [""; 0]);
}

#[tokio::test]
async fn a_key_ends_when_the_list_says_so_and_the_year_9999_is_never() {
    let stage = stage().await;
    let ends = stage.times.ends - SignedDuration::from_mins(20);
    stage.google(|key| key.ends = Some(ends));
    for with in [FILE, ACCOUNT] {
        let found = stage.findings(with, "{}").await.expect("seen");
        assert_eq!((found.len(), found[0].code), (1, "expires-during-event"), "{with}");
        assert!(found[0].seen.contains("20 min before the end"), "{}", found[0].seen);
    }
    stage.google(|key| key.ends = None);
    assert_eq!(stage.codes(FILE, "{ never_expires: warn }").await, ["never-expires"]);
}

#[tokio::test]
async fn a_key_that_is_disabled_or_deleted_is_found_with_its_file_and_without() {
    let stage = stage().await;
    stage.google(|key| key.is_disabled = true);
    assert_eq!(stage.codes(FILE, WEEK).await, ["key-refused"]);
    assert_eq!(stage.codes(ACCOUNT, WEEK).await, ["key-blocked"]);
    stage.world.edit(|state| state.gcp.accounts.get_mut(VERTEX_ACCOUNT).expect("an account").clear());
    assert_eq!(stage.codes(FILE, WEEK).await, ["key-refused"]);
    assert_eq!(stage.codes(ACCOUNT, WEEK).await, ["key-missing"]);
    let named = ACCOUNT.replace(" }", ", key_id: 0000 }");
    assert_eq!(stage.codes(&named, WEEK).await, ["key-missing"]);
}

#[tokio::test]
async fn an_account_that_may_not_be_read_is_unknown_and_names_the_right() {
    let stage = stage().await;
    stage.world.edit(|state| state.gcp.tokens.insert(GOOGLE_ACCESS_TOKEN.to_owned(), false));
    for with in [FILE, ACCOUNT, ALONE] {
        let missing = stage.findings(with, WEEK).await.expect_err(with);
        assert_eq!(missing.why, Why::Forbidden, "{with}");
        assert!(missing.detail.contains("iam.serviceAccountKeys.list"), "{missing}");
    }
    let nobody = ACCOUNT.replace("vertex@", "nobody@");
    assert_eq!(stage.findings(&nobody, WEEK).await.expect_err("hidden").why, Why::Forbidden);
}

#[tokio::test]
async fn what_stands_in_the_place_of_the_file_is_found_without_asking_google() {
    let stage = stage().await;
    stage.put("null");
    assert_eq!(stage.codes(FILE, WEEK).await, ["key-empty"]);
    stage.put(r#"{"type":"service_account","private_key":"hush-hush"}"#);
    let missing = stage.findings(FILE, WEEK).await.expect_err("no file");
    assert!(missing.why == Why::Malformed && !missing.detail.contains("hush"), "{missing}");
    let absent = FILE.replace("gcloud-auth", "gcloud-auth-2");
    assert_eq!(stage.codes(&absent, WEEK).await, ["key-missing"]);
    let asked = stage.world.requests();
    assert!(asked.iter().all(|asked| !asked.host.contains("googleapis")), "{asked:?}");
}

#[tokio::test]
async fn a_refusal_while_the_clocks_differ_says_nothing_of_the_key() {
    let stage = stage().await;
    stage.world.edit(|state| {
        // Google's own clock is ahead, so that the assertion is an old one to it.
        state.now += SignedDuration::from_hours(2);
        state.date_skew = SignedDuration::from_hours(2);
    });
    let missing = stage.findings(FILE, WEEK).await.expect_err("skewed");
    assert_eq!(missing.why, Why::Unauthorised);
    assert!(missing.detail.contains("clock"), "{missing}");
}
