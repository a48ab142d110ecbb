//! Rows of `capacity.yaml`: room for the crowd.

use super::Row;
use gonogo_world::litellm::Database;

pub const ROWS: &[Row] = &[
    Row {
        id: "D16",
        item: "gateway-health",
        code: "database-not-connected",
        breaks: |state, _| {
            for gateway in state.litellm.values_mut() {
                gateway.database = Database::NotConnected;
            }
        },
    },
    Row {
        id: "D16",
        item: "gateway-health",
        code: "model-missing",
        breaks: |state, _| {
            for gateway in state.litellm.values_mut() {
                gateway.models.retain(|model| model != "claude-haiku");
            }
        },
    },
];
