//! The faults that no answer of an HTTP system survives.

use gonogo_world::Fault;

/// Each makes an answer that proves nothing.
pub const FAULTS: [Fault; 15] = [
    Fault::Refuse,
    Fault::Reset,
    Fault::TruncatedBody,
    Fault::WrongType,
    Fault::MalformedJson,
    Fault::Empty,
    Fault::Status(401, None),
    Fault::Status(403, None),
    Fault::Status(404, None),
    Fault::Status(429, Some(1)),
    Fault::Status(500, None),
    Fault::Status(503, None),
    Fault::RedirectLoop,
    Fault::ExpiredCertificate,
    Fault::UntrustedCertificate,
];

/// Each answers too late or for ever: what asks must give up by itself.
pub const SLOW: [Fault; 3] = [Fault::Hang, Fault::SlowDrip, Fault::EndlessBody];

/// Both.
pub fn all() -> impl Iterator<Item = Fault> {
    FAULTS.into_iter().chain(SLOW)
}
