//! `schedule-window`: does anything fire by itself while people work?
//!
//! One module a source gives its own evidence: `CronJobs`, keys that a gateway replaces, certificates, copied secrets, nodes
//! that expire, silences. Sources are not mixed in one check: each has an owner and a bar of its own. What a cluster's
//! schedules do is reckoned here, as their controllers reckon it; asking the controller when it fires next was rejected:
//! it tells one time, and not those within the window.

mod certificates;
pub(crate) mod codes;
mod cron;
mod cronjobs;
mod expect;
mod external_secrets;
mod glob;
mod litellm;
mod nodes;
mod objects;
mod settings;
mod silences;
mod words;

pub use certificates::{Certificate, Evidence as Certificates};
pub use cronjobs::{CronJob, Evidence as CronJobs};
pub use expect::{Expect, Refresh};
pub use external_secrets::{Evidence as ExternalSecrets, ExternalSecret};
pub use glob::Glob;
pub use litellm::{Evidence as Litellm, Key};
pub use nodes::{Budget, Claim, Evidence as Nodes, Pool, Standing};
pub use objects::{Empty, Look};
pub use settings::Settings;
pub use silences::Evidence as Silences;

use crate::contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};
use serde::{Deserialize, Serialize};

/// The probe.
pub struct ScheduleWindow(Looking);

/// Each source with all that it needs.
enum Looking {
    Cronjobs(cronjobs::Looking),
    Litellm(litellm::Looking),
    Certificates(certificates::Looking),
    ExternalSecrets(external_secrets::Looking),
    Nodes(nodes::Looking),
    Silences(silences::Looking),
}

/// What was seen of the one source.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// `CronJobs`.
    Cronjobs(CronJobs),
    /// Keys that a gateway replaces.
    Litellm(Litellm),
    /// Certificates.
    Certificates(Certificates),
    /// Copied secrets.
    ExternalSecrets(ExternalSecrets),
    /// Nodes.
    Nodes(Nodes),
    /// Silences.
    Silences(Silences),
}

impl Probe for ScheduleWindow {
    const KIND: &'static str = "schedule-window";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Ok(Self(match settings {
            Settings::Cronjobs(which) => Looking::Cronjobs(cronjobs::Looking::new(which, place)?),
            Settings::Litellm(which) => Looking::Litellm(litellm::Looking::new(&which, place)?),
            Settings::Certificates(which) => Looking::Certificates(certificates::Looking::new(which, place)?),
            Settings::ExternalSecrets(which) => Looking::ExternalSecrets(external_secrets::Looking::new(which, place)?),
            Settings::Nodes(which) => Looking::Nodes(nodes::Looking::new(which, place)?),
            Settings::Silences(which) => Looking::Silences(silences::Looking::new(which, place)?),
        }))
    }

    fn access(&self) -> Vec<Access> {
        match &self.0 {
            Looking::Cronjobs(looking) => looking.access(),
            Looking::Litellm(_) => litellm::Looking::access(),
            Looking::Certificates(looking) => looking.access(),
            Looking::ExternalSecrets(looking) => looking.access(),
            Looking::Nodes(_) => nodes::Looking::access(),
            Looking::Silences(_) => silences::Looking::access(),
        }
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(match &self.0 {
            Looking::Cronjobs(looking) => Evidence::Cronjobs(looking.observe(cx).await?),
            Looking::Litellm(looking) => Evidence::Litellm(looking.observe(cx).await?),
            Looking::Certificates(looking) => Evidence::Certificates(looking.observe(cx).await?),
            Looking::ExternalSecrets(looking) => Evidence::ExternalSecrets(looking.observe(cx).await?),
            Looking::Nodes(looking) => Evidence::Nodes(looking.observe(cx).await?),
            Looking::Silences(looking) => Evidence::Silences(looking.observe(cx).await?),
        })
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        match evidence {
            Evidence::Cronjobs(evidence) => cronjobs::judge(expect, evidence, window),
            Evidence::Litellm(evidence) => litellm::judge(expect, evidence, window),
            Evidence::Certificates(evidence) => certificates::judge(expect, evidence, window),
            Evidence::ExternalSecrets(evidence) => external_secrets::judge(expect, evidence, window),
            Evidence::Nodes(evidence) => nodes::judge(expect, evidence, window),
            Evidence::Silences(evidence) => silences::judge(expect, evidence, window),
        }
    }

    fn working(_: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        match evidence {
            Evidence::Cronjobs(evidence) => cronjobs::working(evidence, window),
            Evidence::Litellm(evidence) => litellm::working(evidence, window),
            Evidence::Certificates(evidence) => certificates::working(evidence, window),
            Evidence::ExternalSecrets(evidence) => external_secrets::working(evidence, window),
            Evidence::Nodes(evidence) => nodes::working(evidence, window),
            Evidence::Silences(evidence) => silences::working(evidence, window),
        }
    }

    fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
        let all = match evidence {
            Evidence::Cronjobs(evidence) => cronjobs::moments(evidence, window),
            Evidence::Litellm(evidence) => litellm::moments(evidence, window),
            Evidence::Certificates(evidence) => certificates::moments(evidence, window),
            Evidence::ExternalSecrets(evidence) => external_secrets::moments(evidence, window),
            Evidence::Nodes(evidence) => nodes::moments(evidence),
            Evidence::Silences(evidence) => silences::moments(evidence),
        };
        words::nearest(all, window)
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
