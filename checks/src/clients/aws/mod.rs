//! Amazon's services, through their SDK, over the run's own network.
//!
//! The SDK signs, builds and reads; the bytes go through the run's HTTP client (`wire`), so that names are led, roots
//! are trusted and bodies are bounded as everywhere else. The SDK's own HTTP client was rejected: its resolver gives
//! addresses without ports. Its retries are off, for the looks retry. Every answer of an account counts only after
//! [`Identity`] has said whose it is. A service of which one or two operations are asked is asked without an SDK crate of
//! its own (`json`).

mod account;
pub mod ecr;
mod json;
pub mod keys;
pub mod metrics;
mod query;
pub mod quotas;
mod refusal;
pub mod s3;
pub mod secrets;
mod sign;
mod wire;
pub(in crate::clients) mod workspace;

pub use account::Identity;
pub use ecr::{CacheRule, Destination, Ecr, Replicated, ReplicationRule, Validity};
pub use metrics::{Datapoint, Metric};
pub use quotas::{Increase, Quota, ServiceQuota};
pub use secrets::{SecretVersion, StoredInAws};
