//! `on-call`: is somebody there to be woken, at every level, for the whole of the window?
//!
//! It reads the shifts as `PagerDuty` or incident.io computes them, overrides and all, and does the arithmetic of their gaps itself:
//! a schedule says who is on call, and never that nobody is. Whether a page arrives is no matter of schedules, and not looked at.

mod coverage;
mod evidence;
mod judge;
mod observe;
mod settings;
mod words;

pub use evidence::{Evidence, Level, Person, Shift};
pub use settings::{Expect, IncidentIo, Pagerduty, Settings};

use crate::contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};
use settings::Target;

const NOBODY: Code = Code::fail("nobody-on-call", "at some time in the window nobody is on call at a level");
const NO_ROTA: Code = Code::fail("no-such-rota", "the escalation policy or schedule is not there");
const OTHER: Code = Code::fail("other-person-on-call", "somebody else is on call than those who should be");
const AWAY: Code = Code::fail("person-not-on-call", "somebody who should be on call for the whole window is not");
const UNTOLD: Code =
    Code::fail("person-not-notified", "somebody is on call who has nothing set up by which to be told");
const ONE_FOR_TWO: Code =
    Code::warn("one-person-for-two-levels", "the same person is on call at two levels: nobody stands behind them");
const HANDOVER: Code = Code::warn("handover-in-window", "whoever is on call changes within the window");
const BEYOND: Code =
    Code::unknown("window-beyond-shifts", "the window lies beyond the time of which the shifts were asked for");

/// The probe.
pub struct OnCall {
    target: Target,
}

impl Probe for OnCall {
    const KIND: &'static str = "on-call";
    const CODES: &'static [Code] = &[NOBODY, NO_ROTA, OTHER, AWAY, UNTOLD, ONE_FOR_TWO, HANDOVER, BEYOND];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Target::new(settings, place).map(|target| Self { target })
    }

    fn access(&self) -> Vec<Access> {
        self.target.access()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(&self.target, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        words::working(expect, evidence, window)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<Moment> {
        words::moments(evidence)
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
