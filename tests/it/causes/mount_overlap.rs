//! The jobs of 9 April 2026.

use super::{Stopped, alone, as_it_was, assert_go, assert_stopped};
use crate::rig::Report;
use gonogo_world::incidents::mount_overlap_2026_04_09::{Cause, INCIDENT};

fn stopped_by(cause: Cause) -> &'static [Stopped] {
    match cause {
        Cause::NestedMounts => &[
            ("template-mounts@production", "fail", &["nested-mounts"; 2]),
            ("running-mounts@production", "fail", &["nested-mounts"; 2]),
        ],
        Cause::PreClean => &[
            ("pre-clean@production", "fail", &["expectation-not-met"]),
            ("pre-clean@ci", "fail", &["expectation-not-met"]),
        ],
        Cause::KeepAlive => &[
            ("keep-alive@production", "fail", &["expectation-not-met"]),
            ("keep-alive@ci", "fail", &["expectation-not-met"]),
        ],
    }
}

fn report(cause: Cause) -> Report {
    alone(INCIDENT.name, |state, times| cause.inject(state, times))
}

#[test]
fn storages_side_by_side_are_go() {
    assert_go(&alone(INCIDENT.name, |_, _| {}));
}

#[test]
fn skills_inside_the_instructions_stop_the_template_and_explain_the_jobs() {
    let report = report(Cause::NestedMounts);
    assert_stopped(&report, stopped_by(Cause::NestedMounts));
    let running = report.item("running-mounts@production");
    assert_eq!(running["explained_by"], serde_json::json!(["template-mounts@production"]));
}

#[test]
fn cleaning_before_an_extraction_stops_production_and_ci() {
    assert_stopped(&report(Cause::PreClean), stopped_by(Cause::PreClean));
}

#[test]
fn machines_that_are_kept_alive_stop_production_and_ci() {
    assert_stopped(&report(Cause::KeepAlive), stopped_by(Cause::KeepAlive));
}

#[test]
fn the_night_of_the_incident_is_all_causes_at_once() {
    let stopped: Vec<Stopped> = Cause::ALL.iter().flat_map(|cause| stopped_by(*cause)).copied().collect();
    assert_stopped(&as_it_was(INCIDENT.name), &stopped);
}
