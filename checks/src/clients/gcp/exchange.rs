//! The JSON file of a service account's key, and its exchange for an access token: the proof that Google still takes it.
//!
//! The exchange changes nothing: the token that it gives ends by itself within the hour and is not kept. Where the file
//! names another host for the exchange it is not asked: an assertion would be shown to a stranger.

use crate::{
    clients::{
        assertion::Signer,
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Context, Unobserved, Why, short},
};
use http::Method;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// Where keys are exchanged (RFC 7523; Google's `token_uri`).
const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
/// What the token may be used for: all that the account may, which IAM bounds.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long the assertion holds; Google takes an hour at most.
const HOLDS: i64 = 600;

/// A key's file.
pub struct KeyFile {
    /// The account: `vertex@project.iam.gserviceaccount.com`.
    pub email: String,
    /// The key's id.
    pub id: String,
    signer: Signer,
}

/// What became of an exchange.
pub enum Exchanged {
    /// Google takes the key.
    Token(SecretString),
    /// Google does not: `invalid_grant` and its words.
    Refused(String),
}

impl KeyFile {
    /// Reads the file's text.
    ///
    /// # Errors
    /// Why it is no such file; the words never quote it.
    pub fn read(text: &SecretString) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Written {
            #[serde(rename = "type")]
            kind: String,
            client_email: String,
            private_key_id: String,
            private_key: String,
        }
        // The words of the error beneath may hold the key.
        let written: Written = serde_json::from_str(text.expose_secret()).map_err(
            |_| "no JSON key of a service account: it needs `type`, `client_email`, `private_key_id`, `private_key`",
        )?;
        if written.kind != "service_account" {
            return Err("a credential of Google's, but not of a service account".to_owned());
        }
        let signer = Signer::of_pem(&SecretString::from(written.private_key))
            .map_err(|reason| format!("`private_key` is {reason}"))?;
        Ok(Self { email: written.client_email, id: written.private_key_id, signer })
    }
}

/// Exchanges the key for an access token, and the answer that says what came of it.
///
/// # Errors
/// No answer, or one that says nothing of the key.
pub async fn exchange(
    cx: &Context,
    endpoint: &Endpoint,
    key: &KeyFile,
    now: Timestamp,
) -> Result<(Exchanged, Arc<Response>), Unobserved> {
    let unconfigured = |detail: String| Unobserved::new(Why::Unconfigured, TOKEN_URL, detail);
    let url = Url::parse(TOKEN_URL).map_err(|error| unconfigured(error.to_string()))?;
    let issued = now.as_second();
    let claims = json!({
        "iss": key.email, "scope": SCOPE, "aud": TOKEN_URL, "iat": issued, "exp": issued.saturating_add(HOLDS),
    });
    let assertion = key.signer.token(Some(&key.id), &claims).map_err(|reason| unconfigured(reason.to_owned()))?;
    cx.reach().vault.learn(&assertion);
    let ask = Ask::new(Method::POST, url).via(&endpoint.via).body(form(&assertion));
    let ask = ask.header("content-type", "application/x-www-form-urlencoded").header("accept", "application/json");
    let answer = cx.ask(ask).await?;
    let exchanged = read(cx, &answer)?;
    Ok((exchanged, answer))
}

fn form(assertion: &SecretString) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", GRANT).append_pair("assertion", assertion.expose_secret()).finish()
}

fn read(cx: &Context, answer: &Response) -> Result<Exchanged, Unobserved> {
    #[derive(Deserialize)]
    struct Given {
        access_token: String,
        expires_in: i64,
    }
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
        #[serde(default)]
        error_description: String,
    }
    let unread = |detail: &str| Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand());
    if answer.status == 200 {
        // Neither the error's words nor the body may show: both may hold the token.
        let given: Given =
            serde_json::from_slice(&answer.body).map_err(|_| unread("the answer holds no access token"))?;
        let token = SecretString::from(given.access_token);
        cx.reach().vault.learn(&token);
        let is_token = given.expires_in > 0 && !token.expose_secret().is_empty();
        return if is_token { Ok(Exchanged::Token(token)) } else { Err(unread("an empty access token")) };
    }
    match serde_json::from_slice::<Refusal>(&answer.body) {
        Ok(refusal) if matches!(answer.status, 400 | 401) && refusal.error == "invalid_grant" => {
            let words = short(&refusal.error_description, 160);
            Ok(Exchanged::Refused(format!("invalid_grant: {words}")))
        }
        _ => Err(answer.refusal()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_file_says_why_and_quotes_nothing() {
        for (text, reason) in [
            (r#"{"type":"service_account","private_key":["hush"]}"#, "no JSON key"),
            (
                r#"{"type":"authorized_user","client_email":"a","private_key_id":"b","private_key":"hush"}"#,
                "not of a service account",
            ),
            (
                r#"{"type":"service_account","client_email":"a","private_key_id":"b","private_key":"hush"}"#,
                "no private key",
            ),
        ] {
            let refused = KeyFile::read(&SecretString::from(text)).err().expect("refused");
            assert!(refused.contains(reason) && !refused.contains("hush"), "{refused}");
        }
    }
}
