//! Rows of `capacity.yaml`: room for the crowd.

use super::Row;

pub const ROWS: &[Row] = &[];
