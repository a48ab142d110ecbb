//! The probe `key-expiry` against the world: broken, repaired, and behind every fault.

mod cloudflare;
mod faults;
mod sources;
mod stage;
