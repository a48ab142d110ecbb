//! A pattern over names and images: `rotate-*`, `*/key-rotator:*`. A `*` goes over `/` too.

use globset::GlobMatcher;
use schemars::JsonSchema;
use serde::Deserialize;

/// One pattern, compiled.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Glob(#[schemars(with = "String")] GlobMatcher);

impl Glob {
    /// True if and only if the whole of `text` fits.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TryFrom<String> for Glob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("an empty pattern fits nothing: write a name or `*`".to_owned());
        }
        match globset::Glob::new(&text) {
            Ok(glob) => Ok(Self(glob.compile_matcher())),
            Err(error) => Err(format!("`{text}` is no pattern: {}", error.kind())),
        }
    }
}

/// True if and only if one of the patterns fits one of the texts.
pub(super) fn any(globs: &[Glob], texts: &[&str]) -> bool {
    globs.iter().any(|glob| texts.iter().any(|text| glob.fits(text)))
}
