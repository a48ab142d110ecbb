//! The TLS clients of a run, one for each way of trusting: reading certificates is done once, not for each connection.

use crate::{
    clients::{
        Reach,
        trust::{Trust, believed, tls_client_of},
    },
    contract::Unobserved,
};
use rustls::{ClientConfig, RootCertStore};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What is believed under one `trust:`, and the client that believes it.
pub(crate) struct Trusted {
    pub(in crate::clients) store: Arc<RootCertStore>,
    pub(in crate::clients) client: ClientConfig,
}

/// The TLS clients of one run.
#[derive(Default)]
pub(crate) struct Trusts {
    made: Mutex<HashMap<Trust, Arc<Trusted>>>,
}

impl Reach {
    /// What is believed under `trust`; made when it is first asked for.
    pub(in crate::clients) fn trusted(&self, trust: &Trust) -> Result<Arc<Trusted>, Unobserved> {
        let mut made = self.trusts.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(trust) {
            return Ok(known.clone());
        }
        let store = believed(self.network.roots(), trust, &self.base)?;
        let client = tls_client_of(store.clone(), trust, &self.base)?;
        let fresh = Arc::new(Trusted { store, client });
        made.insert(trust.clone(), fresh.clone());
        Ok(fresh)
    }
}
