//! What may be found of a gateway.

use crate::{coder_deployment::codes as coder, contract::Code, key_expiry::codes as key};

/// It says that it is not ready.
pub const NOT_READY: Code = Code::fail("gateway-not-ready", "the gateway says that it is not ready");
/// Healthy, without its database.
pub const NO_DATABASE: Code = Code::fail(
    "database-not-connected",
    "the gateway calls itself healthy and has no database: keys, budgets and limits are not looked at, or refused",
);
/// No word of the database.
pub const DATABASE_UNTOLD: Code = Code::unknown("database-untold", "the gateway says nothing of its database");
/// Another release.
pub const VERSION: Code = Code::fail("gateway-version-differs", "the gateway runs another release than was tested");
/// No word of its release.
pub const VERSION_UNTOLD: Code = Code::unknown("gateway-version-untold", "the gateway does not say its release");
/// Not there.
pub const NO_MODEL: Code = Code::fail("model-missing", "a model that the event needs is not served");
/// There, and not for this key.
pub const DENIED: Code = Code::fail("model-denied", "the key may not use a model that the event needs");
/// The money.
pub const BUDGET: Code =
    Code::fail("budget-too-small", "what the event will use is more of the budget than it should be");
/// Requests a minute.
pub const RPM: Code = Code::fail("request-rate-too-low", "fewer requests a minute are allowed than the crowd makes");
/// Tokens a minute.
pub const TPM: Code = Code::fail("token-rate-too-low", "fewer tokens a minute are allowed than the crowd uses");
/// Requests at once.
pub const AT_ONCE: Code =
    Code::fail("too-few-requests-at-once", "fewer requests may be under way at once than the crowd has");
/// Nobody said how much.
pub const USE_UNSAID: Code =
    Code::unknown("use-unsaid", "there is a limit, and nobody has said how much of it the event will use");
/// Nothing answers it.
pub const NOT_LOOKED_AT: Code =
    Code::fail("expectation-not-looked-at", "`expect` says something that nothing in `with` looks at");
/// Too little left.
pub const LOSS: Code =
    Code::fail("provider-loss-not-survived", "without one provider the others carry too few requests for the crowd");
/// Nobody declared who serves it.
pub const PROVIDERS_UNSAID: Code = Code::unknown(
    "providers-unsaid",
    "which providers serve a model, and how much each of them carries, is not declared",
);
/// The key does not work.
pub const CALL_KEY: Code = Code::fail("call-key-refused", "a call was refused because of its key");
/// The budget is used up.
pub const CALL_BUDGET: Code = Code::fail("call-over-budget", "a call was refused because the budget is used up");
/// Too many.
pub const CALL_THROTTLED: Code = Code::fail("call-throttled", "a single call was refused because there were too many");
/// The provider.
pub const CALL_FAILED: Code = Code::fail("call-failed", "a call reached the gateway, and the model did not answer");
/// Another model answered.
pub const CALL_FELL_BACK: Code =
    Code::warn("call-fell-back", "a call was answered by a fallback, and not by the model that was called");
/// Nothing in it.
pub const CALL_EMPTY: Code = Code::fail("call-empty", "a call was answered with success, and without a completion");

/// All of them; those of the key itself and of a licensed feature are other probes' own.
pub const ALL: &[Code] = &[
    NOT_READY,
    NO_DATABASE,
    DATABASE_UNTOLD,
    VERSION,
    VERSION_UNTOLD,
    NO_MODEL,
    DENIED,
    BUDGET,
    RPM,
    TPM,
    AT_ONCE,
    USE_UNSAID,
    NOT_LOOKED_AT,
    LOSS,
    PROVIDERS_UNSAID,
    CALL_KEY,
    CALL_BUDGET,
    CALL_THROTTLED,
    CALL_FAILED,
    CALL_EMPTY,
    CALL_FELL_BACK,
    key::EXPIRED,
    key::KEY_MISSING,
    key::KEY_BLOCKED,
    key::KEY_REFUSED,
    coder::NOT_ENTITLED,
    coder::FEATURE_IN_GRACE,
    coder::FEATURE_OFF,
];
