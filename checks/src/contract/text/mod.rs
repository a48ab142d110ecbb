//! Text that a user wrote, as a tree of values that know their place, and the reader that makes types of it.
//!
//! Everything that complains about a checklist complains through [`Problem`], so that a probe's settings are
//! diagnosed as well as the checklist's own keys. Serde's own YAML path was rejected: it stops at the first
//! mistake, and forgets the place as soon as an expression or a layer has been at work.

mod deserializer;
mod fault;
mod load;
mod nearest;
mod node;
mod placed;
mod problem;
mod read;
#[cfg(test)]
mod tests;

pub use load::{MAX_BYTES, load, load_at};
pub use nearest::nearest;
pub use node::{At, Key, Node, Shape, Step};
pub use placed::Placed;
pub use problem::{Problem, Source, Sources};
pub use read::{read, salvage};
