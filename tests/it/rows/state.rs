//! Rows of `state.yaml`: what has changed, what hangs.

use super::Row;

pub const ROWS: &[Row] = &[];
