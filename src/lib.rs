//! gonogo says GO or NO-GO before an event.
//!
//! The modules stand in the order in which data meets them: [`cli`] parses what the user wants, [`checklist`] reads
//! what the user wrote, [`plan`] expands it, [`run`] looks, [`report`] judges and renders, [`exit`] says it to a
//! pipeline. The probes are in the crate `gonogo-checks`.

pub mod checklist;
pub mod cli;
pub mod coverage;
pub mod exit;
pub mod plan;
pub mod rehearsal;
pub mod report;
pub mod run;
