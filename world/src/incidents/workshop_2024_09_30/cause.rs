//! The eight causes, each by itself.

use jiff::{SignedDuration, Timestamp};

use super::{
    EMEA, GATEWAY, MIRROR, OREGON, SERVER, Times, capacity, clusters, last_months_image, mirror, names, provisioners,
    schedules,
};
use crate::state::State;

/// One of the causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The mirrors of the proxies' regions hold last month's image, the proxies run it, and their wildcard hosts answer
    /// the dashboard.
    StaleMirror,
    /// The server region's nodes have 88 % of their disks used.
    StorageFull,
    /// Six provisioners for fifteen people.
    TooFewProvisioners,
    /// The gateway's key ends twenty minutes before the workshop, and is due for rotation in the middle of it.
    KeyRotates,
    /// Four jobs named `rotate-key` are armed: one deletes the gateway's key and makes it anew every five minutes, three copy
    /// it into the workspaces' namespaces every four hours.
    RotationInWindow,
    /// The pool of each region may make one node more, so that there is room for twelve of fifteen.
    CapacityShort,
    /// A challenge record below `team1` makes that name exist, so that the wildcard no longer answers for it.
    WildcardBroken,
    /// Nobody has said who mends the names while people work: DNS was nobody's job.
    NobodyForDns,
}

impl Cause {
    /// All of them, in the post-mortem's order.
    pub const ALL: [Self; 8] = [
        Self::StorageFull,
        Self::StaleMirror,
        Self::KeyRotates,
        Self::RotationInWindow,
        Self::TooFewProvisioners,
        Self::CapacityShort,
        Self::WildcardBroken,
        Self::NobodyForDns,
    ];

    /// Makes it so. A state without what the cause needs is left as it is.
    pub fn inject(self, state: &mut State, times: &Times) {
        match self {
            Self::StaleMirror => stale_mirror(state, times),
            Self::StorageFull => storage_full(state),
            Self::TooFewProvisioners => {
                if let Some(cluster) = state.clusters.get_mut(SERVER.region) {
                    clusters::put_provisioners(cluster, 6);
                }
                provisioners::register(state, 6);
            }
            Self::CapacityShort => capacity::cap(state),
            Self::KeyRotates => key_rotates(state, times),
            Self::RotationInWindow => {
                if let Some(cluster) = state.clusters.get_mut(SERVER.region) {
                    schedules::put_rotation(cluster, false);
                }
            }
            Self::NobodyForDns => _ = state.unattested.insert("dns-contact".to_owned()),
            Self::WildcardBroken => {
                let challenge = format!("_acme-challenge.team1.{}", EMEA.host);
                let zone = state.dns.zone_mut(names::ZONE);
                *zone = zone.clone().text(&challenge, "Zm9yZ290dGVuIGJ5IGEgdGVhbSdzIG93biBjZXJ0");
            }
        }
    }
}

fn stale_mirror(state: &mut State, times: &Times) {
    let image = last_months_image();
    for place in [&OREGON, &EMEA] {
        if let Some(region) = state.aws.regions.get_mut(place.region) {
            region.repositories.insert(MIRROR.to_owned(), mirror(&image, *times, 33));
        }
        if let Some(cluster) = state.clusters.get_mut(place.region) {
            clusters::put_coder(cluster, place, &image);
        }
        if let Some(proxy) = state.coder.region_mut(place.host) {
            proxy.routes_wildcard = false;
            "v2.19.0-devel+9d01e77".clone_into(&mut proxy.version);
        }
    }
}

fn storage_full(state: &mut State) {
    let Some(cluster) = state.clusters.get_mut(SERVER.region) else {
        return;
    };
    for name in clusters::nodes(&SERVER) {
        clusters::put_node(cluster, &SERVER, &name, 0.88);
    }
}

fn key_rotates(state: &mut State, times: &Times) {
    let Some(key) = state.litellm.get_mut(GATEWAY).and_then(|gateway| gateway.key_mut("workshop")) else {
        return;
    };
    key.expires = times.ends.checked_sub(SignedDuration::from_mins(20)).ok();
    key.auto_rotate = true;
    key.rotation_interval = Some("8h".to_owned());
    let half = times.ends.duration_since(times.starts) / 2;
    key.key_rotation_at = Some(times.starts.checked_add(half).unwrap_or(Timestamp::MAX));
}
