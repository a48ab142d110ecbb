//! `llm-gateway`: does the gateway to the models carry the crowd: database, models, budget, rates, and the loss of a provider?
//!
//! LiteLLM or Coder's AI Bridge. What is declared of providers stands in `expect`: no health endpoint tells how much of a
//! model's capacity each of them gives. LiteLLM's `/health`, which calls every model, was rejected; a call of one token a
//! model is made only where it is asked for and `--allow-cost` is given.

mod bridge;
mod budget;
mod calls;
mod codes;
mod evidence;
mod judge;
mod litellm;
mod models;
mod providers;
mod rates;
mod ready;
mod settings;
mod unlooked;

pub use evidence::{Bridge, Call, Door, Evidence, Gateway, Key, Litellm, Refused, Served};
pub use settings::{Amount, BridgeGateway, Calls, Each, Expect, KeyOf, LitellmGateway, Settings};

use crate::contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window};

/// The probe.
pub struct LlmGateway(Looking);

/// Each source with all that it needs.
enum Looking {
    Litellm(Box<litellm::Looking>),
    AiBridge(Box<bridge::Looking>),
}

impl Probe for LlmGateway {
    const KIND: &'static str = "llm-gateway";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Ok(Self(match settings {
            Settings::Litellm(with) => Looking::Litellm(Box::new(litellm::Looking::new(with, place)?)),
            Settings::AiBridge(with) => Looking::AiBridge(Box::new(bridge::Looking::new(with, place)?)),
        }))
    }

    fn access(&self) -> Vec<Access> {
        match &self.0 {
            Looking::Litellm(looking) => looking.access(),
            Looking::AiBridge(looking) => looking.access(),
        }
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let evidence = match &self.0 {
            Looking::Litellm(looking) => looking.observe(cx).await?,
            Looking::AiBridge(looking) => looking.observe(cx).await?,
        };
        evidence.unless_blind()
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        judge::working(expect, evidence, window)
    }

    // Whether a key is looked at, and so whether its end is, stands in `with`.
    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
