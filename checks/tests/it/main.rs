//! Judging by files of evidence, and clients against the world.

mod amazon;
mod capacity;
mod cases;
mod cloud_quota;
mod clusters;
mod coder_provisioners;
mod coder_proxies;
mod coder_stage;
mod dns;
mod dns_wildcard;
mod document;
mod drift;
mod endpoint_chain;
mod exec;
mod http;
mod image_parity;
mod key_expiry;
mod kubernetes;
mod membership;
mod mount_overlap;
mod registry;
mod on_call;
mod schedule_window;
mod secret_parity;
mod stale_lock;
