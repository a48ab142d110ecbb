//! The builds of 17 July 2025.

use super::{Stopped, alone, as_it_was, assert_go, assert_stopped};
use crate::rig::Report;
use gonogo_world::incidents::knative_pvc_2025_07_17::{Cause, INCIDENT};

fn stopped_by(cause: Cause) -> &'static [Stopped] {
    match cause {
        Cause::ClaimsOff => &[("claims@production", "fail", &["field-absent"])],
        Cause::WriteOff => &[("writing@production", "fail", &["expectation-not-met"])],
        Cause::CodeApart => &[("code@production", "fail", &["field-absent"; 2])],
    }
}

fn report(cause: Cause) -> Report {
    alone(INCIDENT.name, |state, times| cause.inject(state, times))
}

#[test]
fn builds_that_may_mount_are_go() {
    assert_go(&alone(INCIDENT.name, |_, _| {}));
}

#[test]
fn a_claim_flag_that_stands_in_the_example_alone_stops_the_claims() {
    assert_stopped(&report(Cause::ClaimsOff), stopped_by(Cause::ClaimsOff));
}

#[test]
fn a_write_flag_that_says_allowed_stops_the_writing() {
    assert_stopped(&report(Cause::WriteOff), stopped_by(Cause::WriteOff));
}

#[test]
fn code_without_the_flags_is_found_before_it_is_applied() {
    assert_stopped(&report(Cause::CodeApart), stopped_by(Cause::CodeApart));
}

#[test]
fn the_night_of_the_incident_is_all_causes_at_once_under_the_code() {
    let report = as_it_was(INCIDENT.name);
    let stopped: Vec<Stopped> = Cause::ALL.iter().flat_map(|cause| stopped_by(*cause)).copied().collect();
    assert_stopped(&report, &stopped);
    for id in ["claims@production", "writing@production"] {
        assert_eq!(report.item(id)["explained_by"], serde_json::json!(["code@production"]));
    }
}
