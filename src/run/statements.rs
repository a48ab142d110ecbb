//! What people are asked to confirm: the looks of `attestation` alone, which read one file and wait for nobody.

use super::reach;
use crate::plan::{Plan, PlanItem};
use anyhow::Context as _;
use gonogo_checks::{
    attestation::Evidence,
    contract::{Context, Vault},
};
use serde::Deserialize as _;
use serde_json::Value;

/// What the file says of each item's statement now: as it is stored, and read.
///
/// # Errors
/// A file that cannot be read, or `network:` that names one.
pub fn statements(plan: &Plan, items: &[&PlanItem]) -> anyhow::Result<Vec<(Value, Evidence)>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let reach = reach(plan, Vault::default(), plan.limits.per_host, false)?;
    let look = |item: &&PlanItem| {
        let cx = Context::new(reach.clone(), &item.id, 0);
        let seen = runtime.block_on(item.item.observe(&cx))?;
        let read = Evidence::deserialize(&seen)?;
        Ok((seen, read))
    };
    items.iter().map(look).collect()
}
