//! A pattern over addresses and names in which `*` alone means something: an address has brackets of its own.

use globset::{GlobBuilder, GlobMatcher};
use schemars::JsonSchema;
use serde::Deserialize;

/// One pattern, compiled: `module.workspaces.*`, `aws_instance.web[0]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Pattern(#[schemars(with = "String")] GlobMatcher);

impl Pattern {
    /// True if and only if the whole of `text` fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("an empty pattern fits nothing: write a name, in which `*` stands for any letters".to_owned());
        }
        let plain = globset::escape(&text).replace("[*]", "*");
        match GlobBuilder::new(&plain).literal_separator(false).build() {
            Ok(glob) => Ok(Self(glob.compile_matcher())),
            Err(error) => Err(format!("`{text}` is no pattern: {}", error.kind())),
        }
    }
}

/// True if and only if one of them fits; all that there is, where none is given.
pub(super) fn any(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.fits(text))
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn brackets_of_an_address_are_letters() {
        let fits = |pattern: &str, text: &str| Pattern::try_from(pattern.to_owned()).expect(pattern).fits(text);
        assert!(fits("aws_instance.web[0]", "aws_instance.web[0]"));
        assert!(!fits("aws_instance.web[0]", "aws_instance.web0"));
        assert!(fits("module.*[\"a\"].x", "module.b[\"a\"].x"));
        assert!(fits("Deployment coder/*", "Deployment coder/web"));
        assert!(!fits("module.a", "module.ab") && !fits("a?", "ab") && !fits("{a,b}", "a"));
    }
}
