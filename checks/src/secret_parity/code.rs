//! Every finding that secret parity may raise.

use crate::contract::Code;

/// The source has no secret.
pub(super) const SOURCE_MISSING: Code =
    Code::fail("source-missing", "the source of the secret is not there, so its copies are copies of nothing");
/// The source holds no secret.
pub(super) const SOURCE_EMPTY: Code =
    Code::fail("source-empty", "the source of the secret holds nothing, or the word `null`");
/// A copy is not there.
pub(super) const COPY_MISSING: Code =
    Code::fail("copy-missing", "a copy is not there: what uses it does not start, or starts without it");
/// A copy holds nothing.
pub(super) const COPY_EMPTY: Code = Code::fail("copy-empty", "a copy holds nothing, or the word `null`");
/// A copy is from before the rotation.
pub(super) const COPY_OUTDATED: Code =
    Code::fail("copy-outdated", "a copy is from before the source's last change, and holds another value");
/// A copy holds something else.
pub(super) const COPY_DIFFERS: Code = Code::fail("copy-differs", "a copy holds another value than the source");
/// The copies cannot all be right.
pub(super) const COPIES_DISAGREE: Code =
    Code::fail("copies-disagree", "the source cannot be seen, and its copies hold different values");
/// Something changed between two looks.
pub(super) const CHANGED_MEANWHILE: Code = Code::unknown(
    "changed-meanwhile",
    "the secret was changed while it was looked at, so the difference proves nothing",
);
/// Fewer copies than there should be.
pub(super) const TOO_FEW: Code = Code::fail("too-few-copies", "fewer copies are named than there must be");

/// All of them.
pub(super) const ALL: &[Code] = &[
    SOURCE_MISSING,
    SOURCE_EMPTY,
    COPY_MISSING,
    COPY_EMPTY,
    COPY_OUTDATED,
    COPY_DIFFERS,
    COPIES_DISAGREE,
    CHANGED_MEANWHILE,
    TOO_FEW,
];
