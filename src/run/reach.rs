//! What a run's items share, made from the plan.

use crate::plan::Plan;
use gonogo_checks::{
    clients::{Network, Reach, network::NetworkError},
    contract::Vault,
};
use std::{path::Path, sync::Arc};

/// What the plan's items share; files are relative to `base`, the checklist's folder.
///
/// # Errors
/// `network:` names what cannot be read.
pub fn reach(plan: &Plan, vault: Vault, per_host: usize, base: &Path) -> Result<Arc<Reach>, NetworkError> {
    let network = Arc::new(Network::new(&plan.network, base)?);
    Ok(Arc::new(Reach::new(network, vault, per_host, base.to_owned())))
}
