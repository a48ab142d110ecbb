//! Judging by files of evidence, and clients against the world.

mod cases;
mod clusters;
mod dns_wildcard;
mod endpoint_chain;
mod http;
mod image_parity;
mod key_expiry;
mod kubernetes;
mod mount_overlap;
mod stale_lock;
