//! Judging by files of evidence, and clients against the world.

mod alert_route;
mod amazon;
mod capacity;
mod cases;
mod cloud_quota;
mod clusters;
mod dns_wildcard;
mod endpoint_chain;
mod http;
mod image_parity;
mod key_expiry;
mod kubernetes;
mod monitoring;
mod mount_overlap;
mod prometheus;
mod schedule_window;
mod secret_parity;
mod stale_lock;
