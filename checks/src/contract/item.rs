//! A probe with its settings and its bar, its types forgotten: what the runner holds.

use super::{Access, Context, Finding, Moment, Probe, Unobserved, Why, Window};
use serde::Deserialize as _;
use serde_json::Value;
use std::{future::Future, pin::Pin};

/// The most moments that are kept of an item.
const MOST_MOMENTS: usize = 200;

/// A look that is under way.
pub type Look<'a> = Pin<Box<dyn Future<Output = Result<Value, Unobserved>> + Send + 'a>>;

/// One look and its judgement.
pub trait Item: Send + Sync {
    /// The least rights that observing needs.
    fn access(&self) -> Vec<Access>;

    /// Looks; the evidence as it will be stored, before secrets are searched for.
    fn observe<'a>(&'a self, cx: &'a Context) -> Look<'a>;

    /// Judges stored evidence.
    ///
    /// # Errors
    /// The evidence does not read as this probe's.
    fn judge(&self, evidence: &Value, window: &Window) -> Result<Vec<Finding>, serde_json::Error>;

    /// The arithmetic behind that judgement, line by line.
    ///
    /// # Errors
    /// The evidence does not read as this probe's.
    fn working(&self, evidence: &Value, window: &Window) -> Result<Vec<String>, serde_json::Error>;

    /// The moments that stored evidence tells of.
    ///
    /// # Errors
    /// The evidence does not read as this probe's.
    fn moments(&self, evidence: &Value, window: &Window) -> Result<Vec<Moment>, serde_json::Error>;

    /// True if and only if judging compares times.
    fn reads_clock(&self) -> bool;
}

pub(super) struct Ready<P: Probe> {
    pub(super) probe: P,
    pub(super) expect: P::Expect,
}

impl<P: Probe> Item for Ready<P> {
    fn access(&self) -> Vec<Access> {
        self.probe.access()
    }

    fn observe<'a>(&'a self, cx: &'a Context) -> Look<'a> {
        Box::pin(async move {
            let seen = self.probe.observe(cx).await?;
            serde_json::to_value(seen).map_err(|error| Unobserved::new(Why::Malformed, P::KIND, error))
        })
    }

    fn judge(&self, evidence: &Value, window: &Window) -> Result<Vec<Finding>, serde_json::Error> {
        let findings = P::judge(&self.expect, &P::Evidence::deserialize(evidence)?, window);
        debug_assert!(
            findings.iter().all(|finding| super::kind::lists::<P>(finding.code)),
            "{} raised a code that it does not list: {findings:?}",
            P::KIND
        );
        Ok(findings)
    }

    fn working(&self, evidence: &Value, window: &Window) -> Result<Vec<String>, serde_json::Error> {
        Ok(P::working(&self.expect, &P::Evidence::deserialize(evidence)?, window))
    }

    fn moments(&self, evidence: &Value, window: &Window) -> Result<Vec<Moment>, serde_json::Error> {
        let mut moments = P::moments(&P::Evidence::deserialize(evidence)?, window);
        if moments.len() > MOST_MOMENTS {
            moments.sort_by_key(|moment| moment.at.duration_since(window.starts).unsigned_abs());
            moments.truncate(MOST_MOMENTS);
        }
        Ok(moments)
    }

    fn reads_clock(&self) -> bool {
        P::reads_clock(&self.expect)
    }
}
