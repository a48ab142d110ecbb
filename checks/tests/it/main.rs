//! Judging by files of evidence, and clients against the world.

mod cases;
mod http;
mod key_expiry;
mod kubernetes;
