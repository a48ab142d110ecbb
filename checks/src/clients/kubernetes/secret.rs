//! A Secret object. Its values never show in a debug print, an error or evidence.

use super::object::{Meta, or_default};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::SecretBox;
use serde::{Deserialize, Deserializer, de};
use std::{collections::BTreeMap, fmt};

/// A Secret object: its metadata, its type, its values.
#[derive(Deserialize)]
pub struct StoredSecret {
    /// Its name, annotations, and who wrote it when.
    pub metadata: Meta,
    /// `Opaque`, `kubernetes.io/dockerconfigjson`, …
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(default, deserialize_with = "or_default")]
    data: BTreeMap<String, Value>,
}

impl StoredSecret {
    /// The value behind `key`, decoded.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&SecretBox<Vec<u8>>> {
        self.data.get(key).map(|value| &value.0)
    }

    /// The names of its values.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.data.keys().map(String::as_str)
    }
}

impl fmt::Debug for StoredSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSecret").field("name", &self.metadata.name).finish_non_exhaustive()
    }
}

struct Value(SecretBox<Vec<u8>>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The words of the errors beneath would hold the value.
        let text = String::deserialize(deserializer).map_err(|_| de::Error::custom("a value that is no text"))?;
        let bytes = STANDARD.decode(text).map_err(|_| de::Error::custom("a value that is no base64"))?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn values_are_decoded_and_never_shown() {
        let text = r#"{"metadata":{"name":"key"},"type":"Opaque","data":{"token":"c2stMTIzNDU="}}"#;
        let secret: StoredSecret = serde_json::from_str(text).expect("a secret");
        assert_eq!(secret.value("token").expect("a value").expose_secret(), b"sk-12345");
        assert!(!format!("{secret:?}").contains("sk-12345"));
        for broken in ["\"sk-12345!\"", "12345"] {
            let text = format!(r#"{{"metadata":{{"name":"key"}},"data":{{"token":{broken}}}}}"#);
            let error = serde_json::from_str::<StoredSecret>(&text).expect_err("no value");
            assert!(!error.to_string().contains("12345"), "{error}");
        }
    }
}
