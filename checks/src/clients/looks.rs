//! One look serves all: within a run the same request is made once, however many checks need it.
//!
//! A look runs in a task of its own: who waits for it may leave, the look goes on. Beneath it lie the turn at a host
//! and the retries. A cache crate was tried and asked twice when the first to ask left.

use super::hosts::Hosts;
use crate::contract::{Unobserved, Why};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use jiff::Timestamp;
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    future::Future,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::time::Instant;

/// The most attempts at one look.
pub(super) const ATTEMPTS: usize = 3;
/// The longest that a look waits between attempts, all waits together.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

type Answer = Result<Arc<dyn Any + Send + Sync>, Unobserved>;

/// What is asked: of which host, under which name it is shared, and how long one attempt may take.
#[derive(Clone, Debug)]
pub struct Question {
    /// The host whose turn it takes: `host:port`, a cluster, a resolver.
    pub host: String,
    /// What makes it the same request: method, address, body, identity. Never shown.
    pub key: String,
    /// What was asked, for a person: `GET https://host/path`.
    pub asked: String,
    /// The longest that one attempt may take, once it has its turn.
    pub limit: Duration,
}

/// The looks of one run.
#[derive(Default)]
pub struct Looks {
    flights: Mutex<HashMap<(TypeId, String), Flight>>,
    hosts: Hosts,
}

#[derive(Clone)]
struct Flight {
    answer: Shared<BoxFuture<'static, Answer>>,
    progress: Arc<Progress>,
}

impl Flight {
    /// What the look brings to one of those who wait for it.
    async fn answer<T: Any + Send + Sync>(self, trace: &Trace, asked: &str) -> Result<Arc<T>, Unobserved> {
        trace.join(&self.progress);
        let answer = self.answer.await?;
        answer
            .downcast()
            .map_err(|_| Unobserved::new(Why::Panicked, asked, "a look gave another type than was asked for"))
    }
}

/// How a look is getting on.
#[derive(Default)]
struct Progress {
    asked_at: OnceLock<Timestamp>,
    attempts: AtomicU32,
    waited: Mutex<Waited>,
}

#[derive(Default)]
struct Waited {
    total: Duration,
    since: Option<Instant>,
}

impl Progress {
    fn waited(&self) -> Duration {
        let waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        waited.total + waited.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn queue(&self) {
        self.waited.lock().unwrap_or_else(PoisonError::into_inner).since = Some(Instant::now());
    }

    fn begin(&self) {
        self.asked_at.get_or_init(Timestamp::now);
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = waited.since.take() {
            waited.total += since.elapsed();
        }
    }
}

/// What one item had to do for its evidence.
#[derive(Default)]
pub struct Trace {
    looks: Mutex<Vec<(Arc<Progress>, Duration)>>,
}

impl Trace {
    /// The most attempts that any of its looks took; at least one.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().map(|(progress, _)| progress.attempts.load(Relaxed)).max().unwrap_or(1).max(1)
    }

    /// How long it waited for turns at hosts, which does not count against its deadline.
    #[must_use]
    pub fn waited(&self) -> Duration {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().map(|(progress, before)| progress.waited().saturating_sub(*before)).max().unwrap_or_default()
    }

    /// When the oldest of its looks was first asked; `None` before it asked any.
    #[must_use]
    pub fn asked_at(&self) -> Option<Timestamp> {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().filter_map(|(progress, _)| progress.asked_at.get().copied()).min()
    }

    fn join(&self, progress: &Arc<Progress>) {
        let before = progress.waited();
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).push((progress.clone(), before));
    }
}

impl Looks {
    /// No looks yet; at most `per_host` at once for one host.
    #[must_use]
    pub fn new(per_host: usize) -> Self {
        Self { flights: Mutex::default(), hosts: Hosts::new(per_host) }
    }

    /// The answer to `question`, asked at most once in the run; every asker gets the same.
    ///
    /// # Errors
    /// What the look itself could not see, or its time ran out.
    pub async fn once<T, F>(
        &self,
        trace: &Trace,
        question: Question,
        look: impl Fn() -> F + Send + 'static,
    ) -> Result<Arc<T>, Unobserved>
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, Unobserved>> + Send + 'static,
    {
        let asked = question.asked.clone();
        let flight = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            flights
                .entry((TypeId::of::<T>(), question.key.clone()))
                .or_insert_with(|| self.start(question, look))
                .clone()
        };
        flight.answer(trace, &asked).await
    }

    /// The answer to `question`, asked for this asker alone: for what must be seen afresh.
    ///
    /// # Errors
    /// As [`once`](Self::once).
    pub async fn alone<T, F>(
        &self,
        trace: &Trace,
        question: Question,
        look: impl Fn() -> F + Send + 'static,
    ) -> Result<Arc<T>, Unobserved>
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, Unobserved>> + Send + 'static,
    {
        let asked = question.asked.clone();
        self.start(question, look).answer(trace, &asked).await
    }

    fn start<T, F>(&self, question: Question, look: impl Fn() -> F + Send + 'static) -> Flight
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, Unobserved>> + Send + 'static,
    {
        let progress = Arc::<Progress>::default();
        let asked = question.asked.clone();
        let task = tokio::spawn(attempts(self.hosts.clone(), question, progress.clone(), look));
        let answer = async move { task.await.unwrap_or_else(|error| Err(broken(&asked, error))) };
        Flight { answer: answer.boxed().shared(), progress }
    }
}

