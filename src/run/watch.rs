//! One item, looked at by the probes' runtime and timed by the loop's.

use super::Looked;
use gonogo_checks::{
    clients::looks::{Trace, panic_text},
    contract::{Context, Item, Unobserved, Vault, Why},
};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::{runtime::Handle, time::Instant};
use tokio_util::task::AbortOnDropHandle;

/// The look of `item`, ended at `limit`; waiting for a turn at a host does not count.
pub(super) async fn watch(id: String, item: Arc<dyn Item>, cx: Context, limit: Duration, probes: Handle) -> Looked {
    let (begun, began_at, trace) = (Instant::now(), Timestamp::now(), cx.trace().clone());
    let vault = cx.reach().clone();
    let look = AbortOnDropHandle::new(probes.spawn(async move { item.observe(&cx).await }));
    let seen = tokio::select! {
        done = look => done.unwrap_or_else(|error| Err(broken(&id, error))),
        () = run_out(begun, limit, &trace) => Err(Unobserved::new(Why::TimedOut, &id, format_args!("not seen within {} s", limit.as_secs_f32()))),
    };
    let seen = seen.map(|mut evidence| {
        vault.vault.redact_json(&mut evidence);
        evidence
    });
    let seen = seen.map_err(|missing| redact(missing, &vault.vault));
    Looked { seen, asked_at: trace.asked_at().unwrap_or(began_at), took: begun.elapsed(), attempts: trace.attempts() }
}

/// Ends when `limit` and all that was waited for turns is over.
async fn run_out(begun: Instant, limit: Duration, trace: &Trace) {
    loop {
        let end = begun + limit + trace.waited();
        if Instant::now() >= end {
            return;
        }
        tokio::time::sleep_until(end).await;
    }
}

fn broken(id: &str, error: tokio::task::JoinError) -> Unobserved {
    if error.is_cancelled() {
        return Unobserved::new(Why::Interrupted, id, "the run ended first");
    }
    Unobserved::new(Why::Panicked, id, panic_text(&*error.into_panic()))
}

/// Words of an error may hold a secret that a server sent back.
fn redact(missing: Unobserved, vault: &Vault) -> Unobserved {
    let clean = |text: String| vault.redact(&text).unwrap_or(text);
    let remedy = missing.remedy.and_then(|remedy| {
        let mut value = serde_json::to_value(remedy).ok()?;
        vault.redact_json(&mut value);
        // One that no longer reads is left out: it may hold the secret.
        serde_json::from_value(value).ok()
    });
    Unobserved { asked: clean(missing.asked), detail: clean(missing.detail), remedy, ..missing }
}
