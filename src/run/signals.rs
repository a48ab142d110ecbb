//! SIGINT and SIGTERM, as numbers.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end a run.
pub struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl Signals {
    /// Listens from now on. A signal that cannot be listened to keeps its usual effect.
    #[must_use]
    pub fn listen() -> Self {
        Self { interrupt: signal(SignalKind::interrupt()).ok(), terminate: signal(SignalKind::terminate()).ok() }
    }

    /// The next signal's exit code; never returns where neither can be listened to.
    pub async fn next(&mut self) -> u8 {
        tokio::select! {
            () = came(&mut self.interrupt) => crate::exit::INTERRUPTED,
            () = came(&mut self.terminate) => crate::exit::TERMINATED,
        }
    }
}

async fn came(signal: &mut Option<Signal>) {
    let came = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if came.is_none() {
        std::future::pending::<()>().await;
    }
}
