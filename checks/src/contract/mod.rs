//! What a probe is, and the words that probes and the checker share.
//!
//! In the order data meets them: a value as written ([`text`]), the value types that settings are made of
//! ([`values`]), what must hold in CEL ([`cel`]), where a probe stands ([`Place`]) and what it may reach ([`Context`]), what it could not see
//! ([`Unobserved`]), when it is judged ([`Window`]), what it finds ([`Finding`]) and foresees ([`Moment`]), and the trait
//! itself ([`Probe`]).

mod access;
pub mod cel;
mod code;
mod context;
mod finding;
mod guise;
mod item;
mod kind;
mod moment;
mod place;
mod probe;
mod remedy;
mod secret;
pub mod text;
mod unobserved;
pub mod values;
mod window;
mod words;

pub use access::Access;
pub use code::{CORE_CODES, Code, Weight, core};
pub use context::Context;
pub use finding::Finding;
pub use item::Item;
pub use kind::Kind;
pub use moment::{Does, Moment};
pub use place::{Invalid, Place};
pub use probe::Probe;
pub use remedy::{Command, Remedy};
pub use secret::{Secret, SecretRef, Vault};
pub use unobserved::{Unobserved, Why};
pub use window::{Window, spoken};
pub use words::short;
