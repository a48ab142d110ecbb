//! A GitHub App: whether its key is taken, whether it is installed, and whether a token can be had for it.
//!
//! An App's key has no end, and the tokens that it gives live an hour: what can be proven is that another is given. The
//! one that is asked for here may read names only, is not kept, and ends by itself.

use super::{
    super::{
        assertion::Signer,
        connections::Endpoint,
        http::{Ask, Response},
    },
    Words,
};
use crate::contract::{Context, Unobserved, Why, short};
use http::Method;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use url::Url;

/// The longest words of the other side that are shown, in characters.
const WORDS: usize = 160;
/// How long an assertion holds, in seconds: GitHub takes ten minutes at most, by its own clock.
const HOLDS: i64 = 540;
/// How far it is dated back, in seconds, as GitHub advises against clocks that drift.
const BACK: i64 = 60;

/// What GitHub answers an App.
#[derive(Clone, Debug)]
pub enum Told<T> {
    /// This.
    Known(T),
    /// It does not take the App's key.
    Refused(String),
    /// It takes the key, and knows no such thing.
    Absent(String),
}

/// An App, as GitHub describes it to itself.
#[derive(Clone, Debug, Deserialize)]
pub struct App {
    /// Its name in URLs.
    pub slug: String,
}

/// Where an App is installed.
#[derive(Clone, Debug, Deserialize)]
pub struct Installation {
    /// Its number.
    pub id: u64,
    /// Whose it is.
    pub account: Account,
    /// When it was suspended, as written.
    #[serde(default)]
    pub suspended_at: Option<String>,
    /// What it may: `contents: read`.
    #[serde(default)]
    pub permissions: BTreeMap<String, String>,
}

/// An organisation or a user.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// Its name.
    pub login: String,
}

/// What came of asking for a token, without the token.
#[derive(Clone, Debug)]
pub enum Minted {
    /// One that ends then, as written.
    Until(String),
    /// None: the installation does not reach what was asked for.
    Ungranted(String),
}

/// Who asks, as an App.
pub struct AsApp<'a> {
    /// Which GitHub.
    pub endpoint: &'a Endpoint,
    /// What the App is known by: its number or its client id.
    pub app: &'a str,
    /// Its key.
    pub signer: &'a Signer,
}

