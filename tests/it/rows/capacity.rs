//! Rows of `capacity.yaml`: room for the crowd.

use super::Row;
use gonogo_world::incidents::workshop_2024_09_30::Cause;

pub const ROWS: &[Row] = &[Row {
    id: "D01",
    item: "node-storage@us-east-2",
    code: "storage-above-limit",
    breaks: |state, times| Cause::StorageFull.inject(state, times),
}];
