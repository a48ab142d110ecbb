//! What a probe may reach while it looks.

use super::{Secret, Unobserved, Why};
use crate::clients::{Looks, Network, Reach, looks::Trace};
use jiff::Timestamp;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use secrecy::SecretString;
use std::sync::{Arc, Mutex, PoisonError};

/// One item's view of the run: its clients, its secrets, its random labels.
#[derive(Clone)]
pub struct Context {
    reach: Arc<Reach>,
    trace: Arc<Trace>,
    labels: Arc<Mutex<StdRng>>,
}

impl Context {
    /// The context of the item `id`: its labels follow from the run's seed and its id, so a run can be repeated.
    #[must_use]
    pub fn new(reach: Arc<Reach>, id: &str, seed: u64) -> Self {
        let mut key = [0; 32];
        let digest = <sha2::Sha256 as sha2::Digest>::digest([&seed.to_le_bytes(), id.as_bytes()].concat());
        key.copy_from_slice(&digest);
        Self { reach, trace: Arc::default(), labels: Arc::new(Mutex::new(StdRng::from_seed(key))) }
    }

    /// What all items of the run share.
    #[must_use]
    pub const fn reach(&self) -> &Arc<Reach> {
        &self.reach
    }

    /// The looks that were made in this run.
    #[must_use]
    pub fn looks(&self) -> &Looks {
        &self.reach.looks
    }

    /// Where names and addresses lead.
    #[must_use]
    pub fn network(&self) -> &Arc<Network> {
        &self.reach.network
    }

    /// How often this item had to ask, and how long it waited for its turn.
    #[must_use]
    pub const fn trace(&self) -> &Arc<Trace> {
        &self.trace
    }

    /// The time now, by this machine's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// A fresh DNS label: 20 lower-case letters and digits, the first a letter.
    #[must_use]
    pub fn label(&self) -> String {
        const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let mut random = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        let mut letter = |within: usize| char::from(ALPHABET[random.random_range(0..within)]);
        std::iter::once(letter(26)).chain((1..20).map(|_| letter(36))).collect()
    }

    /// Lets a look go on that costs money: `what` is asked, and what for is paid. To be called before each such request,
    /// and its right to be named as `Access::new("cost", …)`.
    ///
    /// # Errors
    /// The user has not allowed it: [`Why::Withheld`], which is `unknown`.
    pub fn spend(&self, what: &str) -> Result<(), Unobserved> {
        if self.reach.may_cost {
            return Ok(());
        }
        Err(Unobserved::new(Why::Withheld, what, "this costs money, and --allow-cost was not given"))
    }

    /// The value of a secret that the plan knows of.
    ///
    /// # Errors
    /// The secret was not read for this run.
    pub fn reveal(&self, secret: &Secret) -> Result<SecretString, Unobserved> {
        self.reach.vault.open(secret).cloned().ok_or_else(|| {
            Unobserved::new(Why::Unconfigured, secret.source().to_string(), "the secret was not read for this run")
        })
    }
}
