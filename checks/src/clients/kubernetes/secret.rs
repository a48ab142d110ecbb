//! A Secret object. Its values never show in a debug print, an error or evidence.

use super::object::{Meta, Writer, or_default};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretBox};
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
    #[serde(default, deserialize_with = "values")]
    data: BTreeMap<String, Value>,
}

/// As [`or_default`], with words of its own: those of the errors beneath would hold a value.
fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Value>, D::Error> {
    or_default(deserializer).map_err(|_| de::Error::custom("its data cannot be read"))
}

impl StoredSecret {
    /// The value behind `key`, decoded.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&SecretBox<Vec<u8>>> {
        self.data.get(key).map(|value| &value.0)
    }

    /// The value behind `key` as text; `Some(None)` for one that is no text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Option<&str>> {
        self.value(key).map(|value| std::str::from_utf8(value.expose_secret()).ok())
    }

    /// The names of its values.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.data.keys().map(String::as_str)
    }

    /// When its values were last written: the newest of those who wrote `data`, else its creation. A later change of
    /// labels alone does not count.
    #[must_use]
    pub fn written(&self) -> Option<Timestamp> {
        self.writer().and_then(|writer| writer.time).or(self.metadata.creation_timestamp)
    }

    /// Who last wrote its values, where the cluster says so.
    #[must_use]
    pub fn writer(&self) -> Option<&Writer> {
        let has_data =
            |writer: &&Writer| writer.fields.iter().any(|field| ["f:data", "f:stringData"].contains(&field.as_str()));
        let writers = self.metadata.managed_fields.iter().filter(has_data);
        writers.filter(|writer| writer.time.is_some()).max_by_key(|writer| writer.time)
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
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(|_| de::Error::custom("no base64"))?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str) -> StoredSecret {
        serde_json::from_str(text).expect("a secret")
    }

    #[test]
    fn values_are_decoded_and_never_shown() {
        let secret = stored(
            r#"{"metadata":{"name":"key"},"type":"Opaque","data":{"token":"c2stMTIzNDU=","bytes":"//8=","none":""}}"#,
        );
        assert_eq!(secret.value("token").expect("a value").expose_secret(), b"sk-12345");
        assert_eq!(secret.text("token"), Some(Some("sk-12345")));
        assert_eq!((secret.text("bytes"), secret.text("none"), secret.text("x")), (Some(None), Some(Some("")), None));
        assert!(!format!("{secret:?}").contains("sk-12345"));
        for broken in [r#"{"token":"sk-12345!"}"#, r#"{"token":12345}"#, r#""sk-12345""#, r#"["sk-12345"]"#] {
            let text = format!(r#"{{"metadata":{{"name":"key"}},"data":{broken}}}"#);
            let error = serde_json::from_str::<StoredSecret>(&text).expect_err("no value");
            assert!(!error.to_string().contains("12345"), "{error}");
        }
    }

    #[test]
    fn a_new_label_does_not_make_an_old_password_young() {
        let secret = stored(
            r#"{"metadata":{"name":"key","creationTimestamp":"2026-11-01T00:00:00Z","managedFields":[
            {"manager":"rotator","time":"2026-11-20T00:00:00Z","fieldsV1":{"f:data":{"f:x":{}}}},
            {"manager":"kubectl","time":"2026-12-01T00:00:00Z","fieldsV1":{"f:metadata":{"f:labels":{}}}}]}}"#,
        );
        assert_eq!(secret.written().expect("a time").to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(secret.writer().expect("a writer").manager, "rotator");
        let bare = stored(r#"{"metadata":{"name":"key","creationTimestamp":"2026-11-01T00:00:00Z"},"data":null}"#);
        assert_eq!(bare.written().expect("a time").to_string(), "2026-11-01T00:00:00Z");
    }
}
