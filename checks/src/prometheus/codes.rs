//! What may be found of series and of rules.

use crate::contract::Code;

/// Not there, or not as many.
pub(super) const TOO_FEW: Code =
    Code::fail("too-few-series", "fewer series are there than must be, so nothing is measured there");
/// Too many.
pub(super) const TOO_MANY: Code = Code::fail("too-many-series", "more series are there than may be");
/// One that should not be there.
pub(super) const UNEXPECTED: Code =
    Code::fail("unexpected-series", "the query gives a series, and it should give none");
/// The crowd is larger than the table.
pub(super) const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// Not written lately.
pub(super) const OLD: Code = Code::fail("series-stale", "what the query reads was not measured lately");
/// `NaN`.
pub(super) const NO_VALUE: Code = Code::unknown("no-value", "a series is there and its value is no number");
/// Something else hides that nothing is there.
pub(super) const NO_INPUT: Code =
    Code::fail("query-without-input", "what the query reads does not exist, so what it gives is made up");
/// None of nothing.
pub(super) const OF_NOTHING: Code =
    Code::unknown("empty-proves-nothing", "the query gives nothing, and what it reads does not exist");
/// Gaps.
pub(super) const GAPS: Code =
    Code::unknown("series-with-gaps", "the series lacks too many points over the time that is judged");
/// What must hold does not.
pub(super) const DOES_NOT_HOLD: Code = Code::fail("expectation-not-met", "what must hold of the objects does not");
/// What must hold speaks of a field that is not there.
pub(super) const NO_FIELD: Code =
    Code::fail("field-absent", "what must hold speaks of a field that the object does not have");
/// The expression gave no answer.
pub(super) const FAILED: Code =
    Code::unknown("expression-failed", "what must hold cannot be evaluated, so nothing is proven");
/// Prometheus doubts itself.
pub(super) const DOUBTED: Code = Code::warn("query-warning", "Prometheus warns that its answer may be in part");

/// No such rule.
pub(super) const NO_RULE: Code = Code::fail("rule-missing", "no alerting rule of that name is loaded");
/// The rule cannot be evaluated.
pub(super) const UNHEALTHY: Code = Code::fail("rule-unhealthy", "the rule fails whenever it is evaluated");
/// Not evaluated yet.
pub(super) const UNTRIED: Code = Code::unknown("rule-not-evaluated", "the rule was not evaluated yet");
/// Not any more.
pub(super) const STOPPED: Code = Code::fail("rule-stopped", "the rule is no longer evaluated, so it cannot fire");
/// Reads what does not exist.
pub(super) const BLIND: Code =
    Code::fail("rule-without-input", "the rule reads series that do not exist, so it can never fire");
/// Reads what is not there with these labels.
pub(super) const EMPTY: Code = Code::unknown(
    "rule-input-empty",
    "the rule's selector finds nothing, though its metric exists: a label is wrong, or nothing of that kind happened yet",
);
/// Not with the agreed number.
pub(super) const THRESHOLD: Code =
    Code::fail("threshold-differs", "the rule compares with another number than was agreed");
/// Not after the agreed time.
pub(super) const DURATION: Code = Code::fail("rule-for-differs", "the rule waits longer or shorter than was agreed");
/// Not with the agreed labels.
pub(super) const LABELS: Code =
    Code::fail("rule-labels-differ", "the rule's alerts have other labels than was agreed, so they go elsewhere");
/// It fires.
pub(super) const FIRING: Code = Code::fail("alert-firing", "the alert fires now");
/// It is about to.
pub(super) const PENDING: Code = Code::warn("alert-pending", "the alert is about to fire");
/// Its expression is beyond what is read.
pub(super) const UNREADABLE: Code =
    Code::unknown("rule-unreadable", "the rule's expression cannot be read, so nobody knows what it needs");
/// A word about a rule that was not looked at.
pub(super) const NOT_ASKED: Code =
    Code::unknown("rule-not-looked-at", "something is expected of a rule that `with` does not name");

/// All of them.
pub(super) const ALL: &[Code] = &[
    TOO_FEW,
    TOO_MANY,
    UNEXPECTED,
    NO_NUMBER,
    OLD,
    NO_VALUE,
    NO_INPUT,
    OF_NOTHING,
    GAPS,
    DOES_NOT_HOLD,
    NO_FIELD,
    FAILED,
    DOUBTED,
    NO_RULE,
    UNHEALTHY,
    UNTRIED,
    STOPPED,
    BLIND,
    EMPTY,
    THRESHOLD,
    DURATION,
    LABELS,
    FIRING,
    PENDING,
    UNREADABLE,
    NOT_ASKED,
];
