//! Judging by files of evidence, and clients against the world.

mod cases;
mod dns_wildcard;
mod http;
mod key_expiry;
mod kubernetes;
