//! Incidents that happened: each a world as it was before, and as it should have been.
//!
//! A world that should have been is the base; each cause is injected into it by itself, so that a test can ask what one
//! cause alone looks like. The world as it was is the base with all of them.

mod catalogue;

pub mod boot_order_2026_07_02;
pub mod knative_pvc_2025_07_17;
pub mod mount_overlap_2026_04_09;
pub mod workshop_2024_09_30;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use jiff::{SignedDuration, Timestamp};

pub use catalogue::{CATALOGUE, Incident, Injection};

/// When the world is looked at, and the event that it is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The world's time.
    pub now: Timestamp,
    /// When the event begins.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
}

/// What lets a checker in where clusters alone are looked at: the kubeconfig is enough.
fn no_credentials() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::new()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// So many days before now.
fn ago(times: Times, days: i64) -> Timestamp {
    minutes_ago(times, 24 * 60 * days)
}

/// So many minutes before now.
fn minutes_ago(times: Times, minutes: i64) -> Timestamp {
    times.now.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MIN)
}

/// A time as Kubernetes writes it: whole seconds.
fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// So many days after the event's end.
fn later(times: Times, days: i64) -> Timestamp {
    times.ends.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}
