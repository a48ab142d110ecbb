//! `endpoint-chain`: does a name resolve, its port accept, TLS hold and the service answer, link by link and every time?
//!
//! The first broken link is the finding, so that who is called at night knows where to begin. Asking by HTTP alone was rejected:
//! it says "unreachable" of a name that is not there yet, a port that refuses and a certificate of somebody else.

mod aims;
mod evidence;
mod expect;
mod here;
mod inside;
mod judge;
mod names;
mod settings;

pub use evidence::{Asked, Door, Endpoints, Evidence, Inside, Name, Passed, Service, Try};
pub use expect::Expect;
pub use settings::{Settings, Via};

use crate::contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};
use aims::Aim;

const UNRESOLVED: Code =
    Code::fail("name-unresolved", "the name leads nowhere: there is no such name, no address, or no such Service");
const NOT_IN_DNS: Code =
    Code::warn("name-not-in-dns", "the name resolves on this machine alone: by a hosts file or a search list");
const REWRITES: Code = Code::unknown(
    "resolver-rewrites",
    "the resolver gives the name the address that it gives to names that do not exist",
);
const WRONG_ADDRESS: Code =
    Code::fail("wrong-address", "the name leads to the asker's own machine or to no place at all");
const REFUSED: Code = Code::fail("port-refused", "nothing listens at the port");
const SILENT: Code =
    Code::unknown("port-silent", "the port says nothing: the host is down, or something drops packets");
const NO_PORT: Code = Code::fail("no-such-port", "the Service has no such port");
const NO_ENDPOINTS: Code = Code::fail("no-ready-endpoints", "the Service is there, and no ready pod stands behind it");
const TLS_BROKEN: Code = Code::fail("tls-broken", "the port accepts, and no client gets through its TLS");
const TLS_ENDS: Code = Code::fail("tls-ends-early", "the certificate ends before the event is over");
const NO_ANSWER: Code = Code::fail("no-answer", "the connection stands, and the service gives no whole answer");
const WRONG_ANSWER: Code =
    Code::fail("wrong-answer", "something answers, but not as the service should: perhaps it is something else");
const FLAPPING: Code = Code::fail("flapping", "the chain holds in some of the tries and breaks in others");

/// The probe, ready to look.
pub struct EndpointChain {
    aim: Aim,
}

impl Probe for EndpointChain {
    const KIND: &'static str = "endpoint-chain";
    const CODES: &'static [Code] = &[
        UNRESOLVED,
        NOT_IN_DNS,
        REWRITES,
        WRONG_ADDRESS,
        REFUSED,
        SILENT,
        NO_PORT,
        NO_ENDPOINTS,
        TLS_BROKEN,
        TLS_ENDS,
        NO_ANSWER,
        WRONG_ANSWER,
        FLAPPING,
    ];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Aim::new(&settings, place).map(|aim| Self { aim })
    }

    fn access(&self) -> Vec<Access> {
        self.aim.access()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        match &self.aim {
            Aim::Here(aim) => here::observe(aim, cx).await,
            Aim::Inside(aim) => inside::observe(aim, cx).await,
        }
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(_: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        judge::working(evidence, window)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<Moment> {
        judge::moments(evidence)
    }

    /// A certificate's dates are judged.
    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
