//! Rows of `names.yaml`: how people get there.

use super::Row;

pub const ROWS: &[Row] = &[];
