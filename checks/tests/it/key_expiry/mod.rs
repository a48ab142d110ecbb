//! The probe `key-expiry` against the world: broken, repaired, and behind every fault.

mod faults;
mod sources;
mod stage;
