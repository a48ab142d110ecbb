//! Rows of `paging.yaml`: who notices.

use super::Row;
use gonogo_world::{
    incidents::workshop_2024_09_30::{DASHBOARD, GRAFANA},
    web::Page,
};

pub const ROWS: &[Row] = &[
    Row {
        id: "G01",
        item: "dashboard",
        code: "wrong-status",
        breaks: |state, _| {
            if let Some(grafana) = state.web.get_mut(GRAFANA) {
                grafana.pages.insert(DASHBOARD.to_owned(), Page::json(404, r#"{"message":"Dashboard not found"}"#));
            }
        },
    },
    Row {
        id: "G01",
        item: "dashboard-health",
        code: "wrong-body",
        breaks: |state, _| {
            if let Some(grafana) = state.web.get_mut(GRAFANA) {
                grafana.pages.insert("/api/health".to_owned(), Page::json(200, r#"{"database":"failing"}"#));
            }
        },
    },
];
    State,
    incidents::{Times, workshop_2024_09_30},
};
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row { id: "G06", item: "pager", code: "nobody-on-call", breaks: gap },
    Row { id: "G06", item: "pager", code: "no-such-rota", breaks: other_policy },
];

/// The second shift begins an hour after the first has ended, within the event.
fn gap(state: &mut State, times: &Times) {
    let rota = state.pagerduty.get_mut(workshop_2024_09_30::PAGERDUTY).expect("the rota");
    let shifts = &mut rota.schedules.get_mut("SFIRST1").expect("a schedule").shifts;
    let mut second = shifts[0].clone();
    shifts[0].ends = times.starts;
    second.starts = times.starts + SignedDuration::from_hours(1);
    shifts.push(second);
}

fn other_policy(state: &mut State, _: &Times) {
    let rota = state.pagerduty.get_mut(workshop_2024_09_30::PAGERDUTY).expect("the rota");
    let policy = rota.policies.remove(workshop_2024_09_30::POLICY).expect("the policy");
    rota.policies.insert("POTHER1".to_owned(), policy);
}
