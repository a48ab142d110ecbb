//! What may be found in a registry.

use crate::contract::Code;

/// No such tag, digest or repository.
pub const MISSING: Code =
    Code::fail("image-missing", "no image is there under this tag, though the registry may be read");
/// There or not.
pub const HIDDEN: Code = Code::unknown(
    "image-hidden",
    "the registry refuses to say whether the image is there: missing and forbidden look alike",
);
/// No image for a platform.
pub const PLATFORM_MISSING: Code =
    Code::fail("platform-missing", "a registry holds no image for a platform that nodes run: their pods do not start");
/// For which platform, nothing says.
pub const PLATFORM_UNPROVEN: Code =
    Code::unknown("platform-unproven", "what the registry holds does not say for which platform it is");
/// No node says which platforms are needed.
pub const NO_NODES: Code =
    Code::unknown("no-node-platforms", "no node says for which platforms images are needed, so none was looked for");
/// An index names a manifest that is not there.
pub const MANIFEST_MISSING: Code =
    Code::fail("manifest-missing", "an index names a manifest that the registry does not hold: pulls end there");
/// A manifest names a blob that is not there.
pub const BLOB_MISSING: Code =
    Code::fail("blob-missing", "an image names a layer or a config that the registry does not hold: pulls end there");
/// A blob of another length.
pub const BLOB_DIFFERS: Code =
    Code::fail("blob-differs", "a layer or a config has another length than its image says: pulls fail on it");
/// Not yet in a pull-through cache.
pub const NOT_CACHED: Code =
    Code::warn("image-not-cached", "the cache does not hold the image yet: the first pull waits for its upstream");
/// The cache and its upstream differ.
pub const BEHIND: Code = Code::warn(
    "cache-behind",
    "the cache holds another image under the tag than its upstream: it asks once in 24 hours",
);
/// The image to go back to is the one that runs.
pub const CURRENT: Code =
    Code::fail("rollback-is-current", "the image to go back to is the one that the tag points at now: no way back");
/// No rule for a prefix.
pub const NO_RULE: Code =
    Code::fail("no-pull-through-rule", "no pull-through rule has this prefix: every pull below it fails");
/// A rule that does not reach its upstream.
pub const INVALID: Code =
    Code::fail("pull-through-invalid", "the registry does not get into the rule's upstream: nothing new can be pulled");
/// A rule for another upstream.
pub const UPSTREAM_DIFFERS: Code =
    Code::fail("upstream-differs", "the pull-through rule leads to another upstream than the one that is meant");
/// The nodes may not import below the prefix.
pub const IMPORT_REFUSED: Code =
    Code::fail("import-refused", "the nodes' role may not import below this prefix: a first pull fails");
/// Nobody says whether they may.
pub const IMPORT_UNPROVEN: Code =
    Code::unknown("import-unproven", "nothing says whether the nodes' role may import below this prefix");
/// No rule copies an image, or none did when it was pushed.
pub const NOT_REPLICATED: Code = Code::fail("not-replicated", "nothing copies this image to a region that needs it");
/// A copy that failed.
pub const COPY_FAILED: Code = Code::fail("replication-failed", "the copy of an image to a region failed");
/// A copy under way.
pub const COPY_UNFINISHED: Code =
    Code::fail("replication-unfinished", "the copy of an image to a region is not there yet");
/// The limit is below the need.
pub const TOO_LOW: Code =
    Code::fail("limit-too-low", "the registry's limit is below what the crowd's new nodes pull: some will be refused");
/// The limit is used up.
pub const USED_UP: Code =
    Code::fail("limit-used-up", "too little of the registry's limit is left for what the crowd's new nodes pull");
/// No limit is told, or no need.
pub const UNKNOWN: Code =
    Code::unknown("limit-unknown", "the registry tells no limit: there is none, or something else answered for it");
/// A limit of somebody else.
pub const ELSEWHERE: Code =
    Code::unknown("limit-elsewhere", "the limit that was read is not known to be the one that the nodes pull under");
/// More attendees than the table knows.
pub const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");

/// All of them.
pub const ALL: &[Code] = &[
    MISSING,
    HIDDEN,
    PLATFORM_MISSING,
    PLATFORM_UNPROVEN,
    NO_NODES,
    MANIFEST_MISSING,
    BLOB_MISSING,
    BLOB_DIFFERS,
    NOT_CACHED,
    BEHIND,
    CURRENT,
    NO_RULE,
    INVALID,
    UPSTREAM_DIFFERS,
    IMPORT_REFUSED,
    IMPORT_UNPROVEN,
    NOT_REPLICATED,
    COPY_FAILED,
    COPY_UNFINISHED,
    TOO_LOW,
    USED_UP,
    UNKNOWN,
    ELSEWHERE,
    NO_NUMBER,
];
