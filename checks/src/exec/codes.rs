//! What may be found of a program. Its own codes stay words in the finding: ours are permanent, and its are not.

use crate::contract::Code;

/// It says so.
pub const SAYS_FAIL: Code = Code::fail("program-says-fail", "the program says that it does not hold");
/// It says so.
pub const SAYS_WARN: Code = Code::warn("program-says-warn", "the program says that it holds within its margin");
/// It says so.
pub const SAYS_UNKNOWN: Code = Code::unknown("program-says-unknown", "the program says that it could not look");
/// A bound does not hold.
pub const OUT_OF_BOUNDS: Code =
    Code::fail("metric-out-of-bounds", "a number that the program gives is not within the bounds");
/// A bounded number is not there.
pub const NO_METRIC: Code =
    Code::unknown("metric-missing", "the program does not give the number that is to be bounded, in its unit");
/// It looked at too little.
pub const TOO_LITTLE: Code =
    Code::fail("checked-too-little", "the program looked at fewer things than must be looked at");
/// It said nothing.
pub const SILENT: Code =
    Code::unknown("program-silent", "the program ended well and said nothing, which proves nothing");
/// It ended in another way than programs of its kind do.
pub const NO_VERDICT: Code =
    Code::unknown("program-without-verdict", "the program ended in a way that says nothing of what it looked at");
/// Its words and its exit code disagree.
pub const CONTRADICTS: Code =
    Code::unknown("program-contradicts-itself", "the program's words or numbers say something else than its exit code");

/// All of them.
pub const ALL: &[Code] =
    &[SAYS_FAIL, SAYS_WARN, SAYS_UNKNOWN, OUT_OF_BOUNDS, NO_METRIC, TOO_LITTLE, SILENT, NO_VERDICT, CONTRADICTS];
