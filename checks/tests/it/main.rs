//! Judging by files of evidence, and clients against the world.

mod amazon;
mod capacity;
mod cases;
mod cloud_quota;
mod clusters;
mod coder_deployment;
mod dns_wildcard;
mod endpoint_chain;
mod http;
mod image_parity;
mod key_expiry;
mod kubernetes;
mod llm_gateway;
mod mount_overlap;
mod schedule_window;
mod secret_parity;
mod stale_lock;
