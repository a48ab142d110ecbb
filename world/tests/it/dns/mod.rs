//! Names: zones, authoritative servers, resolvers, and what goes wrong with each.

mod answers;
pub mod ask;
mod faults;
mod recorded;
