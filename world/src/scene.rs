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
    /// The host or the cluster; for DNS the server's address.
    pub instance: String,
    /// The method; for DNS the record type.
    pub method: String,
    /// The name in the `Host` header; for DNS the name asked.
    pub host: String,
    /// Path and query as sent; for a protocol that names its operations elsewhere (those of Amazon) the name follows after a `#`.
    pub path: String,
    /// The body's text.
    pub body: String,
    /// The status; `None` while there is no answer, or when there will be none. For DNS the response code.
    pub status: Option<u16>,
}

impl Asked {
    pub(crate) fn new(stand: &Stand, request: &Request) -> Self {
        let operation = operation(request).filter(|_| matches!(stand.system, System::Ecr | System::Aws));
        Self {
            system: stand.system,
            instance: stand.instance.clone(),
            method: request.method.to_string(),
            host: request.host.clone(),
            path: match operation {
                Some(operation) => format!("{}#{operation}", request.target()),
                None => request.target(),
            },
            body: String::from_utf8_lossy(&request.body).into_owned(),
            status: None,
        }
    }

    /// What a rule's path is looked for in.
    pub(crate) fn place(&self) -> String {
        format!("{}{}", self.host, self.path)
    }
}

fn operation(request: &Request) -> Option<String> {
    if let Some(target) = request.header("x-amz-target") {
        return target.rsplit('.').next().map(str::to_owned);
    }
    let mut form = url::form_urlencoded::parse(&request.body);
    form.find(|(name, _)| name == "Action").map(|(_, action)| action.into_owned())
}

/// The requests that were seen, numbered from the first.
#[derive(Debug, Default)]
struct Log {
    forgotten: usize,
    kept: VecDeque<Asked>,
}

/// The shared part of a world.
#[derive(Debug)]
pub(crate) struct Scene {
    state: Mutex<State>,
    pub(crate) faults: Faults,
    pub(crate) ca: Ca,
    pub(crate) over: CancellationToken,
    log: Mutex<Log>,
    begun: Instant,
}

impl Scene {
    pub(crate) fn new(state: State, ca: Ca) -> Self {
        Self {
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

    /// The world's time: `State::now`, and what has passed since the world was started. Locks the state.
    pub(crate) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.begun.elapsed()).unwrap_or(SignedDuration::ZERO);
        let began = self.state().now;
        began.checked_add(passed).unwrap_or(Timestamp::MAX)
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

    /// Remembers a request, and gives its number.
    pub(crate) fn note(&self, asked: Asked) -> usize {
        let mut log = self.log();
        if log.kept.len() == REMEMBERED {
            log.kept.pop_front();
            log.forgotten += 1;
        }
        log.kept.push_back(asked);
        log.forgotten + log.kept.len() - 1
    }

    /// Says what became of a request.
    pub(crate) fn answered(&self, number: usize, status: StatusCode) {
        let mut log = self.log();
        let place = number.checked_sub(log.forgotten);
        if let Some(asked) = place.and_then(|place| log.kept.get_mut(place)) {
            asked.status = Some(status.as_u16());
        }
    }

    pub(crate) fn requests(&self) -> Vec<Asked> {
        self.log().kept.iter().cloned().collect()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
