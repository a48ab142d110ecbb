//! What may be found of a lock.

use crate::contract::Code;

/// Its lease ran out.
pub const LEASE_EXPIRED: Code =
    Code::fail("lease-expired", "the lease has run out and still names a holder: nobody renews it");
/// Its holder is no more.
pub const HOLDER_GONE: Code = Code::fail("holder-gone", "the lock is held by what no longer runs");
/// It is held beyond the bound.
pub const HELD_TOO_LONG: Code =
    Code::fail("held-too-long", "the lock is held for longer than any sound piece of work takes");
/// A release hangs half-way.
pub const RELEASE_PENDING: Code =
    Code::fail("release-pending", "an upgrade hangs half-way, and Helm refuses the next one");
/// A release is on its way.
pub const RELEASE_UNDER_WAY: Code =
    Code::warn("release-under-way", "a release is being changed at this moment, so what was seen may not last");
/// A job does not end.
pub const JOB_UNFINISHED: Code = Code::fail("job-unfinished", "a job neither completes nor fails");
/// A job waits for someone.
pub const JOB_SUSPENDED: Code =
    Code::warn("job-suspended", "a job is suspended, and waits for somebody to let it go on");
/// The same work, twice.
pub const WORK_LISTED_TWICE: Code =
    Code::fail("work-listed-twice", "the same piece of work stands in two unfinished jobs, and will be done twice");
/// Nothing was there to look at.
pub const NO_SUCH_LOCK: Code =
    Code::fail("no-such-lock", "nothing of that name or selector is there, so that no lock was looked at");
/// The state is not there.
pub const NO_SUCH_STATE: Code =
    Code::fail("no-such-state", "there is no state of that name, so that its lock proves nothing");
/// It cannot be read.
pub const LOCK_UNREADABLE: Code = Code::unknown(
    "lock-unreadable",
    "the lock does not say, in a form that can be read, by whom or since when it is held",
);
/// Its time lies ahead.
pub const LOCK_FROM_FUTURE: Code = Code::unknown(
    "lock-from-future",
    "the lock was taken later than now, by its own clock, so that its age proves nothing",
);

/// All of them.
pub const ALL: &[Code] = &[
    LEASE_EXPIRED,
    HOLDER_GONE,
    HELD_TOO_LONG,
    RELEASE_PENDING,
    RELEASE_UNDER_WAY,
    JOB_UNFINISHED,
    JOB_SUSPENDED,
    WORK_LISTED_TWICE,
    NO_SUCH_LOCK,
    NO_SUCH_STATE,
    LOCK_UNREADABLE,
    LOCK_FROM_FUTURE,
];
