//! Judging by files of evidence, and clients against the world.

mod cases;
mod clusters;
mod dns_wildcard;
mod http;
mod image_parity;
mod key_expiry;
mod kubernetes;
mod stale_lock;
