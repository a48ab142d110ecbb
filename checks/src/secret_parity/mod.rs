//! Secret parity: one secret value at its source and in every namespace and cluster that copies it.
//!
//! A relation: three copies that are equally old are one broken copier, not three failures. Values are compared by a
//! fingerprint under a key that lives in this process alone; evidence says which places hold the same value, by number, and
//! nothing that a value could be guessed from: a plain hash was rejected, since it can be tried against a list of guesses.

mod code;
mod evidence;
mod fingerprint;
mod judge;
mod observe;
mod origin;
mod settings;
mod told;

pub use evidence::{Evidence, Held, Likeness, Seen, Value};
pub use origin::Origin;
pub use settings::{AwsSecret, Copied, Expect, KubernetesSecret, Settings, Source};

use crate::contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};
use origin::Look;

/// One secret's source and its copies, ready to be looked at.
pub struct SecretParity {
    source: Look,
    copies: Vec<Look>,
}

impl Probe for SecretParity {
    const KIND: &'static str = "secret-parity";
    const CODES: &'static [Code] = code::ALL;
    const RELATION: bool = true;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let (source, copies) = settings.looks(place)?;
        Ok(Self { source, copies })
    }

    fn access(&self) -> Vec<Access> {
        let mut all: Vec<Access> = std::iter::once(&self.source).chain(&self.copies).flat_map(Look::access).collect();
        all.sort();
        all.dedup();
        all
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(observe::observe(&self.source, &self.copies, cx).await)
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(_: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        told::working(evidence, window)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<Moment> {
        told::moments(evidence)
    }
}
