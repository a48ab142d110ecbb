//! One thing in the way.

use super::{Code, Remedy, Unobserved, Weight};
use schemars::JsonSchema;
use serde::Serialize;

/// What was found: never a bare sentence, always what was expected, what was seen, and what mends it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The permanent id of its [`Code`].
    pub code: &'static str,
    /// How heavily it weighs.
    #[serde(rename = "severity")]
    pub weight: Weight,
    /// The thing it is about: an object's name, a host, a key's alias.
    pub subject: String,
    /// The site it is about; `None` in an item of one site means that site, in a relation it means every member.
    pub site: Option<String>,
    /// What should have been.
    pub expected: String,
    /// What was, with its numbers.
    pub seen: String,
    /// What mends it.
    pub remedy: Option<Remedy>,
}

impl Finding {
    /// A finding of `code` about `subject`, with the code's own weight.
    pub fn new(code: Code, subject: impl Into<String>) -> Self {
        Self {
            code: code.id,
            weight: code.weight,
            subject: subject.into(),
            site: None,
            expected: String::new(),
            seen: String::new(),
            remedy: None,
        }
    }

    /// The finding that follows from a look that could not be made: weight unknown, the same look by hand as its remedy.
    #[must_use]
    pub fn unobserved(missing: &Unobserved) -> Self {
        let mut finding = Self::new(missing.why.code(), missing.asked.clone()).seen(&missing.detail);
        finding.remedy = missing.remedy.as_deref().cloned();
        finding
    }

    /// Names the site.
    #[must_use]
    pub fn at(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }

    /// Says what should have been.
    #[must_use]
    pub fn expected(mut self, expected: impl std::fmt::Display) -> Self {
        self.expected = expected.to_string();
        self
    }

    /// Says what was.
    #[must_use]
    pub fn seen(mut self, seen: impl std::fmt::Display) -> Self {
        self.seen = seen.to_string();
        self
    }

    /// Weighs it otherwise than its code does.
    #[must_use]
    pub fn weighing(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// Says what mends it.
    #[must_use]
    pub fn mended_by(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }
}
