//! The restart of 2 July 2026.

use super::{Stopped, alone, as_it_was, assert_go, assert_stopped};
use crate::rig::Report;
use gonogo_world::incidents::boot_order_2026_07_02::{Cause, INCIDENT};

fn stopped_by(cause: Cause) -> &'static [Stopped] {
    match cause {
        Cause::RegistryUnnamed => &[("registry", "fail", &["name-unresolved"]), ("builders@platform", "blocked", &[])],
        Cause::ListenerDown => &[
            ("registry", "fail", &["wrong-answer"]),
            ("registry-listener@platform", "fail", &["no-ready-endpoints"]),
            ("builders@platform", "blocked", &[]),
        ],
        Cause::SagaTwice => &[("resumed-work@platform", "fail", &["work-listed-twice"])],
        Cause::StaleDeployLock => &[("deploy-lock@platform", "fail", &["holder-gone"])],
    }
}

fn report(cause: Cause) -> Report {
    alone(INCIDENT.name, |state, times| cause.inject(state, times))
}

#[test]
fn a_platform_whose_restart_is_over_is_go() {
    assert_go(&alone(INCIDENT.name, |_, _| {}));
}

#[test]
fn a_registry_without_a_name_stops_its_chain_and_blocks_who_pushes() {
    let report = report(Cause::RegistryUnnamed);
    assert_stopped(&report, stopped_by(Cause::RegistryUnnamed));
    assert_eq!(report.item("builders@platform")["blocked_by"], serde_json::json!(["registry"]));
}

#[test]
fn a_registry_behind_which_nothing_listens_stops_both_chains() {
    assert_stopped(&report(Cause::ListenerDown), stopped_by(Cause::ListenerDown));
}

#[test]
fn a_saga_that_is_listed_twice_stops_the_resumed_work() {
    assert_stopped(&report(Cause::SagaTwice), stopped_by(Cause::SagaTwice));
}

#[test]
fn a_lock_whose_holder_died_stops_the_deploys() {
    assert_stopped(&report(Cause::StaleDeployLock), stopped_by(Cause::StaleDeployLock));
}

#[test]
fn the_restart_is_all_causes_at_once() {
    let mut stopped: Vec<Stopped> = Cause::ALL.iter().flat_map(|cause| stopped_by(*cause)).copied().collect();
    // What has no name is asked no further.
    stopped.retain(|(_, _, codes)| *codes != ["wrong-answer"]);
    stopped.sort_unstable();
    stopped.dedup();
    assert_stopped(&as_it_was(INCIDENT.name), &stopped);
}
