//! Every finding that a cloud quota may give rise to.

use crate::contract::Code;

/// It does not fit.
pub(super) const EXCEEDED: Code =
    Code::fail("quota-exceeded", "the event needs more than the quota leaves: new machines will be refused");
/// It fits, but barely.
pub(super) const TIGHT: Code = Code::fail(
    "quota-headroom",
    "the event fits within what the quota leaves, but not with the headroom that is wanted",
);
/// There is no such quota.
pub(super) const NO_QUOTA: Code = Code::fail("no-such-quota", "the region has no quota of this service and code");
/// The need is not known.
pub(super) const NO_NEED: Code = Code::unknown("need-unknown", "nothing says how much of it the event needs");
/// The crowd is larger than the table.
pub(super) const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// Nothing tells the use.
pub(super) const UNTOLD: Code =
    Code::unknown("usage-untold", "the cloud does not tell how much of this quota is in use");
/// The use has no value.
pub(super) const NO_DATAPOINT: Code =
    Code::unknown("no-usage-datapoint", "the use has no value in the last hours, which is not zero");
/// The use is of long ago.
pub(super) const STALE: Code = Code::unknown("usage-stale", "the last value of the use is too old to count");

/// All of them.
pub(super) const ALL: &[Code] = &[EXCEEDED, TIGHT, NO_QUOTA, NO_NEED, NO_NUMBER, UNTOLD, NO_DATAPOINT, STALE];
