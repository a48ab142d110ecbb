//! The loop against items that misbehave.

use super::{Orders, Run, conduct};
use crate::{
    checklist::{Severity, Stage},
    plan::{Event, Limits, Plan, PlanItem},
    report::{
        Acceptance, Outcome, Report,
        fold::{Frame, fold},
    },
};
use gonogo_checks::{
    CATALOGUE,
    clients::{Network, Reach, looks::Question, network::NetworkSettings},
    contract::{Access, Context, Finding, Item, Moment, Unobserved, Vault, Why, Window, core},
};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use std::{path::Path, pin::Pin, sync::Arc, time::Duration};

#[derive(Clone, Copy)]
enum Does {
    Pass,
    Panic,
    PanicInJudge,
    Hang,
    Spin,
    Fail,
    /// Takes a turn of so many milliseconds at one host.
    Turn(u64),
    /// Fails twice, then answers.
    Flaky,
}

struct Fake(Does);

impl Item for Fake {
    fn access(&self) -> Vec<Access> {
        Vec::new()
    }

    fn observe<'a>(&'a self, cx: &'a Context) -> Pin<Box<dyn Future<Output = Result<Value, Unobserved>> + Send + 'a>> {
        let does = self.0;
        Box::pin(async move {
            match does {
                Does::Panic => panic!("boom {}", 7),
                Does::Hang => std::future::pending().await,
                Does::Spin => loop {
                    std::hint::spin_loop();
                },
                Does::Turn(ms) => turn(cx, ms).await,
                Does::Flaky => flaky(cx).await,
                Does::Pass | Does::Fail | Does::PanicInJudge => Ok(json!(1)),
            }
        })
    }

