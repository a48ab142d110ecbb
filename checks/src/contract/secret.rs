//! Where secrets are, and the one place that holds them once they are read.
//!
//! A checklist names where a secret is, never the secret. A [`Secret`] is a ticket that only [`super::Place`] gives out,
//! so the plan knows every secret that an item will need before anything is looked at. The values live in the
//! [`Vault`] alone, which also finds them in text that would leave the program.

use super::guise::Guises;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// Where a secret is: exactly one of the three.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SecretRef {
    /// The name of an environment variable.
    Env(String),
    /// A file's path, relative to the checklist; one line break at its end does not count.
    File(String),
    /// A program and its arguments, run without a shell; its standard output is the secret.
    Command(Vec<String>),
}

impl std::fmt::Display for SecretRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => write!(f, "environment variable {name}"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Command(argv) => write!(f, "command {}", argv.first().map_or("", String::as_str)),
        }
    }
}

/// A secret that the plan knows of: a ticket for its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Secret(SecretRef);

impl Secret {
    pub(crate) const fn of(source: SecretRef) -> Self {
        Self(source)
    }

    /// Where it is.
    #[must_use]
    pub const fn source(&self) -> &SecretRef {
        &self.0
    }
}

/// The values of the secrets of the selected items, and all that must not leave.
#[derive(Default)]
pub struct Vault {
    values: HashMap<SecretRef, SecretString>,
    guises: RwLock<Guises>,
}

impl Vault {
    /// Keeps a value.
    pub fn keep(&mut self, source: SecretRef, value: SecretString) {
        self.learn(&value);
        self.values.insert(source, value);
    }

    /// Makes known a secret that no checklist names: a kubeconfig's token, or one that a system has issued. From now on
    /// it is found in text too.
    pub fn learn(&self, value: &SecretString) {
        self.guises.write().unwrap_or_else(PoisonError::into_inner).add(value);
    }

    /// Makes known a header's value that shows who asks, `Bearer …` or `Basic …` or bare.
    pub fn learn_shown(&self, header: &http::HeaderValue) {
        if let Ok(shown) = header.to_str() {
            let value = shown.split_once(' ').map_or(shown, |(_, value)| value);
            self.learn(&SecretString::from(value));
        }
    }

    /// The value behind a ticket; `None` when the item was not among the selected ones.
    #[must_use]
    pub fn open(&self, secret: &Secret) -> Option<&SecretString> {
        self.values.get(&secret.0)
    }

    /// The text with every secret in it replaced by `[secret]`, in base64 and as JSON, HTML or a URL writes it too;
    /// `None` where there is none in it.
    ///
    /// Values shorter than four bytes are left: replacing them would destroy the text and hide nothing.
    #[must_use]
    pub fn redact(&self, text: &str) -> Option<String> {
        self.guises.read().unwrap_or_else(PoisonError::into_inner).replace(text)
    }

    /// Redacts every text within a JSON value, keys included.
    pub fn redact_json(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => {
                if let Some(clean) = self.redact(text) {
                    *text = clean;
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| self.redact_json(item)),
            serde_json::Value::Object(entries) => {
                let dirty: Vec<String> = entries.keys().filter(|key| self.redact(key).is_some()).cloned().collect();
                for key in dirty {
                    if let (Some(value), Some(clean)) = (entries.remove(&key), self.redact(&key)) {
                        entries.insert(clean, value);
                    }
                }
                entries.values_mut().for_each(|item| self.redact_json(item));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_replaced_wherever_it_stands() {
        let mut vault = Vault::default();
        vault.keep(SecretRef::Env("T".into()), SecretString::from("sk-12345"));
        let mut seen = serde_json::json!({ "sk-12345": ["key sk-12345 expired", 7], "clean": "x" });
        vault.redact_json(&mut seen);
        assert_eq!(seen, serde_json::json!({ "[secret]": ["key [secret] expired", 7], "clean": "x" }));
    }
}
