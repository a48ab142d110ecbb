//! What may be found of an alert's way.

pub(super) use crate::schedule_window::codes::{ALERTMANAGER_SETTLING, SILENCE_IN_WINDOW};

use crate::contract::Code;

/// Nobody hears.
pub(super) const SWALLOWED: Code =
    Code::fail("receiver-without-integration", "the alert goes to a receiver that tells nobody, and nothing shows it");
/// Somebody hears, otherwise than agreed.
pub(super) const OTHER_INTEGRATION: Code =
    Code::fail("integration-not-expected", "the alert's receiver tells people in another way than was agreed");
/// Somebody else hears.
pub(super) const OTHER_RECEIVER: Code =
    Code::fail("receiver-not-expected", "the alert does not go to the receiver that was agreed");
/// Not at that time.
pub(super) const MUTED: Code =
    Code::fail("muted-in-window", "the alert's route is muted, or not active, for a time within the window");
/// Too late.
pub(super) const LATE: Code =
    Code::fail("told-too-late", "the alert waits for others of its group for longer than anybody can wait for it");
/// Held back by another.
pub(super) const INHIBITED: Code = Code::warn("may-be-inhibited", "another alert, if it fires, holds this one back");
/// Not read.
pub(super) const UNREADABLE: Code =
    Code::unknown("route-unreadable", "a part of the routes cannot be read, so nobody knows where the alert goes");

/// All of them.
pub(super) const ALL: &[Code] = &[
    SWALLOWED,
    OTHER_INTEGRATION,
    OTHER_RECEIVER,
    MUTED,
    LATE,
    INHIBITED,
    UNREADABLE,
    SILENCE_IN_WINDOW,
    ALERTMANAGER_SETTLING,
];
