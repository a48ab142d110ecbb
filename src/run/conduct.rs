//! The loop.

use super::{Event, Fate, Looked, Progress, due::due, schedule::Schedule, signals::Signals, watch::watch};
use crate::{
    plan::{Plan, PlanItem},
    report::settle,
};
use gonogo_checks::{
    clients::{Reach, clocks::Skew},
    contract::{Context, Unobserved, Why, Window},
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, task::JoinSet};

/// How long running items have left once the user has asked to stop.
const GRACE: Duration = Duration::from_secs(2);

/// How a run is to be made.
#[derive(Clone)]
pub struct Orders {
    /// How many items at once.
    pub concurrency: usize,
    /// The longest that the whole run may take.
    pub deadline: Duration,
    /// The seed of every random label.
    pub seed: u64,
    /// The window in which is judged.
    pub window: Window,
    /// True: whatever is selected is due, whatever the clock says of its stage.
    pub is_forced: bool,
}

/// A run that came to its end.
pub struct Run {
    /// What became of each item of the plan.
    pub fates: Vec<Fate>,
    /// When it began.
    pub looked_at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The exit code of the signal that ended it.
    pub signal: Option<u8>,
    /// The run's deadline ended it.
    pub is_cut_short: bool,
    /// This machine's clock is not what the servers' are.
    pub skew: Option<Skew>,
}

/// Looks at every selected item that is due. `probes` is the runtime that probes run on.
pub async fn conduct(
    plan: &Plan,
    reach: &Arc<Reach>,
    orders: &Orders,
    probes: &Handle,
    progress: &mut dyn Progress,
) -> Run {
    let (looked_at, begun) = (Timestamp::now(), Instant::now());
    let mut desk = Desk {
        plan,
        reach,
        orders,
        probes,
        progress,
        schedule: Schedule::new(plan),
        tasks: JoinSet::new(),
        running: HashMap::new(),
    };
    let end = desk.work().await;
    let why = if end.signal.is_some() { Why::Interrupted } else { Why::RunDeadline };
    let unfinished = |i: usize| {
        if let Some(fate) = left_out(&plan.items[i], orders) {
            return fate;
        }
        let missing = Unobserved::new(why, &plan.items[i].id, why.code().says);
        Fate::Looked(Looked { seen: Err(missing), asked_at: looked_at, took: Duration::ZERO, attempts: 0 })
    };
    let fates = desk.schedule.close(unfinished);
    Run {
        fates,
        looked_at,
        took: begun.elapsed(),
        signal: end.signal,
        is_cut_short: end.is_cut_short,
        skew: reach.clocks.skew(),
    }
}

/// What the clock or the user left out. What the clock leaves out is not due, whoever asked for it: nobody left it out.
fn left_out(item: &PlanItem, orders: &Orders) -> Option<Fate> {
    if item.selected && orders.is_forced {
        return None;
    }
    match due(item.stage, &orders.window) {
        Err(from) => Some(Fate::NotDue(from)),
        Ok(()) => (!item.selected).then_some(Fate::Skipped),
    }
}

#[derive(Default)]
struct End {
    signal: Option<u8>,
    is_cut_short: bool,
}

struct Desk<'a> {
    plan: &'a Plan,
    reach: &'a Arc<Reach>,
    orders: &'a Orders,
    probes: &'a Handle,
    progress: &'a mut dyn Progress,
    schedule: Schedule,
    tasks: JoinSet<(usize, Looked)>,
    running: HashMap<tokio::task::Id, usize>,
}

impl Desk<'_> {
    async fn work(&mut self) -> End {
        let mut signals = Signals::listen();
        let mut end = End::default();
        let mut last_call = tokio::time::Instant::now() + self.orders.deadline;
        loop {
            if end.signal.is_none() {
                self.start();
            }
            if self.tasks.is_empty() {
                return end;
            }
            tokio::select! {
                Some(done) = self.tasks.join_next_with_id() => self.take(done),
                code = signals.next() => {
                    if end.signal.replace(code).is_some() {
                        return end;
                    }
                    self.progress.take(self.plan, &Event::Stopping);
                    last_call = last_call.min(tokio::time::Instant::now() + GRACE);
                }
                () = tokio::time::sleep_until(last_call) => {
                    end.is_cut_short = end.signal.is_none();
                    return end;
                }
            }
        }
    }

    /// Starts what may start; what is left out or blocked comes to its end at once.
    fn start(&mut self) {
        while self.tasks.len() < self.orders.concurrency
            && let Some(i) = self.schedule.next()
        {
            match self.fate_without_look(i) {
                Some(fate) => self.finish(i, fate),
                None => self.spawn(i),
            }
        }
    }

    fn fate_without_look(&self, i: usize) -> Option<Fate> {
        let item = &self.plan.items[i];
        if let Some(fate) = left_out(item, self.orders) {
            return Some(fate);
        }
        let stands_in_way = |&need: &usize| {
            let fate = self.schedule.fate(need)?;
            (!settle::meets_need(self.plan, need, fate, item.site.as_deref(), &self.orders.window)).then_some(need)
        };
        let blocking: Vec<usize> = item.needs.iter().filter_map(stands_in_way).collect();
        (!blocking.is_empty()).then_some(Fate::Blocked(blocking))
    }

    fn spawn(&mut self, i: usize) {
        let item = &self.plan.items[i];
        let cx = Context::new(self.reach.clone(), &item.id, self.orders.seed);
        let look = watch(item.id.clone(), item.item.clone(), cx, item.timeout, self.probes.clone());
        let handle = self.tasks.spawn(async move { (i, look.await) });
        self.running.insert(handle.id(), i);
        self.progress.take(self.plan, &Event::Started(i));
    }

    fn take(&mut self, done: Result<(tokio::task::Id, (usize, Looked)), tokio::task::JoinError>) {
        match done {
            Ok((id, (i, looked))) => {
                self.running.remove(&id);
                self.finish(i, Fate::Looked(looked));
            }
            Err(error) => {
                let Some(i) = self.running.remove(&error.id()) else { return };
                let missing = Unobserved::new(Why::Panicked, &self.plan.items[i].id, error);
                let looked =
                    Looked { seen: Err(missing), asked_at: Timestamp::now(), took: Duration::ZERO, attempts: 0 };
                self.finish(i, Fate::Looked(looked));
            }
        }
    }

    fn finish(&mut self, i: usize, fate: Fate) {
        self.progress.take(self.plan, &Event::Finished(i, &fate));
        self.schedule.finish(i, fate);
    }
}
