//! `coder-proxies`: is every proxy there, healthy, lately looked at, of the server's own build, under its own wildcard?
//!
//! The server's list is one opinion, each proxy's own `/api/v2/buildinfo` another, and both are read: the list keeps the version
//! with which a proxy registered, and the server compares no more than MAJOR.MINOR. `/debug/health` is not asked: it needs an
//! owner, and says of one unhealthy proxy among several that it is a warning. That a wildcard leads there is for `dns-wildcard` and `http`.

mod code;
mod evidence;
mod judge;
mod member;
mod observe;
mod settings;

pub use evidence::{Answer, Evidence, Member, Proxy, Region, Status};
pub use settings::{Expect, Named, Settings};

use crate::{
    clients::{coder::proxies, connections::Endpoint},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Secret, Unobserved, Window},
};
use url::Url;

/// A proxy that must be there.
struct Wanted {
    site: String,
    name: String,
    domain: Option<String>,
    url: Option<Url>,
}

/// The probe, ready to look.
pub struct CoderProxies {
    endpoint: Endpoint,
    token: Secret,
    wanted: Vec<Wanted>,
    samples: u8,
}

impl Probe for CoderProxies {
    const KIND: &'static str = "coder-proxies";
    const CODES: &'static [Code] = code::ALL;
    const RELATION: bool = true;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "coder", "connection")?;
        let token = endpoint.token().ok_or_else(|| {
            Invalid::new("connection", format!("connection `{}` has no token", endpoint.name))
                .help("add `token: { env: CODER_SESSION_TOKEN }` to it")
        })?;
        let samples = settings.samples()?;
        Ok(Self { endpoint, token, samples, wanted: settings.wanted(place.sites())? })
    }

    fn access(&self) -> Vec<Access> {
        vec![Access::new("coder", proxies::RIGHT)]
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence)
    }
}
