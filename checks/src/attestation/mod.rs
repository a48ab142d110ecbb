//! `attestation`: has a named person confirmed it, for this event, and does that still hold?
//!
//! What no machine can see is confirmed with `gonogo attest`, which writes a file beside the checklist that is made for
//! version control. A confirmation is of one statement and one event: when either changes, it counts no more. A box to
//! tick without a name and a time was rejected: that is the checklist that was ticked in vain.

mod evidence;
mod judge;
mod observe;
mod settings;

pub use evidence::{Confirmation, Evidence};
pub use observe::{FILE, read};
pub use settings::{Expect, Settings};

use crate::contract::{Access, Code, Context, Does, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};

/// Nobody has.
const NOT_ATTESTED: Code = Code::fail("not-attested", "nobody has confirmed it");
/// Another statement was confirmed.
const OTHERWISE: Code = Code::fail("attested-otherwise", "what was confirmed is not what is asked now");
/// Another event was meant.
const OTHER_EVENT: Code =
    Code::fail("attested-for-another-event", "it was confirmed for another event, or another day");
/// Somebody confirmed it who may not.
const BY_ANOTHER: Code = Code::fail("attested-by-another", "it was confirmed by somebody whose word was not asked for");
/// It was too long ago.
const STALE: Code = Code::fail("attestation-stale", "it was confirmed too long before the event");
/// It cannot have been known yet.
const TOO_EARLY: Code =
    Code::fail("attested-too-early", "it was confirmed before the moment of the event that it is about");
/// It does not last.
const ENDS: Code = Code::fail("attestation-ends-early", "the confirmation does not hold until the window closes");
/// It was not confirmed yet, by this clock.
const FUTURE: Code = Code::unknown("attested-in-future", "it was confirmed at a time that has not come yet");

/// The probe, ready to look.
pub struct Attestation {
    key: String,
    statement: String,
    file: Option<String>,
}

impl Probe for Attestation {
    const KIND: &'static str = "attestation";
    const CODES: &'static [Code] = &[NOT_ATTESTED, OTHERWISE, OTHER_EVENT, BY_ANOTHER, STALE, TOO_EARLY, ENDS, FUTURE];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let statement = settings.checked()?;
        let key = place.site().map_or_else(|| place.check().to_owned(), |site| format!("{}@{site}", place.check()));
        Ok(Self { key, statement, file: settings.file })
    }

    fn access(&self) -> Vec<Access> {
        vec![Access::new("file", format!("read {}", self.file.as_deref().unwrap_or(FILE)))]
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<Moment> {
        let until = evidence.confirmed.as_ref().and_then(|confirmed| confirmed.until);
        let ends = |at| Moment::new(at, Does::Ends, &evidence.key).saying("the confirmation holds until then");
        until.map(ends).into_iter().collect()
    }

    fn reads_clock(expect: &Expect) -> bool {
        expect.within.is_some() || expect.not_before.is_some()
    }
}
