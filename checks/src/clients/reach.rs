//! What all items of a run share: the looks, the network, the clocks, the secrets, the HTTP and TLS clients.

use super::{Looks, Network, clocks::Clocks, http::Clients, program::Groups, tls::Trusts};
use crate::contract::Vault;
use std::{path::PathBuf, sync::Arc};

/// What all items of a run share.
pub struct Reach {
    /// The looks that were made.
    pub looks: Looks,
    /// Where names and addresses lead.
    pub network: Arc<Network>,
    /// What time the servers think it is.
    pub clocks: Clocks,
    /// The secrets of the selected items.
    pub vault: Vault,
    /// The folder that the checklist's files are relative to.
    pub base: PathBuf,
    /// The programs that run at this moment.
    pub programs: Groups,
    /// True where the user has allowed looks that cost money.
    pub may_cost: bool,
    pub(crate) http: Clients,
    pub(crate) trusts: Trusts,
}

impl Reach {
    /// A run's reach, before its first look.
    #[must_use]
    pub fn new(network: Arc<Network>, vault: Vault, per_host: usize, base: PathBuf) -> Self {
        Self {
            looks: Looks::new(per_host),
            network,
            clocks: Clocks::default(),
            vault,
            base,
            programs: Groups::default(),
            may_cost: false,
            http: Clients::default(),
            trusts: Trusts::default(),
        }
    }

    /// The same, with looks that cost money allowed.
    #[must_use]
    pub fn allowing_cost(mut self, may_cost: bool) -> Self {
        self.may_cost = may_cost;
        self
    }
}
