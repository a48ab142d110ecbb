//! Secrets Manager: the current version of a secret. Its value never shows in a debug print, an error or evidence.

use super::{
    account::by_hand,
    json::{Reply, Request, Service, time},
    refusal::Call,
};
use crate::{
    clients::connections::AwsAccount,
    contract::{Context, Unobserved, Why},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use secrecy::SecretBox;
use serde::{Deserialize, Deserializer, de};
use serde_json::json;
use std::{fmt, sync::Arc};

/// AWS Secrets Manager, API version 2017-10-17.
const SERVICE: Service = Service { name: "secretsmanager", target: "secretsmanager", version: "1.1" };
/// The label of the version that everyone gets who names none.
const CURRENT: &str = "AWSCURRENT";

/// A secret of Secrets Manager in a region.
#[derive(Clone, Debug)]
pub struct StoredInAws {
    /// The account, with its credential.
    pub account: AwsAccount,
    /// The region.
    pub region: String,
    /// Its name or its ARN.
    pub id: String,
}

/// The current version of a secret.
pub struct SecretVersion {
    /// Its value.
    pub value: SecretBox<Vec<u8>>,
    /// When this version was made: the last rotation.
    pub created_at: Option<Timestamp>,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
}

impl fmt::Debug for SecretVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretVersion").field("created_at", &self.created_at).finish_non_exhaustive()
    }
}

impl StoredInAws {
    /// The right that reading it takes.
    #[must_use]
    pub fn right(&self) -> String {
        let Self { region, id, account } = self;
        let owner = account.account.as_deref().unwrap_or("*");
        // A secret's ARN ends in six letters of Amazon's own after its name.
        let arn = if id.starts_with("arn:") {
            id.clone()
        } else {
            format!("arn:aws:secretsmanager:{region}:{owner}:secret:{id}-*")
        };
        format!("secretsmanager:GetSecretValue on {arn}")
    }

    /// Its current version, or in words why there is none.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; the account is not compared here.
    pub async fn current(&self, cx: &Context) -> Result<Result<Arc<SecretVersion>, String>, Unobserved> {
        let answer = cx.aws_call(self.request(), version).await?;
        Ok(match &answer.reply {
            Reply::Absent(words) => Err(words.clone()),
            Reply::Here(found) if !self.is_meant(found) => {
                let other = format!("another secret came: {}", found.name);
                return Err(self.call().without(Why::Malformed, other, None));
            }
            Reply::Here(found) => {
                use secrecy::ExposeSecret as _;
                let value = SecretBox::new(Box::new(found.value.expose_secret().clone()));
                Ok(Arc::new(SecretVersion { value, created_at: found.created_at, asked_at: answer.asked_at }))
            }
        })
    }

    fn is_meant(&self, found: &Version) -> bool {
        self.id.starts_with("arn:") || self.id == found.name
    }

    fn request(&self) -> Request {
        Request {
            service: &SERVICE,
            operation: "GetSecretValue",
            account: self.account.clone(),
            region: self.region.clone(),
            body: json!({ "SecretId": self.id }),
            since: None,
            absent: &["ResourceNotFoundException", "InvalidRequestException"],
            call: self.call(),
        }
    }

    fn call(&self) -> Call {
        Call {
            asked: format!("secretsmanager:GetSecretValue {} in {}", self.id, self.region),
            right: self.right(),
            // Its description, for the same look would print the value.
            by_hand: by_hand(
                &self.account,
                &self.region,
                &["secretsmanager", "describe-secret", "--secret-id", &self.id],
            ),
        }
    }
}

struct Version {
    name: String,
    value: SecretBox<Vec<u8>>,
    created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    name: String,
    #[serde(default)]
    secret_string: Option<Text>,
    #[serde(default)]
    secret_binary: Option<Bytes>,
    #[serde(default)]
    version_stages: Vec<String>,
    #[serde(default)]
    created_date: Option<f64>,
}

fn version(body: &[u8], call: &Call) -> Result<Version, Unobserved> {
    let unread = |detail: &str| call.without(Why::Malformed, detail, None);
    // The words of the errors beneath may hold the value.
    let written: Written = serde_json::from_slice(body).map_err(|_| unread("the answer cannot be read"))?;
    if !written.version_stages.iter().any(|stage| stage == CURRENT) {
        return Err(unread("the version that came is not the current one"));
    }
    let value = written.secret_string.map(|text| text.0).or(written.secret_binary.map(|bytes| bytes.0));
    Ok(Version {
        name: written.name,
        value: value.ok_or_else(|| unread("the answer has neither a text nor bytes"))?,
        created_at: written.created_date.and_then(time),
    })
}

struct Text(SecretBox<Vec<u8>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(SecretBox::new(Box::new(text.into_bytes()))))
    }
}

struct Bytes(SecretBox<Vec<u8>>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(|_| de::Error::custom("no base64"))?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Remedy;
    use secrecy::ExposeSecret as _;

    fn call() -> Call {
        Call { asked: "a".to_owned(), right: "r".to_owned(), by_hand: Remedy::prose("h") }
    }

    #[test]
    fn a_version_is_read_as_text_or_bytes_and_never_shown() {
        for value in [r#""SecretString":"sk-12345""#, r#""SecretBinary":"c2stMTIzNDU=""#] {
            let body = format!(
                r#"{{"ARN":"a","Name":"n","VersionStages":["AWSCURRENT"],"CreatedDate":1795000000.5,{value}}}"#
            );
            let version = version(body.as_bytes(), &call()).expect("a version");
            assert_eq!(version.value.expose_secret(), b"sk-12345");
            assert_eq!(version.created_at.expect("a time").as_millisecond(), 1_795_000_000_500);
        }
    }

    #[test]
    fn what_is_no_current_version_says_why_and_quotes_nothing() {
        for (body, reason) in [
            (r#"{"Name":"n","VersionStages":["AWSPENDING"],"SecretString":"sk-12345"}"#, "not the current"),
            (r#"{"Name":"n","VersionStages":["AWSCURRENT"],"SecretString":["sk-12345"]}"#, "cannot be read"),
            (r#"{"Name":"n","VersionStages":["AWSCURRENT"],"SecretBinary":"sk-12345!"}"#, "cannot be read"),
            (r#"{"Name":"n","VersionStages":["AWSCURRENT"]}"#, "neither"),
        ] {
            let missing = version(body.as_bytes(), &call()).err().expect("none");
            assert!(missing.detail.contains(reason) && !missing.detail.contains("12345"), "{missing:?}");
        }
    }
}
