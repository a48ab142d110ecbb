//! Rows of `images.yaml`: what runs.

use super::Row;

pub const ROWS: &[Row] = &[];
