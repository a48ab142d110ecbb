//! What may be found.

use crate::contract::Code;

/// They do not fit.
pub(super) const NO_ROOM: Code =
    Code::fail("no-room", "the nodes, with those that may be made, do not hold all attendees");
/// They fit, barely.
pub(super) const LOW: Code =
    Code::fail("headroom-low", "the attendees fit, but too little is left of what is available");
/// A quota.
pub(super) const QUOTA: Code =
    Code::fail("quota-too-small", "a quota of the namespace ends before all attendees are in");
/// A disk.
pub(super) const DISK: Code =
    Code::fail("disk-too-small", "a node's disk does not hold what the workspaces on it write");
/// Nothing to put anyone on.
pub(super) const NO_NODES: Code =
    Code::fail("no-nodes", "no node is there that could take a workspace, and none may be made");
/// No namespace.
pub(super) const NO_NAMESPACE: Code = Code::fail("no-such-namespace", "the namespace does not exist");
/// No pool.
pub(super) const NO_POOL: Code = Code::fail("no-such-pool", "a node pool that should make nodes does not exist");
/// A pool that makes none.
pub(super) const CLOSED: Code = Code::fail("pool-makes-no-nodes", "a node pool makes no nodes for workspaces");
/// A limit range.
pub(super) const REFUSED: Code =
    Code::fail("limit-range-refuses", "a limit range of the namespace refuses a workspace of this size");
/// Waves.
pub(super) const LATE: Code = Code::fail("ready-too-late", "the last attendee's workspace is ready too late");
/// Nobody makes them.
pub(super) const NO_PROVISIONERS: Code = Code::fail("no-provisioners", "nothing is there that makes workspaces");
/// How many?
pub(super) const NO_ATTENDEES: Code =
    Code::fail("attendees-unsaid", "the event does not say how many may come, so nothing can be reckoned");
/// The crowd is larger than the table.
pub(super) const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// A pool that has not counted.
pub(super) const POOL_UNCOUNTED: Code =
    Code::unknown("pool-uncounted", "a node pool does not say how much of its limits its nodes take");
/// A quota that has not counted.
pub(super) const QUOTA_UNCOUNTED: Code =
    Code::unknown("quota-uncounted", "a quota does not say yet how much of it is used");
/// A footprint that says too little.
pub(super) const UNSAID: Code =
    Code::unknown("footprint-unsaid", "a quota counts something that the checklist does not say of an attendee");
/// A kubelet that says too little.
pub(super) const UNMEASURED: Code =
    Code::unknown("storage-unmeasured", "a node does not say how full one of its disks is");
/// Counts from before.
pub(super) const STALE: Code = Code::unknown("status-stale", "the status is from before the last change of the object");

pub(super) const ALL: &[Code] = &[
    NO_ROOM,
    LOW,
    QUOTA,
    DISK,
    NO_NODES,
    NO_NAMESPACE,
    NO_POOL,
    CLOSED,
    REFUSED,
    LATE,
    NO_PROVISIONERS,
    NO_ATTENDEES,
    NO_NUMBER,
    POOL_UNCOUNTED,
    QUOTA_UNCOUNTED,
    UNSAID,
    UNMEASURED,
    STALE,
];
