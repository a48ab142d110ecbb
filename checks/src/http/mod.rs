//! `http`: asks one URL, and says whether the answer and the certificates that clients will meet are the right ones.
//!
//! It never changes the world: it asks by GET, HEAD or OPTIONS. The certificate is looked at apart from the request, at
//! every address of the host, because a client that refuses a certificate cannot say what is wrong with it, and one
//! request meets one of the addresses.

mod answer;
mod body;
mod certificate;
mod doors;
mod evidence;
mod expect;
mod header;
mod judge;
mod look;
mod settings;
mod status;

pub(crate) use answer::Flaw;
pub(crate) use body::BodyBar;
pub(crate) use evidence::Answer;
pub(crate) use header::HeaderBar;
pub(crate) use status::Statuses;

use crate::contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};
pub use evidence::Evidence;
pub use expect::Expect;
pub use settings::Settings;
use settings::Target;

const WRONG_STATUS: Code = Code::fail("wrong-status", "the server answers with another status than it should");
const WRONG_HEADER: Code = Code::fail("wrong-header", "a header of the answer is not what it should be");
const WRONG_BODY: Code = Code::fail("wrong-body", "the body is not what it should be: perhaps something else answers");
const WRONG_REDIRECT: Code = Code::fail("wrong-redirect", "whoever asks is sent somewhere else than they should be");
const TOO_SLOW: Code = Code::fail("too-slow", "the answer takes too long");
const TOO_FEW_GOOD: Code = Code::fail("too-few-good", "too few of the samples were good: some replicas are not");
const NO_CERTIFICATE: Code = Code::fail("no-certificate", "the URL is plain http, and a certificate was expected");
const CERTIFICATE_EXPIRED: Code = Code::fail("certificate-expired", "clients refuse the certificate: it has ended");
const CERTIFICATE_NOT_YET_VALID: Code =
    Code::fail("certificate-not-yet-valid", "clients refuse the certificate: it has not begun");
const CERTIFICATE_ENDS_EARLY: Code =
    Code::fail("certificate-ends-early", "the certificate ends before the event is over, or too soon after it");
pub(crate) const CERTIFICATE_WRONG_NAME: Code =
    Code::fail("certificate-wrong-name", "the certificate is not for a name that clients will ask for");
pub(crate) const CERTIFICATE_UNTRUSTED: Code = Code::fail(
    "certificate-untrusted",
    "clients refuse the certificate: no authority that they trust stands behind it",
);

/// The probe.
pub struct Http {
    target: Target,
}

impl Probe for Http {
    const KIND: &'static str = "http";
    const CODES: &'static [Code] = &[
        WRONG_STATUS,
        WRONG_HEADER,
        WRONG_BODY,
        WRONG_REDIRECT,
        TOO_SLOW,
        TOO_FEW_GOOD,
        NO_CERTIFICATE,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_NOT_YET_VALID,
        CERTIFICATE_ENDS_EARLY,
        CERTIFICATE_WRONG_NAME,
        CERTIFICATE_UNTRUSTED,
    ];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Target::new(&settings, place).map(|target| Self { target })
    }

    fn access(&self) -> Vec<Access> {
        self.target.access()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        look::look(&self.target, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<Moment> {
        certificate::moments(evidence)
    }

    /// A certificate's dates are always judged.
    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