    fn judge(&self, _: &Value, _: &Window) -> Result<Vec<Finding>, serde_json::Error> {
        match self.0 {
            Does::PanicInJudge => panic!("boom in judge"),
            Does::Fail => {
                Ok(vec![Finding::new(core::UNREACHABLE, "x").weighing(gonogo_checks::contract::Weight::Fail)])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn working(&self, _: &Value, _: &Window) -> Result<Vec<String>, serde_json::Error> {
        Ok(Vec::new())
    }

    fn moments(&self, _: &Value, _: &Window) -> Result<Vec<Moment>, serde_json::Error> {
        Ok(Vec::new())
    }

    fn reads_clock(&self) -> bool {
        false
    }
}

async fn turn(cx: &Context, ms: u64) -> Result<Value, Unobserved> {
    let key = cx.label();
    let question = Question { host: "one".into(), key, asked: "turn".into(), limit: Duration::from_secs(9) };
    let look = move || async move {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        Ok(ms)
    };
    cx.looks().alone(cx.trace(), question, look).await.map(|ms| json!(*ms))
}

async fn flaky(cx: &Context) -> Result<Value, Unobserved> {
    let tries = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let question =
        Question { host: "h".into(), key: "flaky".into(), asked: "flaky".into(), limit: Duration::from_secs(9) };
    let look = move || {
        let tries = tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { if tries < 2 { Err(Unobserved::new(Why::Unreachable, "flaky", "no")) } else { Ok(tries) } }
    };
    cx.looks().once(cx.trace(), question, look).await.map(|tries| json!(*tries))
}

fn item(i: usize, does: Does, needs: &[usize], timeout_ms: u64) -> PlanItem {
    PlanItem {
        id: format!("item-{i}"),
        check: format!("item-{i}"),
        title: None,
        site: None,
        members: Vec::new(),
        kind: &CATALOGUE[0],
        item: Arc::new(Fake(does)),
        needs: needs.to_vec(),
        explained_by: Vec::new(),
        severity: Severity::Required,
        severity_at: IndexMap::new(),
        stage: Stage::Before,
        blocks_from: None,
        max_age: None,
        timeout: Duration::from_millis(timeout_ms),
        secrets: Vec::new(),
        tags: Vec::new(),
        covers: Vec::new(),
        because: Vec::new(),
        runbook: None,
        owner: None,
        contact: None,
        remedy: None,
        fallback: None,
        vantage: None,
        selected: true,
    }
}

fn plan(items: Vec<PlanItem>) -> Plan {
    let starts = Timestamp::now() + SignedDuration::from_hours(48);
    let event = Event {
        name: "Launch".into(),
        zone: TimeZone::UTC,
        starts,
        ends: starts + SignedDuration::from_hours(1),
        lead: SignedDuration::ZERO,
        tail: SignedDuration::ZERO,
        expected: None,
        at_most: None,
    };
    Plan {
        event,
        items,
        waivers: Vec::new(),
        limits: Limits::default(),
        network: NetworkSettings::default(),
        sites: Vec::new(),
        notes: Vec::new(),
        seed: 0,
        folder: std::path::PathBuf::new(),
    }
}

fn run(items: Vec<PlanItem>, deadline: Duration) -> Report {
    let plan = plan(items);
    let network = Network::new(&NetworkSettings::default(), Path::new(".")).expect("a network");
    let reach = Arc::new(Reach::new(Arc::new(network), Vault::default(), 1, std::path::PathBuf::new()));
    let orders =
        Orders { concurrency: 64, deadline, seed: 0, window: plan.event.window(Timestamp::now()), is_forced: false };
    let probes = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let front = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let done: Run = front.block_on(conduct(&plan, &reach, &orders, probes.handle(), &mut ()));
    probes.shutdown_background();
    fold(&plan, &done, &orders, &Frame { host: "h".into(), is_as_if: false, accepted: Acceptance::default() })
}

fn outcomes(report: &Report) -> Vec<(Outcome, &str)> {
    report.items.iter().map(|item| (item.outcome, item.findings.first().map_or("", |finding| finding.code))).collect()
}

const LONG: Duration = Duration::from_secs(30);

#[test]
fn a_panic_or_a_hang_is_its_own_items_unknown_and_nothing_elses() {
    let items = vec![
        item(0, Does::Panic, &[], 5000),
        item(1, Does::Hang, &[], 300),
        item(2, Does::Pass, &[], 5000),
        item(3, Does::Pass, &[0], 5000),
        item(4, Does::Pass, &[3], 5000),
        item(5, Does::Pass, &[2], 5000),
        item(6, Does::PanicInJudge, &[], 5000),
    ];
    let report = run(items, LONG);
    let wanted = [
        (Outcome::Unknown, "panicked"),
        (Outcome::Unknown, "timed-out"),
        (Outcome::Pass, ""),
        (Outcome::Blocked, ""),
        (Outcome::Blocked, ""),
        (Outcome::Pass, ""),
        (Outcome::Unknown, "panicked"),
    ];
    assert_eq!(outcomes(&report), wanted);
    assert_eq!(report.items[4].blocked_by, ["item-3"]);
}

#[test]
fn probes_that_spin_on_every_worker_cannot_stop_the_clock() {
    let items = vec![item(0, Does::Spin, &[], 300), item(1, Does::Spin, &[], 300), item(2, Does::Pass, &[0], 300)];
    let report = run(items, LONG);
    assert_eq!(report.items[0].findings[0].code, "timed-out");
    assert_eq!(report.items[2].outcome, Outcome::Blocked);
    assert_eq!(report.exit_code, crate::exit::UNDETERMINED);
}

#[test]
fn waiting_for_a_turn_does_not_count_against_an_items_deadline() {
    let items = (0..5).map(|i| item(i, Does::Turn(200), &[], 500)).collect();
    let report = run(items, LONG);
    assert!(report.items.iter().all(|item| item.outcome == Outcome::Pass), "{:?}", outcomes(&report));
}

#[test]
fn a_pass_that_needed_retries_is_flaky() {
    let report = run(vec![item(0, Does::Flaky, &[], 20_000)], LONG);
    assert_eq!(outcomes(&report), [(Outcome::Warn, "flaky")]);
    assert_eq!(report.items[0].attempts, 3);
}

#[test]
fn what_the_runs_deadline_cuts_off_is_unknown_and_the_report_is_whole() {
    let report =
        run(vec![item(0, Does::Hang, &[], 60_000), item(1, Does::Pass, &[0], 60_000)], Duration::from_millis(300));
    assert_eq!(outcomes(&report), [(Outcome::Unknown, "run-deadline"), (Outcome::Unknown, "run-deadline")]);
    assert!(report.run.is_cut_short);
}

#[test]
fn the_reports_order_is_the_plans_and_not_who_finished_first() {
    let items =
        vec![item(0, Does::Turn(150), &[], 5000), item(1, Does::Pass, &[], 5000), item(2, Does::Fail, &[], 5000)];
    let ids: Vec<String> = run(items, LONG).items.into_iter().map(|item| item.id).collect();
    assert_eq!(ids, ["item-0", "item-1", "item-2"]);
}
