//! OCI registries: what a tag points at, and what a manifest says.
//!
//! One `HEAD` tells a tag's digest; bodies are read only when asked for, and hashed. A client crate was tried: it brings
//! the token service but reads bodies always, and keeps a 403 and a 404 apart only in words.

mod allowance;
mod challenge;
mod contents;
mod manifest;
mod name;
mod pull;
mod realm;
mod repository;
mod sign_in;

pub use allowance::{Allowance, Share};
pub(crate) use contents::platform_of;
pub use contents::{Blob, Contents, MOST_LAYERS, Parts, Presence};
pub(crate) use manifest::is_manifest_type;
pub use manifest::{Child, MANIFEST_TYPES, MOST_MANIFEST, Manifest, Platform};
pub use name::{ImageName, Reference, is_path, is_tag};
pub use repository::{Found, Held, Repository};
