//! CEL, bounded: what an expression of a checklist may cost, and what it may call, whoever evaluates it.
//!
//! The crate recurses without a bound of its own and aborts the process when the stack ends. So an expression has at most
//! 512 bytes, which keeps it within a large stack ([`on_large_stack`]), and no comprehension within another, which keeps it
//! within a second. What it speaks of is its place's affair: `${…}` of the checklist, [`Expression`] of what was seen.

mod compile;
mod environment;
mod expression;
mod quantity;
mod schema;
mod stack;
mod texts;
mod uses;
mod variables;

pub use compile::{LONGEST, Wrong, compile};
pub use environment::environment;
pub use expression::{Expression, Failed, Scope};
pub use stack::on_large_stack;
pub use variables::Variables;
