//! Rows of `paging.yaml`: who notices.

use super::Row;

pub const ROWS: &[Row] = &[];
