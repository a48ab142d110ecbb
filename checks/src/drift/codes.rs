//! What may be found of drift.

use crate::contract::Code;

pub use crate::stale_lock::codes::{RELEASE_PENDING, RELEASE_UNDER_WAY};

/// Declared and real differ.
pub const DRIFTED: Code = Code::fail("drifted", "what is there is not what was declared");
/// Others changed it, and the plan leaves it so.
pub const OUTSIDE: Code =
    Code::warn("changed-outside", "it was changed outside, and the plan need not change anything back");
/// The state alone differs.
pub const STATE_ONLY: Code = Code::warn(
    "state-only-change",
    "only outputs, reads or addresses of the state would change, and nothing that runs",
);
/// The tool's exit code and its words disagree.
pub const CONTRADICTS: Code =
    Code::unknown("comparison-contradictory", "the tool's exit code and what it wrote say different things");
/// The tool failed.
pub const FAILED: Code =
    Code::unknown("comparison-failed", "the tool could not compare, which says nothing of drift either way");
/// There was nothing to compare.
pub const NOTHING: Code =
    Code::fail("nothing-compared", "nothing was there to compare, so that no difference proves nothing");
/// An Application is missing.
pub const NO_APPLICATION: Code = Code::fail("no-such-application", "an Application that is expected is not there");
/// Argo CD says that it differs.
pub const NOT_SYNCED: Code =
    Code::fail("application-not-synced", "what runs is not what the Application's source declares");
/// Argo CD says that it is not well.
pub const NOT_HEALTHY: Code = Code::fail("application-not-healthy", "the Application is not healthy");
/// The last sync failed.
pub const SYNC_FAILED: Code = Code::fail("sync-failed", "the last sync of the Application did not succeed");
/// A sync runs.
pub const SYNC_RUNS: Code =
    Code::warn("sync-under-way", "the Application is being synced at this moment, so what was seen may not last");
/// Argo CD cannot compare.
pub const UNCOMPARED: Code = Code::unknown(
    "application-not-compared",
    "Argo CD could not compare the Application, or has not, so its words prove nothing",
);
/// Argo CD's words are old.
pub const FROZEN: Code =
    Code::unknown("reconcile-stale", "Argo CD has not looked at the Application for too long, so its words are old");
/// A release is missing.
pub const NO_RELEASE: Code = Code::fail("no-such-release", "a release that is expected is not there");
/// A release failed.
pub const RELEASE_FAILED: Code = Code::fail("release-failed", "the last change of the release failed");
/// No version of it is deployed.
pub const NOT_DEPLOYED: Code = Code::fail("release-not-deployed", "the newest version of the release is not deployed");
/// A release cannot be read.
pub const RELEASE_UNREADABLE: Code =
    Code::unknown("release-unreadable", "the release does not say by its labels which version it is, and how that is");
/// Something changed.
pub const CHANGED: Code =
    Code::fail("changed-since", "something changed after the last time that all was seen to work");
/// It does not say when it changed.
pub const UNDATED: Code = Code::unknown("change-undated", "it does not say when it last changed");
/// There is no time to compare with.
pub const NO_BASELINE: Code =
    Code::unknown("no-baseline", "the time since which nothing may have changed cannot be taken from what is named");

/// All of them.
pub const ALL: &[Code] = &[
    DRIFTED,
    OUTSIDE,
    STATE_ONLY,
    CONTRADICTS,
    FAILED,
    NOTHING,
    NO_APPLICATION,
    NOT_SYNCED,
    NOT_HEALTHY,
    SYNC_FAILED,
    SYNC_RUNS,
    UNCOMPARED,
    FROZEN,
    NO_RELEASE,
    RELEASE_PENDING,
    RELEASE_UNDER_WAY,
    RELEASE_FAILED,
    NOT_DEPLOYED,
    RELEASE_UNREADABLE,
    CHANGED,
    UNDATED,
    NO_BASELINE,
];
