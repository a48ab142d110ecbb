//! Secrets Manager, of which only the reading of a current version is known here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::protocol::{Call, Outcome, seconds};

/// What is said of a secret that is not there.
pub(super) const NOT_FOUND: &str = "Secrets Manager can't find the specified secret.";
const VERSION: &str = "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0004";

/// A secret with its current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its value.
    pub value: Vec<u8>,
    /// Whether it is kept as text.
    pub is_text: bool,
    /// When its current version was made.
    pub changed: Timestamp,
    /// Whether it is marked for deletion.
    pub is_leaving: bool,
}

impl Secret {
    /// A secret kept as text, last changed at this time.
    #[must_use]
    pub fn text(value: &str, changed: Timestamp) -> Self {
        Self { value: value.as_bytes().to_vec(), is_text: true, changed, is_leaving: false }
    }
}

pub(super) fn perform(operation: &str, call: &Call<'_>) -> Outcome {
    if operation != "GetSecretValue" {
        return Err(("UnknownOperationException", String::new()));
    }
    let id = call.text("SecretId");
    let found = call.services.secrets.iter().find(|(name, _)| *name == id || arn(call, name) == id);
    let (name, secret) = found.ok_or(("ResourceNotFoundException", NOT_FOUND.to_owned()))?;
    if secret.is_leaving {
        let words = "You can't perform this operation on the secret because it was marked for deletion.";
        return Err(("InvalidRequestException", words.to_owned()));
    }
    Ok(given(call, name, secret))
}

fn given(call: &Call<'_>, name: &str, secret: &Secret) -> Value {
    let mut given = json!({
        "ARN": arn(call, name),
        "Name": name,
        "VersionId": VERSION,
        "VersionStages": ["AWSCURRENT"],
        "CreatedDate": seconds(secret.changed),
    });
    if secret.is_text {
        given["SecretString"] = json!(String::from_utf8_lossy(&secret.value));
    } else {
        given["SecretBinary"] = json!(STANDARD.encode(&secret.value));
    }
    given
}

/// Amazon adds six letters to a name.
fn arn(call: &Call<'_>, name: &str) -> String {
    format!("arn:aws:secretsmanager:{}:{}:secret:{name}-AbCdEf", call.region, call.account)
}
