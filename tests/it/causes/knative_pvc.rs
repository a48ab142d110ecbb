//! The builds of 17 July 2025.

use super::{Stopped, alone, as_it_was, assert_go, assert_stopped};
use crate::rig::Report;
use gonogo_world::incidents::knative_pvc_2025_07_17::{Cause, INCIDENT};

fn stopped_by(cause: Cause) -> &'static [Stopped] {
    match cause {
        Cause::ClaimsOff => &[("volume-claims@production", "fail", &["field-absent"])],
        Cause::WriteOff => &[("volume-writes@production", "fail", &["expectation-not-met"])],
        Cause::CodeApart => &[("flags-in-code@production", "fail", &["field-absent"; 2])],
        Cause::BuildsUncounted => &[("build-alerts@production", "fail", &["rule-without-input"; 3])],
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
fn an_alert_over_builds_that_nobody_counts_is_found_though_it_is_healthy() {
    assert_stopped(&report(Cause::BuildsUncounted), stopped_by(Cause::BuildsUncounted));
}

#[test]
fn the_night_of_the_incident_is_all_causes_at_once() {
    let stopped: Vec<Stopped> = Cause::ALL.iter().flat_map(|cause| stopped_by(*cause)).copied().collect();
    assert_stopped(&as_it_was(INCIDENT.name), &stopped);
}
