//! What may be found of provisioners and their queue.

use crate::contract::Code;

/// Not enough daemons.
pub(super) const TOO_FEW: Code =
    Code::fail("too-few-provisioners", "fewer provisioners are online that can take the job than the event needs");
/// None is free.
pub(super) const NO_IDLE: Code =
    Code::fail("no-idle-provisioner", "fewer provisioners are free than should be: the next build waits");
/// The crowd is larger than the table.
pub(super) const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// Another build than the server's.
pub(super) const VERSION: Code = Code::fail("version-differs", "it runs another build than the server");
/// A build that names no release.
pub(super) const UNNAMED: Code =
    Code::unknown("development-build", "a development build names no release, so equal versions prove nothing");
/// Nobody can take it.
pub(super) const STRANDED: Code =
    Code::fail("job-without-provisioner", "no provisioner that is online can take the job: it waits for ever");
/// It waits.
pub(super) const WAITING: Code = Code::fail("job-waiting", "a job waits, though provisioners for it are online");
/// Whoever took it is gone.
pub(super) const ORPHANED: Code = Code::fail("job-orphaned", "the provisioner that runs the job is offline");
/// Called off, and still there.
pub(super) const CANCELING: Code =
    Code::fail("job-stuck-canceling", "the job was called off and does not end: it holds its provisioner");
/// No such organisation.
pub(super) const NO_ORGANIZATION: Code =
    Code::fail("no-such-organization", "no organisation has this name, so nothing in it can build");
/// A bar for nothing.
pub(super) const UNLOOKED: Code =
    Code::fail("pool-not-looked-at", "the expectation names a pool that is not among those that are looked at");

/// Every one of them.
pub(super) const ALL: &[Code] =
    &[TOO_FEW, NO_IDLE, NO_NUMBER, VERSION, UNNAMED, STRANDED, WAITING, ORPHANED, CANCELING, NO_ORGANIZATION, UNLOOKED];
