//! What may be found of things that fire.

pub use crate::key_expiry::codes::ROTATION_IN_WINDOW;

use crate::contract::Code;

/// Nothing to look at.
pub const NOTHING_FOUND: Code =
    Code::fail("nothing-that-fires", "nothing of what was to be looked at is there, so nothing was proven");
/// A schedule starts it.
pub const FIRES_IN_WINDOW: Code = Code::fail("fires-in-window", "a schedule starts it within the window");
/// Already started.
pub const JOB_RUNNING: Code =
    Code::warn("job-running", "a job that the schedule started still runs, and suspending does not stop it");
/// By whose clock?
pub const ZONE_UNKNOWN: Code =
    Code::unknown("zone-unknown", "by whose clock it fires is not known, and it may fire within the window");
/// Not a schedule.
pub const SCHEDULE_UNREADABLE: Code =
    Code::unknown("schedule-unreadable", "the schedule cannot be read, so nobody knows when it fires");
/// Replaced within the window.
pub const RENEWAL_IN_WINDOW: Code = Code::fail("renewal-in-window", "the certificate is issued anew within the window");
/// Should have been renewed.
pub const RENEWAL_OVERDUE: Code =
    Code::fail("renewal-overdue", "the certificate should have been issued anew, and may be at any moment");
/// Ends before the window, and will be renewed before.
pub const RENEWAL_DUE: Code =
    Code::warn("certificate-renewal-due", "the certificate ends too soon, and the one after it does not exist yet");
/// Nobody says when.
pub const RENEWAL_UNKNOWN: Code =
    Code::unknown("renewal-unknown", "nothing says when the certificate is issued anew or when it ends");
/// Ends too soon.
pub const CERTIFICATE_ENDS: Code =
    Code::fail("certificate-ends", "the certificate ends before the window closes, and nothing renews it before");
/// Not ready.
pub const CERTIFICATE_NOT_READY: Code =
    Code::fail("certificate-not-ready", "cert-manager says that the certificate is not ready");
/// The last attempt failed.
pub const ISSUANCE_FAILING: Code =
    Code::fail("issuance-failing", "the last attempt to issue the certificate failed, and the next waits ever longer");
/// Under way.
pub const ISSUING_NOW: Code = Code::warn("issuing-now", "the certificate is being issued anew at this moment");
/// Its controller has not looked.
pub const STATUS_BEHIND: Code =
    Code::unknown("status-behind", "the object's status is from before its last change, so it proves nothing");
/// Copied anew within the window.
pub const REFRESH_IN_WINDOW: Code =
    Code::fail("refresh-in-window", "the secret is copied anew within the window, whatever its source holds then");
/// Not copied for too long.
pub const REFRESH_STALE: Code = Code::unknown(
    "refresh-stale",
    "the secret was not copied anew for longer than it should be, though it is called ready",
);
/// Not copied.
pub const SECRET_NOT_SYNCED: Code = Code::fail("secret-not-synced", "the secret could not be copied from its source");
/// It will be deleted.
pub const NODE_EXPIRES: Code =
    Code::fail("node-expires-in-window", "the node is taken away within the window, with whatever runs on it");
/// It is going.
pub const NODE_LEAVING: Code = Code::warn("node-leaving", "the node is on its way out");
/// A node that is made from now on.
pub const NODE_MAY_EXPIRE: Code = Code::warn(
    "node-may-expire",
    "nodes of this pool live so short that one made from now on may end within the window",
);
/// It will be replaced.
pub const NODE_DRIFTED: Code = Code::fail(
    "node-drifted",
    "the node no longer fits its pool, and nothing keeps it from being replaced within the window",
);
/// Nothing keeps its nodes.
pub const POOL_UNPROTECTED: Code =
    Code::fail("pool-unprotected", "nothing keeps the pool's nodes from being replaced within the window");
/// An expiry that cannot be read.
pub const EXPIRY_UNREADABLE: Code = Code::unknown("node-expiry-unreadable", "how long the node lives cannot be read");
/// Nobody hears.
pub const SILENCE_IN_WINDOW: Code =
    Code::fail("silence-in-window", "alerts are silenced within the window, so nobody hears of what breaks");
/// Not all silences are here yet.
pub const ALERTMANAGER_SETTLING: Code =
    Code::unknown("alertmanager-settling", "the Alertmanager has not yet heard from its peers, and may lack silences");

/// All of them.
pub const ALL: &[Code] = &[
    NOTHING_FOUND,
    FIRES_IN_WINDOW,
    JOB_RUNNING,
    ZONE_UNKNOWN,
    SCHEDULE_UNREADABLE,
    ROTATION_IN_WINDOW,
    RENEWAL_IN_WINDOW,
    RENEWAL_OVERDUE,
    RENEWAL_DUE,
    RENEWAL_UNKNOWN,
    CERTIFICATE_ENDS,
    CERTIFICATE_NOT_READY,
    ISSUANCE_FAILING,
    ISSUING_NOW,
    STATUS_BEHIND,
    REFRESH_IN_WINDOW,
    REFRESH_STALE,
    SECRET_NOT_SYNCED,
    NODE_EXPIRES,
    NODE_LEAVING,
    NODE_MAY_EXPIRE,
    NODE_DRIFTED,
    POOL_UNPROTECTED,
    EXPIRY_UNREADABLE,
    SILENCE_IN_WINDOW,
    ALERTMANAGER_SETTLING,
];
