//! Policies and schedules at `PagerDuty`.

use super::{KEY, codes, hour, look};
use crate::kubernetes::Stage;
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault, Rule, State, System,
    pagerduty::{Pagerduty, Target},
};
use jiff::Timestamp;

const POLICY: &str = "{ pagerduty: { connection: pagerduty, escalation_policy: PWRKSHP } }";
const BOTH: &str = "{ levels: [1, 2] }";

/// Ada for a week, and Grace always behind her.
fn account() -> Pagerduty {
    Pagerduty::of_key(KEY)
        .user("UADA", "Ada Lovelace")
        .user("UGRACE", "Grace Hopper")
        .schedule("SFIRST", "First", &[("UADA", hour(-72), hour(96))])
        .schedule("SLOOSE", "Used by none", &[("UADA", hour(-72), hour(96))])
        .policy("PWRKSHP", "Workshop", &[&[Target::schedule("SFIRST")], &[Target::user("UGRACE")]])
}

async fn stage(account: Pagerduty) -> Stage {
    let mut state = State::empty(Timestamp::now());
    state.pagerduty.insert("api.pagerduty.com".to_owned(), account);
    Stage::of(state).await
}

#[tokio::test]
async fn both_levels_are_filled_for_the_whole_window() {
    let stage = stage(account()).await;
    let (evidence, findings) = look(&stage, KEY, POLICY, BOTH).await.expect("seen");
    assert_eq!(findings, [], "{evidence:#}");
    assert_eq!(evidence["shifts"][0]["person"]["name"], "Ada Lovelace");
    assert_eq!(evidence["shifts"][0]["person"]["notified_by"], 2);
    let named = "{ levels: [1, 2], people: [ada.lovelace@example.com, grace hopper], through: [UGRACE] }";
    assert_eq!(look(&stage, KEY, POLICY, named).await.expect("seen").1, []);
    let asked = stage.world.requests();
    assert!(asked.iter().all(|asked| asked.method == "GET" && !asked.path.contains("earliest")));
}

#[tokio::test]
async fn a_gap_in_the_middle_is_seen_though_the_next_shift_follows() {
    let gap = account().schedule("SFIRST", "First", &[("UADA", hour(-72), hour(48)), ("UADA", hour(49), hour(96))]);
    let stage = stage(gap).await;
    let (_, findings) = look(&stage, KEY, POLICY, BOTH).await.expect("seen");
    assert_eq!(codes(&findings), [("nobody-on-call", "level 1 of Workshop")]);
    assert!(findings[0].seen.contains("(1 h)"), "{}", findings[0].seen);
}

#[tokio::test]
async fn a_hand_over_one_for_both_and_one_who_is_told_by_nothing_are_seen() {
    let mut account =
        account().schedule("SFIRST", "First", &[("UADA", hour(-72), hour(49)), ("UGRACE", hour(49), hour(96))]);
    account.users.get_mut("UADA").expect("Ada").notification_rules = 0;
    let stage = stage(account).await;
    let (_, findings) = look(&stage, KEY, POLICY, BOTH).await.expect("seen");
    let wanted = [
        ("handover-in-window", "level 1 of Workshop"),
        ("person-not-notified", "Ada Lovelace"),
        ("one-person-for-two-levels", "Grace Hopper"),
    ];
    assert_eq!(codes(&findings), wanted);
}

#[tokio::test]
async fn schedules_are_levels_in_their_order_and_one_that_no_policy_uses_puts_nobody_on_call() {
    let stage = stage(account()).await;
    let of = |ids: &str| format!("{{ pagerduty: {{ connection: pagerduty, schedules: [{ids}] }} }}");
    let (_, findings) = look(&stage, KEY, &of("SFIRST"), "{}").await.expect("seen");
    assert_eq!(findings, []);
    let (_, findings) = look(&stage, KEY, &of("SFIRST, SLOOSE"), BOTH).await.expect("seen");
    assert_eq!(codes(&findings), [("nobody-on-call", "level 2 of Used by none")]);
    assert!(findings[0].seen.contains("no escalation policy uses the schedule"));
}

#[tokio::test]
async fn an_id_that_is_not_there_is_a_finding_only_where_others_are_shown() {
    let gone = "{ pagerduty: { connection: pagerduty, escalation_policy: PGONE } }";
    let (_, findings) = look(&stage(account()).await, KEY, gone, BOTH).await.expect("seen");
    assert_eq!(codes(&findings), [("no-such-rota", "PGONE")]);
    let missing = look(&stage(Pagerduty::of_key(KEY)).await, KEY, gone, BOTH).await.expect_err("hidden");
    assert_eq!(missing.why, Why::NotFound);
}

#[tokio::test]
async fn a_long_list_is_read_to_its_end() {
    let shifts: Vec<_> = (0..300).map(|i| ("UADA", hour(i - 100), hour(i - 99))).collect();
    let stage = stage(account().schedule("SFIRST", "First", &shifts)).await;
    let (evidence, findings) = look(&stage, KEY, POLICY, "{}").await.expect("seen");
    assert_eq!(findings, []);
    assert!(evidence["shifts"].as_array().is_some_and(|shifts| shifts.len() > 199));
}

#[tokio::test]
async fn a_wrong_key_and_every_fault_are_unknown_and_never_a_pass() {
    let stage = stage(account()).await;
    let missing = look(&stage, "u+SomeOtherKey", POLICY, BOTH).await.expect_err("a wrong key");
    assert_eq!(missing.why, Why::Unauthorised);
    for fault in [
        Fault::Refuse,
        Fault::WrongType,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::TruncatedBody,
        Fault::Status(401, None),
        Fault::Status(403, None),
        Fault::Status(404, None),
        Fault::Status(500, None),
        Fault::RedirectLoop,
        Fault::ExpiredCertificate,
    ] {
        for path in ["", "/oncalls"] {
            stage.world.inject(Rule::on(System::Pagerduty, fault).path(path)).expect("a rule");
            let seen = look(&stage, KEY, POLICY, BOTH).await;
            assert!(seen.is_err(), "{fault:?} at {path}: {seen:?}");
            stage.world.clear_faults().expect("open ports");
        }
    }
}
