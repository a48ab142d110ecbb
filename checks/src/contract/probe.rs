//! The contract: what somebody who adds a probe writes.

use super::{Access, Code, Context, Finding, Invalid, Moment, Place, Unobserved, Window};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// A kind of look at the world.
///
/// [`observe`](Self::observe) waits and does not judge; [`judge`](Self::judge) judges and does not wait. Between them
/// stands evidence, which is stored, shown and judged again.
pub trait Probe: Sized + Send + Sync + 'static {
    /// `dns-wildcard`: the folder's name (with `_`), the word in the checklist, the anchor in the docs.
    const KIND: &'static str;
    /// Every finding that it may raise, besides [`CORE_CODES`](super::CORE_CODES).
    const CODES: &'static [Code];
    /// True for a probe that compares sites: one look, one judgement, an outcome for each member. Where its `with` holds
    /// a map with a key `sites`, it is given a map from site to that map instead, each expanded for its site.
    const RELATION: bool = false;
    /// `with`: what to look at. Derives with `deny_unknown_fields`.
    type Settings: DeserializeOwned + JsonSchema;
    /// `expect`: what must hold. Derives with `deny_unknown_fields`; every field has a default or is required.
    type Expect: DeserializeOwned + JsonSchema + Send + Sync + 'static;
    /// What was seen. May hold an [`Unobserved`] for a part. Never a secret: `SecretString` does not serialise.
    type Evidence: Serialize + DeserializeOwned + Send;

    /// Makes the probe ready to look; no I/O.
    ///
    /// # Errors
    /// The settings name what does not exist, or contradict each other.
    fn new(settings: Self::Settings, place: &Place) -> Result<Self, Invalid>;

    /// The least rights that observing needs.
    fn access(&self) -> Vec<Access>;

    /// Looks.
    fn observe(&self, cx: &Context) -> impl Future<Output = Result<Self::Evidence, Unobserved>> + Send;

    /// Judges what was seen: pure, with no clock but the window's.
    fn judge(expect: &Self::Expect, evidence: &Self::Evidence, window: &Window) -> Vec<Finding>;

    /// The arithmetic behind the judgement, line by line, for whoever wants to follow it: `15 attendees × 4 = 60`. Pure.
    fn working(_expect: &Self::Expect, _evidence: &Self::Evidence, _window: &Window) -> Vec<String> {
        Vec::new()
    }

    /// Everything seen that expires, fires, rotates, renews, begins or ends by itself, inside the window or not. Pure. Of
    /// more than 200, those nearest to the start are kept.
    fn moments(_evidence: &Self::Evidence, _window: &Window) -> Vec<Moment> {
        Vec::new()
    }

    /// True if and only if judging compares times, so that it proves nothing on a machine whose clock is wrong.
    fn reads_clock(_expect: &Self::Expect) -> bool {
        false
    }
}
