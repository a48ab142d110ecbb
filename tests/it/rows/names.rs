//! Rows of `names.yaml`: how people get there.

use super::Row;
use gonogo_world::incidents::workshop_2024_09_30::Cause;

pub const ROWS: &[Row] = &[
    Row {
        id: "C02",
        item: "wildcards@eu-west-2",
        code: "name-missing",
        breaks: |state, times| Cause::WildcardBroken.inject(state, times),
    },
    Row {
        id: "C07",
        item: "routing@us-west-2",
        code: "wrong-status",
        breaks: |state, times| Cause::StaleMirror.inject(state, times),
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row {
        id: "B04",
        item: "proxies@us-west-2",
        code: "version-differs",
        breaks: |state, _| {
            // MAJOR.MINOR are equal, which is all that Coder compares.
            let proxy = state.coder.region_mut("oregon-proxy.ai.coder.com").expect("a proxy");
            "v2.20.0-devel+9d01e77".clone_into(&mut proxy.version);
        },
    },
    Row {
        id: "C08",
        item: "proxies@eu-west-2",
        code: "proxy-unhealthy",
        breaks: |state, _| state.coder.region_mut("emea-proxy.ai.coder.com").expect("a proxy").is_healthy = false,
    },
    Row {
        id: "C08",
        item: "proxies@us-west-2",
        code: "proxy-check-stale",
        breaks: |state, _| {
            let proxy = state.coder.region_mut("oregon-proxy.ai.coder.com").expect("a proxy");
            proxy.registration.checked = Some(SignedDuration::from_mins(10));
        },
    },
];