fn broken(asked: &str, error: tokio::task::JoinError) -> Unobserved {
    if error.is_cancelled() {
        return Unobserved::new(Why::Interrupted, asked, "the run ended first");
    }
    Unobserved::new(Why::Panicked, asked, panic_text(&*error.into_panic()))
}

/// The words of a panic.
#[must_use]
pub fn panic_text(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without words".to_owned())
}

async fn attempts<T, F>(hosts: Hosts, question: Question, progress: Arc<Progress>, look: impl Fn() -> F) -> Answer
where
    T: Any + Send + Sync,
    F: Future<Output = Result<T, Unobserved>>,
{
    let mut pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_jitter()
        .with_max_times(ATTEMPTS - 1)
        .build();
    let mut patience = PATIENCE;
    loop {
        progress.queue();
        let turn = hosts.turn(&question.host).await;
        progress.begin();
        progress.attempts.fetch_add(1, Relaxed);
        let seen = match tokio::time::timeout(question.limit, look()).await {
            Ok(seen) => seen,
            Err(_) => Err(silent(&question)),
        };
        drop(turn);
        let missing = match seen {
            Ok(seen) => return Ok(Arc::new(seen)),
            Err(missing) => missing,
        };
        if matches!(missing.why, Why::Throttled) || missing.retry_after.is_some() {
            hosts.ease(&question.host, missing.retry_after.unwrap_or(Duration::from_secs(2)));
        }
        let Some(pause) = pauses.next().filter(|_| missing.why.is_transient()) else { return Err(missing) };
        let pause = pause.max(missing.retry_after.unwrap_or_default());
        let Some(rest) = patience.checked_sub(pause) else { return Err(missing) };
        patience = rest;
        tokio::time::sleep(pause).await;
    }
}

fn silent(question: &Question) -> Unobserved {
    Unobserved::new(
        Why::TimedOut,
        &question.asked,
        format_args!("no whole answer in {} s", question.limit.as_secs_f32()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn question(key: &str) -> Question {
        Question { host: "h".into(), key: key.into(), asked: key.into(), limit: Duration::from_secs(5) }
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_request_is_made_once_and_goes_on_when_the_first_to_ask_leaves() {
        let (looks, asked) = (Looks::new(16), Arc::new(AtomicUsize::new(0)));
        let ask = || {
            let asked = asked.clone();
            looks.once(Box::leak(Box::default()), question("k"), move || {
                let asked = asked.clone();
                async move {
                    asked.fetch_add(1, Relaxed);
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    Ok(42_u8)
                }
            })
        };
        assert!(tokio::time::timeout(Duration::from_millis(50), ask()).await.is_err());
        assert_eq!(*ask().await.expect("seen"), 42);
        assert_eq!(asked.load(Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_transient_refusal_is_asked_again_and_attempts_are_counted() {
        for (why, attempts) in [(Why::Throttled, 3), (Why::Forbidden, 1), (Why::TimedOut, 1)] {
            let (looks, trace) = (Looks::new(16), Trace::default());
            let seen = looks
                .once::<u8, _>(&trace, question("k"), move || async move { Err(Unobserved::new(why, "k", "no")) })
                .await;
            assert_eq!(seen.expect_err("never seen").why, why);
            assert_eq!(trace.attempts(), attempts, "{why:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_turn_is_told_apart_from_looking() {
        let (looks, trace) = (Looks::new(1), Trace::default());
        let slow = |key: &str| {
            let question = question(key);
            let waits = || async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(1_u8)
            };
            (question, waits)
        };
        let (first, second) = (slow("a"), slow("b"));
        let other = Trace::default();
        let (a, b) = tokio::join!(looks.once(&other, first.0, first.1), looks.once(&trace, second.0, second.1));
        assert!(a.is_ok() && b.is_ok());
        assert_eq!(trace.waited().as_secs(), 1);
        assert_eq!(other.waited().as_secs(), 0);
    }

    #[tokio::test]
    async fn a_panic_in_a_look_is_what_every_asker_hears() {
        let looks = Looks::new(16);
        let boom = || looks.once::<u8, _>(Box::leak(Box::default()), question("k"), || async { panic!("boom {}", 7) });
        for _ in 0..2 {
            let missing = boom().await.expect_err("panicked");
            assert_eq!((missing.why, missing.detail.as_str()), (Why::Panicked, "boom 7"));
        }
    }
}
