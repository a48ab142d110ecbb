//! What all servers of one world share: the state, the faults, the authority, the clock, the log, and the end.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use http::{HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::ca::Ca;
use crate::fault::{Faults, System};
use crate::serve::{Request, Stand};
use crate::state::State;

const REMEMBERED: usize = 100_000;

/// One request that was seen. Of a certificate refused or a connection hung there is no request, and no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The system.
    pub system: System,
    /// The host or the cluster.
    pub instance: String,
    /// The method; for DNS the record type.
    pub method: String,
    /// The name in the `Host` header; for DNS the name asked.
    pub host: String,
    /// Path and query as sent; for a protocol that names its operations in a header or the body (ECR, STS) that name follows after a `#`.
    pub path: String,
    /// The status; `None` when the connection was closed, reset or left hanging on purpose.
    pub status: Option<u16>,
}

impl Asked {
    pub(crate) fn new(stand: &Stand, request: &Request) -> Self {
        let operation = request.header("x-amz-target");
        let operation = operation
            .as_deref()
            .and_then(|target| target.rsplit('.').next());
        Self {
            system: stand.system,
            instance: stand.instance.clone(),
            method: request.method.to_string(),
            host: request.host.clone(),
            path: match operation {
                Some(operation) => format!("{}#{operation}", request.target()),
                None => request.target(),
            },
            status: None,
        }
    }

    pub(crate) fn answered(mut self, status: StatusCode) -> Self {
        self.status = Some(status.as_u16());
        self
    }
}

/// The shared part of a world.
#[derive(Debug)]
pub(crate) struct Scene {
    state: Mutex<State>,
    pub(crate) faults: Faults,
    pub(crate) ca: Ca,
    pub(crate) over: CancellationToken,
    log: Mutex<VecDeque<Asked>>,
    begun: Instant,
    began: Timestamp,
}

impl Scene {
    pub(crate) fn new(state: State, ca: Ca) -> Self {
        Self {
            began: state.now,
            begun: Instant::now(),
            state: Mutex::new(state),
            faults: Faults::default(),
            ca,
            over: CancellationToken::new(),
            log: Mutex::default(),
        }
    }

    /// The state, locked. Never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world's time: `State::now`, and what has passed since the world was started.
    pub(crate) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.begun.elapsed()).unwrap_or(SignedDuration::ZERO);
        self.began.checked_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// The `Date` header of a world whose clocks are wrong; `None` leaves the true one.
    pub(crate) fn skewed_date(&self) -> Option<HeaderValue> {
        let skew = self.state().date_skew;
        if skew.is_zero() {
            return None;
        }
        let date = Timestamp::now().checked_add(skew).ok()?;
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        HeaderValue::from_str(&date).ok()
    }

    pub(crate) fn note(&self, asked: Asked) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == REMEMBERED {
            log.pop_front();
        }
        log.push_back(asked);
    }

    pub(crate) fn requests(&self) -> Vec<Asked> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
