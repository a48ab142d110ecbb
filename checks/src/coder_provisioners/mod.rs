//! `coder-provisioners`: can provisioners take the crowd's builds, and does anything stand in their queue?
//!
//! Coder's own list is asked, not Kubernetes': a pod that is ready may never have registered, or have registered for other
//! tags. A daemon counts by when it was last seen and by its tags, both reckoned here; `status` and `queue_position` are
//! not believed, since hidden rows say nothing and a job that nobody can take has the numbers of one that is next in line.

mod code;
mod crowd;
mod evidence;
mod judge;
mod observe;
mod queue;
mod settings;
mod tags;
mod versions;

pub use evidence::{Daemon, Daemons, Evidence, Job, Jobs, Organization, Pool};
pub use settings::{Bar, Expect, PoolSettings, Settings};

use crate::{
    clients::{
        coder::{daemons, jobs},
        connections::Endpoint,
    },
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Secret, Unobserved, Window},
};

/// The probe, ready to look.
pub struct CoderProvisioners {
    endpoint: Endpoint,
    token: Secret,
    pools: Vec<Pool>,
}

impl Probe for CoderProvisioners {
    const KIND: &'static str = "coder-provisioners";
    const CODES: &'static [Code] = code::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "coder", "connection")?;
        let token = endpoint.token().ok_or_else(|| {
            Invalid::new("connection", format!("connection `{}` has no token", endpoint.name))
                .help("add `token: { env: CODER_SESSION_TOKEN }` to it")
        })?;
        Ok(Self { endpoint, token, pools: settings.pools()? })
    }

    fn access(&self) -> Vec<Access> {
        let organizations = observe::organizations(&self.pools);
        let rights = organizations.iter().flat_map(|name| [daemons::RIGHT, jobs::RIGHT].map(|right| (name, right)));
        let who = "(Organization Template Admin)";
        let rights =
            rights.map(|(name, right)| Access::new("coder", format!("{right} in the organisation {name} {who}")));
        rights.collect()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        crowd::working(expect, evidence, window)
    }
}
