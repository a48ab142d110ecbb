//! A turn at a host: how many may ask it at once, and fewer for a while when it says that it is too much.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest that a host is given fewer turns after one refusal.
const LONGEST_EASE: Duration = Duration::from_secs(30);

/// The hosts of one run.
#[derive(Clone, Default)]
pub(super) struct Hosts {
    turns: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    per_host: usize,
}

impl Hosts {
    pub(super) fn new(per_host: usize) -> Self {
        Self { turns: Arc::default(), per_host: per_host.max(1) }
    }

    /// Waits for a turn at `host`; it ends when the permit is dropped.
    pub(super) async fn turn(&self, host: &str) -> Option<OwnedSemaphorePermit> {
        self.semaphore(host).acquire_owned().await.ok()
    }

    /// Gives `host` half the turns that are free now, for `pause`; one always stays.
    pub(super) fn ease(&self, host: &str, pause: Duration) {
        let semaphore = self.semaphore(host);
        let spare = u32::try_from(semaphore.available_permits() / 2).unwrap_or(u32::MAX);
        if let Ok(held) = semaphore.try_acquire_many_owned(spare) {
            tokio::spawn(async move {
                tokio::time::sleep(pause.min(LONGEST_EASE)).await;
                drop(held);
            });
        }
    }

    fn semaphore(&self, host: &str) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(semaphore) = turns.get(host) {
            return semaphore.clone();
        }
        let semaphore = Arc::new(Semaphore::new(self.per_host));
        turns.insert(host.to_owned(), semaphore.clone());
        semaphore
    }
}
