//! The source `cloudflare`.

use super::stage::{Stage, repaired, times};
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault, Rule, System,
    cloudflare::{HOST, Token},
    incidents::workshop_2024_09_30::CLOUDFLARE_API_TOKEN,
};
use jiff::SignedDuration;

const PLAIN: &str = "cloudflare: { connection: cloudflare }";
const ZONE: &str = "cloudflare: { connection: cloudflare, zone: coder.com }";
const ACCOUNT: &str = "cloudflare: { connection: cloudflare, account: 023e105f4ecef8ad9ca31a8372d0c353 }";
const WEEK: &str = "{ valid_past_event: 7d }";

async fn stage() -> Stage {
    let times = times();
    Stage::of(repaired(times), times).await
}

impl Stage {
    fn token(&self, change: impl FnOnce(&mut Token)) {
        self.world.edit(|state| {
            let cloudflare = state.cloudflare.get_mut(HOST).expect("a Cloudflare");
            change(cloudflare.tokens.get_mut(CLOUDFLARE_API_TOKEN).expect("a token"));
        });
    }
}

#[tokio::test]
async fn a_token_without_an_end_that_reads_its_zone_passes() {
    let stage = stage().await;
    assert_eq!(stage.codes(ZONE, WEEK).await, [""; 0]);
    assert_eq!(stage.codes(PLAIN, "{ never_expires: warn }").await, ["never-expires"]);
}

#[tokio::test]
async fn an_end_a_beginning_and_a_switch_are_judged_by_what_verifying_says() {
    let stage = stage().await;
    let (now, ends) = (stage.times.now, stage.times.ends);
    stage.token(|token| token.expires = Some(ends - SignedDuration::from_mins(20)));
    assert_eq!(stage.codes(ZONE, WEEK).await, ["expires-during-event"]);
    stage.token(|token| token.expires = Some(now - SignedDuration::from_hours(1)));
    assert_eq!(stage.codes(ZONE, WEEK).await, ["expired"]);
    stage.token(|token| (token.expires, token.not_before) = (None, Some(ends)));
    assert_eq!(stage.codes(ZONE, WEEK).await, ["not-valid-yet"]);
    stage.token(|token| (token.not_before, token.is_disabled) = (None, true));
    assert_eq!(stage.codes(ZONE, WEEK).await, ["key-blocked"]);
}

#[tokio::test]
async fn a_token_in_force_that_does_not_read_its_zone_is_refused_for_it() {
    let stage = stage().await;
    stage.token(|token| token.is_without_records = true);
    let found = stage.findings(ZONE, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "key-refused"));
    assert_eq!(found[0].subject, "the token of connection cloudflare, for the zone coder.com");
    stage.token(|token| token.zones.clear());
    assert_eq!(stage.codes(ZONE, WEEK).await, ["key-refused"]);
    assert_eq!(stage.codes(PLAIN, WEEK).await, [""; 0]);
}

#[tokio::test]
async fn an_accounts_token_is_not_called_expired_at_a_users_path() {
    let stage = stage().await;
    stage.token(|token| token.account = Some("023e105f4ecef8ad9ca31a8372d0c353".to_owned()));
    let missing = stage.findings(PLAIN, WEEK).await.expect_err("another kind of token");
    assert_eq!(missing.why, Why::Unconfigured);
    assert!(missing.detail.contains("an account's own"), "{missing}");
    assert_eq!(stage.codes(ACCOUNT, WEEK).await, [""; 0]);
    stage.token(|token| token.account = None);
    assert_eq!(stage.findings(ACCOUNT, WEEK).await.expect_err("a user's").why, Why::Unconfigured);
}

#[tokio::test]
async fn a_token_that_nobody_knows_is_refused_and_one_that_is_no_token_is_empty() {
    let rolled = stage().await.with_secret("CLOUDFLARE_API_TOKEN", "cf-rolled-away-0123456789");
    assert_eq!(rolled.codes(ZONE, WEEK).await, ["key-refused"]);
    let empty = stage().await.with_secret("CLOUDFLARE_API_TOKEN", "null");
    assert_eq!(empty.codes(ZONE, WEEK).await, ["key-empty"]);
    assert!(empty.world.requests().is_empty());
}

#[tokio::test]
async fn whatever_else_goes_wrong_says_nothing_of_the_token() {
    let faults = [
        Fault::Refuse,
        Fault::TruncatedBody,
        Fault::WrongType,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::Status(403, None),
        Fault::Status(404, None),
        Fault::Status(500, None),
        Fault::UntrustedCertificate,
    ];
    for fault in faults {
        let stage = stage().await;
        stage.world.inject(Rule::on(System::Cloudflare, fault).path("/tokens/verify")).expect("a rule");
        assert!(stage.findings(ZONE, WEEK).await.is_err(), "{fault:?}");
    }
    // A single refusal at the one path, while the token lives at the other.
    let stage = stage().await;
    stage.world.inject(Rule::on(System::Cloudflare, Fault::Status(401, None)).path("/tokens/verify")).expect("a rule");
    assert_eq!(stage.findings(ZONE, WEEK).await.expect_err("unknown").why, Why::Unconfigured);
}
