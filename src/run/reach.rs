//! What a run's items share, made from the plan.

use crate::plan::Plan;
use gonogo_checks::{
    clients::{Network, Reach, network::NetworkError},
    contract::Vault,
};
use std::sync::Arc;

/// What the plan's items share; files are relative to the checklist's folder.
///
/// # Errors
/// `network:` names what cannot be read.
pub fn reach(plan: &Plan, vault: Vault, per_host: usize, may_cost: bool) -> Result<Arc<Reach>, NetworkError> {
    let network = Arc::new(Network::new(&plan.network, &plan.folder)?);
    Ok(Arc::new(Reach::new(network, vault, per_host, plan.folder.clone()).allowing_cost(may_cost)))
}
