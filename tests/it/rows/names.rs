//! Rows of `names.yaml`: how people get there.

use super::Row;
use gonogo_world::incidents::workshop_2024_09_30::Cause;

pub const ROWS: &[Row] = &[
    Row {
        id: "C02",
        item: "wildcards@eu-west-2",
        code: "name-missing",
        breaks: |state, times| Cause::WildcardBroken.inject(state, times),
    },
    Row {
        id: "C07",
        item: "routing@us-west-2",
        code: "wrong-status",
        breaks: |state, times| Cause::StaleMirror.inject(state, times),
    },
];
