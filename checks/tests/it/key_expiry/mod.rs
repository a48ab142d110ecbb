//! The probe `key-expiry` against the world: broken, repaired, and behind every fault.

mod cloudflare;
mod amazon;
mod app;
mod faults;
mod google;
mod licence;
mod served;
mod sources;
mod stage;
