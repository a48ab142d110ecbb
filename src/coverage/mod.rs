//! The rows of a checklist on paper, each with the checks that stand for it.
//!
//! What is covered follows from the checks' own `covers:`; the rows' file says only what the row is, what of it is left,
//! and where it is shown to pass and to fail. How a row is covered is reckoned, never declared.

mod elsewhere;
mod lay;
mod page;
mod rows;

pub use elsewhere::dangling;
pub use lay::{Answer, Coverage, Covered, How, lay};
pub use page::{list, page};
pub use rows::{Part, Row, Rows, Shown, read};
