//! This machine's own resolvers: those that `network:` names, else those of its configuration.

use crate::{
    clients::looks,
    contract::{Context, Remedy, Unobserved, Why},
};
use hickory_resolver::system_conf::read_system_conf;
use std::{net::SocketAddr, sync::Arc, time::Duration};

const CONFIGURATION: &str = "this machine's resolvers";

impl Context {
    /// The recursive resolvers that this machine asks, in their order; never empty.
    ///
    /// # Errors
    /// The machine's configuration cannot be read or names none.
    pub async fn resolvers(&self) -> Result<Arc<Vec<SocketAddr>>, Unobserved> {
        if !self.network().resolvers().is_empty() {
            return Ok(Arc::new(self.network().resolvers().to_vec()));
        }
        let question = looks::Question {
            host: CONFIGURATION.to_owned(),
            key: CONFIGURATION.to_owned(),
            asked: CONFIGURATION.to_owned(),
            limit: Duration::from_secs(5),
        };
        self.looks().once(self.trace(), question, || async { configured() }).await
    }
}

fn configured() -> Result<Vec<SocketAddr>, Unobserved> {
    let missing = |detail: &dyn std::fmt::Display| {
        Unobserved::new(Why::Unconfigured, CONFIGURATION, detail)
            .by_hand(Remedy::prose("name resolvers in the checklist: `network: { resolvers: [192.0.2.53] }`"))
    };
    let (config, _) = read_system_conf().map_err(|error| missing(&error))?;
    let mut found: Vec<SocketAddr> = Vec::new();
    for server in config.name_servers() {
        let port = server.connections.first().map_or(53, |connection| connection.port);
        let address = SocketAddr::new(server.ip, port);
        if !found.contains(&address) {
            found.push(address);
        }
    }
    if found.is_empty() { Err(missing(&"its configuration names none")) } else { Ok(found) }
}
