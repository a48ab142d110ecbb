//! Judging by files of evidence, and clients against the world.

mod cases;
mod clusters;
mod kubernetes;
