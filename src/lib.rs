//! The checker.

pub mod checklist;
