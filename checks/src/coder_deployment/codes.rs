//! What may be found of a deployment.

use crate::{contract::Code, key_expiry::codes as key};

/// Another release runs.
pub const BUILD: Code = Code::fail("build-differs", "the server runs another release than the one that was tested");
/// The sign-in page lacks it.
pub const NOT_OFFERED: Code =
    Code::fail("sign-in-not-offered", "the sign-in page does not offer the way by which people are to come in");
/// No account for a newcomer.
pub const NO_SIGN_UP: Code = Code::fail("sign-up-refused", "whoever comes for the first time gets no account");
/// Members are turned away.
pub const NOT_ALLOWED: Code =
    Code::fail("organisation-not-allowed", "members of an organisation that is to come are turned away at sign-in");
/// Fewer are let in than was said.
pub const NARROWED: Code = Code::fail(
    "sign-in-narrowed",
    "sign-in is narrowed to organisations, teams, domains or groups that the checklist does not name",
);
/// More are let in than was said.
pub const NOT_DECLARED: Code =
    Code::warn("organisation-not-declared", "sign-in is open to more people than the checklist says");
/// No account.
pub const NO_ACCOUNT: Code = Code::fail("participant-missing", "a participant has no account, and can get none");
/// An account that is off.
pub const SUSPENDED: Code = Code::fail("participant-suspended", "a participant's account is suspended");
/// None in force.
pub const NO_LICENCE: Code = Code::fail("licence-missing", "no licence is in force");
/// In grace.
pub const IN_GRACE: Code = Code::fail("licence-in-grace", "the licence has expired, and is let pass only for a while");
/// Too short.
pub const LICENCE_ENDS: Code =
    Code::fail("licence-ends-too-soon", "the licences end before the event is over and its margin has passed");
/// A trial.
pub const TRIAL: Code = Code::warn("licence-trial", "the event runs on a trial licence");
/// Not enough seats.
pub const FEW_SEATS: Code = Code::fail("too-few-seats", "the licence has fewer seats than there will be active users");
/// No word of seats.
pub const SEATS_UNTOLD: Code =
    Code::unknown("seats-untold", "how many seats there are, or how many are needed, cannot be told");
/// The table ends.
pub const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// Not licensed.
pub const NOT_ENTITLED: Code = Code::fail("feature-not-entitled", "no licence carries a feature that the event needs");
/// Nobody can tell.
pub const FEATURE_UNTOLD: Code = Code::unknown(
    "feature-untold",
    "whether the licence that is in force during the event carries a feature cannot be told",
);
/// Licensed for a while.
pub const FEATURE_IN_GRACE: Code =
    Code::fail("feature-in-grace", "a feature that the event needs is let pass after its licence expired");
/// Licensed, and off.
pub const FEATURE_OFF: Code =
    Code::fail("feature-not-enabled", "a feature that the event needs is licensed, and switched off");
/// The server complains.
pub const COMPLAINS: Code = Code::fail("entitlement-error", "the server complains of its licences");
/// The server warns.
pub const WARNS: Code = Code::warn("entitlement-warning", "the server warns of its licences");
/// Old news.
pub const OLD: Code =
    Code::unknown("entitlements-stale", "the server has not looked at its licences for longer than it should");

/// All of them; those of a token are `key-expiry`'s own.
pub const ALL: &[Code] = &[
    BUILD,
    NOT_OFFERED,
    NO_SIGN_UP,
    NOT_ALLOWED,
    NARROWED,
    NOT_DECLARED,
    NO_ACCOUNT,
    SUSPENDED,
    NO_LICENCE,
    IN_GRACE,
    LICENCE_ENDS,
    TRIAL,
    FEW_SEATS,
    SEATS_UNTOLD,
    NO_NUMBER,
    NOT_ENTITLED,
    FEATURE_UNTOLD,
    FEATURE_IN_GRACE,
    FEATURE_OFF,
    COMPLAINS,
    WARNS,
    OLD,
    key::EXPIRED,
    key::EXPIRES_BEFORE_EVENT,
    key::EXPIRES_DURING_EVENT,
    key::EXPIRES_WITHIN_MARGIN,
    key::EXPIRY_UNKNOWN,
    key::KEY_MISSING,
    key::KEY_BLOCKED,
    key::KEY_EMPTY,
];