impl AsApp<'_> {
    /// What shows who asks.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn assertion(&self, cx: &Context, now: Timestamp) -> Result<SecretString, Unobserved> {
        let at = now.as_second();
        let claims = json!({ "iat": at.saturating_sub(BACK), "exp": at.saturating_add(HOLDS), "iss": self.app });
        let signed = self.signer.token(None, &claims);
        let signed = signed.map_err(|reason| Unobserved::new(Why::Unconfigured, self.endpoint.url.as_str(), reason))?;
        cx.reach().vault.learn(&signed);
        Ok(signed)
    }

    /// The App itself.
    ///
    /// # Errors
    /// No answer, or one that says nothing of the App.
    pub async fn itself(&self, cx: &Context, as_app: &SecretString) -> Result<(Told<App>, Arc<Response>), Unobserved> {
        let answer = cx.ask(self.asking(Method::GET, &["app"], as_app)?).await?;
        let told = match Self::told::<App>(&answer)? {
            // Every App may read of itself.
            Told::Absent(_) => return Err(answer.refusal()),
            told => told,
        };
        Ok((told, answer))
    }

    /// One of its installations.
    ///
    /// # Errors
    /// No answer, or one that says nothing of the installation.
    pub async fn installation(
        &self,
        cx: &Context,
        as_app: &SecretString,
        id: u64,
    ) -> Result<(Told<Installation>, Arc<Response>), Unobserved> {
        let number = id.to_string();
        let answer = cx.ask(self.asking(Method::GET, &["app", "installations", &number], as_app)?).await?;
        let told = Self::told::<Installation>(&answer)?;
        match &told {
            Told::Known(found) if found.id != id => {
                Err(Unobserved::new(Why::Malformed, &answer.asked, "another installation came"))
            }
            _ => Ok((told, answer)),
        }
    }

    /// A token for an installation that may do no more than `right` (`metadata`) at level `read`, for these repositories of
    /// its owner, or for all that it reaches where none is named.
    ///
    /// # Errors
    /// No answer, or one that says nothing of the installation.
    pub async fn mint(
        &self,
        cx: &Context,
        as_app: &SecretString,
        id: u64,
        right: &str,
        repositories: &[String],
    ) -> Result<(Told<Minted>, Arc<Response>), Unobserved> {
        #[derive(Deserialize)]
        struct Given {
            token: String,
            expires_at: String,
        }
        let number = id.to_string();
        let ask = self.asking(Method::POST, &["app", "installations", &number, "access_tokens"], as_app)?;
        let mut body = json!({ "permissions": { right: "read" } });
        if !repositories.is_empty() {
            body["repositories"] = json!(repositories);
        }
        let answer = cx.ask(ask.header("content-type", "application/json").body(body.to_string())).await?;
        if answer.status == 201 {
            // Neither the error's words nor the body may show: both may hold the token.
            let unread = || Unobserved::new(Why::Malformed, &answer.asked, "the answer holds no token");
            let given: Given = serde_json::from_slice(&answer.body).map_err(|_| unread())?;
            let token = SecretString::from(given.token);
            if token.expose_secret().is_empty() {
                return Err(unread());
            }
            cx.reach().vault.learn(&token);
            return Ok((Told::Known(Minted::Until(given.expires_at)), answer));
        }
        if (200..300).contains(&answer.status) {
            return Err(Unobserved::new(Why::Malformed, &answer.asked, format_args!("status {}", answer.status)));
        }
        if let Some(words) = ungranted(&answer).filter(|_| !repositories.is_empty()) {
            return Ok((Told::Known(Minted::Ungranted(words)), answer));
        }
        Ok((Self::told::<Minting>(&answer)?.never(&answer)?, answer))
    }

    fn asking(&self, method: Method, path: &[&str], as_app: &SecretString) -> Result<Ask, Unobserved> {
        let mut url: Url = self.endpoint.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        } else {
            let url = self.endpoint.url.as_str();
            return Err(Unobserved::new(Why::Unconfigured, url, "no API can be below this URL"));
        }
        let ask = Ask::new(method, url).via(&self.endpoint.via).bearer(as_app);
        Ok(ask.header("accept", "application/vnd.github+json").header("x-github-api-version", "2022-11-28"))
    }

    /// What an answer means. One that is not in GitHub's words may come from what stands before it.
    fn told<T: serde::de::DeserializeOwned>(answer: &Response) -> Result<Told<T>, Unobserved> {
        let words = || serde_json::from_slice::<Words>(&answer.body).map(|words| short(&words.message, WORDS)).ok();
        let is_github = answer.header("x-github-request-id").is_some();
        match answer.status {
            401 => match words() {
                // `'Issued at' claim ('iat') must be …`, `'Expiration time' claim ('exp') …`: a clock, not the key.
                Some(words) if words.contains("claim (") => {
                    Err(Unobserved::new(Why::Unauthorised, &answer.asked, format_args!("the clocks differ: {words}")))
                }
                Some(words)
                    if is_github
                        && ["A JSON web token could not be decoded", "Bad credentials", "Integration not found"]
                            .contains(&words.as_str()) =>
                {
                    Ok(Told::Refused(words))
                }
                _ => Err(answer.refusal()),
            },
            404 if is_github => match words() {
                Some(words) if words == "Integration not found" => Ok(Told::Refused(words)),
                Some(words) if words == "Not Found" => Ok(Told::Absent(words)),
                _ => Err(answer.refusal()),
            },
            403 if answer.header("x-ratelimit-remaining") == Some("0") => {
                Err(Unobserved { why: Why::Throttled, ..answer.refusal() })
            }
            _ => answer.json().map(Told::Known),
        }
    }
}

/// GitHub's own words where it does not grant what is asked for: `There is at least one repository that does not exist …`.
fn ungranted(answer: &Response) -> Option<String> {
    let is_github = answer.status == 422 && answer.header("x-github-request-id").is_some();
    let words = serde_json::from_slice::<Words>(&answer.body).ok().filter(|_| is_github)?;
    words.message.contains("repositor").then(|| short(&words.message, WORDS))
}

/// What no answer to minting but a 201 may be.
#[derive(Deserialize)]
enum Minting {}

impl Told<Minting> {
    fn never(self, answer: &Response) -> Result<Told<Minted>, Unobserved> {
        match self {
            Self::Known(_) => Err(answer.refusal()),
            Self::Refused(words) => Ok(Told::Refused(words)),
            Self::Absent(words) => Ok(Told::Absent(words)),
        }
    }
}
