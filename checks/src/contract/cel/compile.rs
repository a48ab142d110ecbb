//! From a text to a program, or what is wrong with the text.

use super::{environment, uses::has_nested_comprehension};
use cel::Program;

/// The longest expression, in bytes.
pub const LONGEST: usize = 512;

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It has more bytes than [`LONGEST`].
    #[error("an expression of {0} bytes: at most {LONGEST}")]
    TooLong(usize),
    /// Nothing is in it.
    #[error("an empty expression")]
    Empty,
    /// It is no CEL.
    #[error("`{text}` is not an expression: {said}")]
    Syntax {
        /// The text.
        text: String,
        /// What the parser says of it.
        said: String,
    },
    /// A comprehension stands within another.
    #[error("`{0}` loops within a loop")]
    Nested(String),
}

/// Compiles a text. To be called on a large stack: see [`on_large_stack`](super::on_large_stack).
///
/// # Errors
/// It is too long, empty, no CEL, or loops within a loop.
pub fn compile(text: &str) -> Result<Program, Wrong> {
    if text.len() > LONGEST {
        return Err(Wrong::TooLong(text.len()));
    }
    if text.trim().is_empty() {
        return Err(Wrong::Empty);
    }
    let program = environment().compile(text).map_err(|errors| {
        let said = errors.errors.first().map_or("", |error| error.msg.as_str());
        let said = said.lines().next().unwrap_or("").trim_start_matches("Syntax error: ");
        let said =
            said.split(" expecting ").next().unwrap_or(said).replace("mismatched input '<EOF>'", "it ends too early");
        Wrong::Syntax { text: text.to_owned(), said }
    })?;
    if has_nested_comprehension(program.expression()) { Err(Wrong::Nested(text.to_owned())) } else { Ok(program) }
}
