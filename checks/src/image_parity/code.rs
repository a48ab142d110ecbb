//! What image parity may find.

use crate::contract::Code;

/// A mirror's tag points at another image than the source's.
pub const STALE: Code =
    Code::fail("mirror-stale", "a mirror holds another image than the source: its pods start the old one");
/// A mirror holds the same image, but not as equal as is asked.
pub const FLATTENED: Code =
    Code::fail("mirror-flattened", "a mirror holds the same image packed otherwise, and more equality is asked for");
/// An index without a platform that nodes run.
pub const PLATFORM_MISSING: Code =
    Code::fail("platform-missing", "a registry holds no image for a platform that nodes run: their pods do not start");
/// Pods run something else than is wanted.
pub const DIFFER: Code = Code::fail("pods-differ", "pods run another image than the one that is wanted");
/// Pods of one site do not agree.
pub const MIXED: Code =
    Code::fail("images-mixed", "pods of one site run different images: who is served by which is chance");
/// Fewer ready pods than expected.
pub const TOO_FEW: Code =
    Code::fail("too-few-pods", "fewer ready pods than expected, so nothing shows that the image runs");
/// Pods without the container that is compared.
pub const CONTAINER_MISSING: Code =
    Code::fail("container-missing", "a ready pod has no container to compare: it runs something else");
/// A tag that is not there.
pub const MISSING: Code =
    Code::fail("image-missing", "no image is there under this tag, though the registry may be read");
/// A tag that may be there or not.
pub const HIDDEN: Code = Code::unknown(
    "image-hidden",
    "the registry refuses to say whether the image is there: missing and forbidden look alike",
);
/// The source moved away from the pinned digest.
pub const PIN_DIFFERS: Code =
    Code::fail("pin-differs", "the source's tag points at another digest than the one that is pinned for the event");
/// What runs cannot be told.
pub const UNPROVEN: Code =
    Code::unknown("image-unproven", "what was reported does not tell whether it is the same image");

/// All of them.
pub const ALL: &[Code] = &[
    STALE,
    FLATTENED,
    PLATFORM_MISSING,
    DIFFER,
    MIXED,
    TOO_FEW,
    CONTAINER_MISSING,
    MISSING,
    HIDDEN,
    PIN_DIFFERS,
    UNPROVEN,
];
