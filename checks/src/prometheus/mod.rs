//! `prometheus`: is what people will look at measured, and would the alerts that were agreed fire?
//!
//! Queries with what must hold of their series, and alerting rules with what they read. A series that is not there and a rule over
//! a metric that does not exist look like calm; so every selector is asked for its newest sample. How full disks are is
//! `storage-headroom`'s; where an alert goes is `alert-route`'s. Asking `/api/v1/targets` was rejected: Amazon's has none, and a
//! target that vanished is not `down` there either; count `up` by its job.

mod codes;
mod delay;
mod evidence;
mod expect;
mod judge;
mod observe;
mod promql;
mod settings;
mod threshold;

pub use evidence::{Evidence, Found, Input, Newest, Query, Rules, Sample};
pub use expect::{Agreed, Expect, Firing, OfAll, OfEach};
pub use promql::{Comparison, Is, Reads};
pub use settings::{Amp, By, Range, Settings};
pub use threshold::{Threshold, Thresholds};

use crate::{
    clients::prometheus::Server,
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};
use indexmap::IndexMap;

/// The probe, ready to look.
pub struct Prometheus {
    server: Server,
    queries: IndexMap<String, String>,
    range: Option<Range>,
    rules: Vec<String>,
    by: Option<By>,
}

impl Probe for Prometheus {
    const KIND: &'static str = "prometheus";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        settings.check()?;
        let (server, by) = (settings.server(place)?, settings.by(place)?);
        let Settings { queries, range, rules, .. } = settings;
        Ok(Self { server, queries, range, rules, by })
    }

    fn access(&self) -> Vec<Access> {
        self.server.access(!self.rules.is_empty())
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        judge::working(expect, evidence, window)
    }

    /// When a sample was taken and a rule evaluated is compared with when it was asked.
    fn reads_clock(_expect: &Expect) -> bool {
        true
    }
}
