//! Rows of `access.yaml`: who can get in.

use super::Row;
use gonogo_world::incidents::workshop_2024_09_30::Cause;

pub const ROWS: &[Row] = &[
    Row {
        id: "A03",
        item: "rotation@us-east-2",
        code: "fires-in-window",
        breaks: |state, times| Cause::RotationInWindow.inject(state, times),
    },
    Row {
        id: "A04",
        item: "gateway-key",
        code: "expires-during-event",
        breaks: |state, times| Cause::KeyRotates.inject(state, times),
    },
    Row {
        id: "A05",
        item: "gateway-key-copies@us-east-2",
        code: "copy-differs",
        breaks: |state, _| {
            if let Some(cluster) = state.clusters.get_mut("us-east-2") {
                // "another", in base64.
                cluster.object_mut("secrets", "coder-ws-demo", "litellm")["data"]["token"] = "YW5vdGhlcg==".into();
            }
        },
    },
];
