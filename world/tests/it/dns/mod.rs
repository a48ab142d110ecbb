//! Names: zones, authoritative servers, resolvers, and what goes wrong with each.

mod answers;
mod ask;
mod faults;
mod recorded;
