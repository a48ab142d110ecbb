//! What may be found of proxies.

use crate::contract::Code;

/// Not there.
pub(super) const MISSING: Code =
    Code::fail("proxy-missing", "the server knows no proxy of this name, or it was deleted");
/// The server holds it for ill.
pub(super) const UNHEALTHY: Code = Code::fail("proxy-unhealthy", "the server does not hold the proxy for healthy");
/// It complains.
pub(super) const WARNING: Code = Code::warn("proxy-warning", "the proxy's own report has warnings");
/// Nobody has looked lately.
pub(super) const UNCHECKED: Code =
    Code::unknown("proxy-check-stale", "the server has not looked at the proxy lately, so its word proves nothing");
/// Another build than the server's.
pub(super) const VERSION: Code = Code::fail("version-differs", "it runs another build than the server");
/// A build that names no release.
pub(super) const UNNAMED: Code =
    Code::unknown("development-build", "a development build names no release, so equal versions prove nothing");
/// Something else answers.
pub(super) const OTHER: Code =
    Code::fail("not-this-proxy", "at the address answers something else than a proxy of this deployment");
/// No wildcard.
pub(super) const NO_WILDCARD: Code =
    Code::fail("wildcard-unset", "the proxy has no wildcard host, so no application on a sub-domain works there");
/// Another name.
pub(super) const DOMAIN: Code =
    Code::fail("wrong-domain", "its wildcard or its URL is of another domain than the one named");
/// Nobody named it.
pub(super) const EXTRA: Code =
    Code::warn("unnamed-proxy", "a proxy that nobody named may be chosen by attendees, and nobody looks at it");

/// Every one of them.
pub(super) const ALL: &[Code] =
    &[MISSING, UNHEALTHY, WARNING, UNCHECKED, VERSION, UNNAMED, OTHER, NO_WILDCARD, DOMAIN, EXTRA];
