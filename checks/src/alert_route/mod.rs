//! `alert-route`: would this alert reach somebody?
//!
//! The routes are read from the Alertmanager's own configuration and walked as it walks them, with the labels that production
//! sends: a test alert has others, and may go elsewhere. Sending one was rejected here: a 200 says that it was stored. Whether a rule
//! would raise it at all is `prometheus`'; silences of everything are `schedule-window`'s.

mod codes;
mod config;
mod evidence;
mod expect;
mod interval;
mod judge;
mod matcher;
mod observe;
mod route;
mod settings;

pub use evidence::{Evidence, Inhibit, Manager, Set};
pub use expect::{Expect, Inhibition};
pub use interval::Interval;
pub use route::Route;
pub use settings::Settings;

use crate::{
    clients::connections::Endpoint,
    contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window},
};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The probe, ready to look.
pub struct AlertRoute {
    managers: Vec<Endpoint>,
    alerts: IndexMap<String, BTreeMap<String, String>>,
}

impl Probe for AlertRoute {
    const KIND: &'static str = "alert-route";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        settings.check()?;
        Ok(Self { managers: settings.managers(place)?, alerts: settings.alerts })
    }

    fn access(&self) -> Vec<Access> {
        vec![Access::new("alertmanager", "read /api/v2/status and /api/v2/silences")]
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(_expect: &Expect, evidence: &Evidence, _window: &Window) -> Vec<String> {
        judge::working(evidence)
    }

    fn moments(evidence: &Evidence, _window: &Window) -> Vec<Moment> {
        judge::moments(evidence)
    }

    /// Silences and intervals are compared with the window.
    fn reads_clock(_expect: &Expect) -> bool {
        true
    }
}
