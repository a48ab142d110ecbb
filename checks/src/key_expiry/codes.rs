//! What may be found of a key.

use crate::contract::Code;
pub(crate) use crate::http::{CERTIFICATE_UNTRUSTED, CERTIFICATE_WRONG_NAME};

/// It has ended already.
pub const EXPIRED: Code = Code::fail("expired", "the key has ended already");
/// It ends before the start.
pub const EXPIRES_BEFORE_EVENT: Code = Code::fail("expires-before-event", "the key ends before the event starts");
/// It ends between start and end.
pub const EXPIRES_DURING_EVENT: Code = Code::fail("expires-during-event", "the key ends while the event goes on");
/// It ends after the end, too soon.
pub const EXPIRES_WITHIN_MARGIN: Code =
    Code::fail("expires-within-margin", "the key ends after the event, but within the margin that it must last");
/// It lasts, but not for long.
pub const EXPIRES_SOON: Code = Code::warn("expires-soon", "the key outlives the event, but by less than it should");
/// Nobody says when it ends.
pub const EXPIRY_UNKNOWN: Code = Code::unknown("expiry-unknown", "nothing says when the key ends");
/// It has gone.
pub const KEY_MISSING: Code = Code::fail("key-missing", "there is no such key");
/// There is no key in its place.
pub const KEY_EMPTY: Code =
    Code::fail("key-empty", "in the key's place is nothing, the word `null`, or what no request can carry");
/// It was switched off.
pub const KEY_BLOCKED: Code = Code::fail("key-blocked", "the key is switched off");
/// It may not do what it is for.
pub const KEY_LACKS_RIGHT: Code = Code::fail("key-lacks-right", "the key works, and lacks a right that it needs");
/// It is too old.
pub const KEY_TOO_OLD: Code =
    Code::fail("key-too-old", "the key becomes older than it may be before it has lasted long enough");
/// The system refuses it.
pub const KEY_REFUSED: Code = Code::fail("key-refused", "the system refuses the key itself: revoked or replaced");
/// Nobody uses it.
pub const KEY_UNUSED: Code =
    Code::fail("key-unused", "the key that was used last is switched off, and the one in its place is not used");
/// It never ends.
pub const NEVER_EXPIRES: Code = Code::warn("never-expires", "the key never ends, which the checklist does not want");
/// It begins too late.
pub const NOT_VALID_YET: Code = Code::fail("not-valid-yet", "the key is not yet valid when the window opens");
/// Another certificate is served than the last one issued.
pub const OLD_CERTIFICATE_SERVED: Code =
    Code::warn("old-certificate-served", "a newer certificate was issued than the one that is served");
/// Its renewal is due before the event.
pub const RENEWAL_DUE: Code =
    Code::warn("renewal-due", "the key ends before the window opens, and the one after it does not exist yet");
/// Its renewal has stopped.
pub const RENEWAL_STALE: Code = Code::warn("renewal-stale", "the key was not renewed for longer than it should be");
/// Nothing shows that it is renewed.
pub const RENEWAL_UNPROVEN: Code =
    Code::unknown("renewal-unproven", "the key is renewed by itself, and nothing shows that this works");
/// It is replaced within the window.
pub const ROTATION_IN_WINDOW: Code = Code::fail(
    "rotation-in-window",
    "the key is replaced by itself within the window, and who holds the old one is cut off",
);

/// All of them.
pub const ALL: &[Code] = &[
    EXPIRED,
    EXPIRES_BEFORE_EVENT,
    EXPIRES_DURING_EVENT,
    EXPIRES_WITHIN_MARGIN,
    EXPIRES_SOON,
    EXPIRY_UNKNOWN,
    KEY_MISSING,
    KEY_EMPTY,
    KEY_BLOCKED,
    KEY_LACKS_RIGHT,
    KEY_TOO_OLD,
    KEY_REFUSED,
    KEY_UNUSED,
    NEVER_EXPIRES,
    NOT_VALID_YET,
    OLD_CERTIFICATE_SERVED,
    RENEWAL_DUE,
    RENEWAL_STALE,
    RENEWAL_UNPROVEN,
    ROTATION_IN_WINDOW,
    CERTIFICATE_UNTRUSTED,
    CERTIFICATE_WRONG_NAME,
];
