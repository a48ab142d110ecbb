//! The probe `key-expiry` against the world: broken, repaired, and behind every fault.

mod amazon;
mod app;
mod cloudflare;
mod faults;
mod google;
mod licence;
mod served;
mod sources;
mod stage;
