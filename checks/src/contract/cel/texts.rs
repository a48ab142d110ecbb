//! What can be done with a text: `lowerAscii`, `upperAscii` and `trim`, as CEL's extension for texts has them.

use cel::{DeclarationError, Env, common::types::CelString};

/// Declares them.
pub(super) fn declare(env: &mut Env) -> Result<(), DeclarationError> {
    cel::add_member_overload!(env, fn lower_ascii: (CelString) -> CelString)?;
    cel::add_member_overload!(env, fn upper_ascii: (CelString) -> CelString)?;
    cel::add_member_overload!(env, fn trim: (CelString) -> CelString)?;
    Ok(())
}

fn lower_ascii(text: &CelString<'_>) -> CelString<'static> {
    CelString::from(text.inner().to_ascii_lowercase())
}

fn upper_ascii(text: &CelString<'_>) -> CelString<'static> {
    CelString::from(text.inner().to_ascii_uppercase())
}

fn trim(text: &CelString<'_>) -> CelString<'static> {
    CelString::from(text.inner().trim().to_owned())
}
