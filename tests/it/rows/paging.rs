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
