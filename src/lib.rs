//! The checker.

pub mod checklist;
pub mod plan;
