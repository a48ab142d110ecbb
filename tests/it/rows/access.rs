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
];
