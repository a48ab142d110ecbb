//! One call in Amazon's JSON protocols: signed, sent over the run's own network, its refusal in the words of `Why`.
//!
//! For services of which one or two operations are asked. Their SDK crates were rejected: each is a long compilation for a
//! few lines of JSON, and the one for secrets keeps a value in a plain `String`. The SDK still finds the credential and
//! makes the signature.

use super::{account::key, refusal::Call, sign::Scope};
use crate::{
    clients::{
        connections::AwsAccount,
        http::{Ask, Response},
        looks::Question,
    },
    contract::{Context, Unobserved, Why, short},
};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::SigningSettings;
use http::Method;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use url::Url;

/// The longest words of the other side that are shown, in characters.
const WORDS: usize = 240;
const ASK: Duration = Duration::from_secs(10);

/// A service: the first label of its hosts and its name in a signature, its prefix in `X-Amz-Target`, its JSON's version.
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) target: &'static str,
    pub(super) version: &'static str,
}

/// One call.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) service: &'static Service,
    pub(super) operation: &'static str,
    pub(super) account: AwsAccount,
    pub(super) region: String,
    pub(super) body: Value,
    /// How long before now its `StartTime` is; its `EndTime` is now, whenever that is.
    pub(super) since: Option<Duration>,
    /// The errors that are answers.
    pub(super) absent: &'static [&'static str],
    pub(super) call: Call,
}

/// What came, when.
pub(super) struct Answer<T> {
    pub(super) reply: Reply<T>,
    pub(super) asked_at: Timestamp,
}

pub(super) enum Reply<T> {
    Here(T),
    /// One of the errors that are answers, in its words.
    Absent(String),
}

/// Reads the body of a 200; the reason why it cannot be read never quotes it.
pub(super) type Read<T> = fn(&[u8], &Call) -> Result<T, Unobserved>;

#[derive(Deserialize)]
struct Failure {
    #[serde(rename = "__type", alias = "code")]
    kind: String,
    #[serde(default, alias = "Message")]
    message: Option<String>,
}

impl Context {
    /// The answer to a call; equal calls of a run are made once.
    pub(super) async fn aws_call<T>(&self, request: Request, read: Read<T>) -> Result<Arc<Answer<T>>, Unobserved>
    where
        T: Send + Sync + 'static,
    {
        let credential = self.aws_credential(&request.account, &request.call).await?;
        let url = url(&request)?;
        let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
        let what = format!("{} {} {:?}", request.call.asked, request.body, request.since);
        let question = Question {
            host,
            key: format!("aws {what} {}", key(&request.account)),
            asked: request.call.asked.clone(),
            limit: ASK,
        };
        let (cx, all) = (self.clone(), Arc::new((request, credential, url)));
        let look = move || {
            let (cx, all) = (cx.clone(), all.clone());
            async move { exchange(&cx, &all.0, &all.1, &all.2, read).await }
        };
        self.looks().once(self.trace(), question, look).await
    }
}

async fn exchange<T>(
    cx: &Context,
    request: &Request,
    credential: &Credentials,
    url: &Url,
    read: Read<T>,
) -> Result<Answer<T>, Unobserved> {
    let call = &request.call;
    let asked_at = cx.now();
    let body = body(request, asked_at).to_string();
    let ask = signed(request, credential, url, body).map_err(|reason| call.without(Why::Unconfigured, reason, None))?;
    let answer = cx.send(&ask).await.map_err(|missing| call.broken(missing))?;
    if answer.status == 200 {
        return Ok(Answer { reply: Reply::Here(read(&answer.body, call)?), asked_at });
    }
    let failure = serde_json::from_slice::<Failure>(&answer.body).ok();
    // `com.amazonaws.servicequotas#NoSuchResourceException`, or the last part alone.
    let code = failure.as_ref().map(|failure| failure.kind.rsplit('#').next().unwrap_or_default());
    let message = failure.as_ref().and_then(|failure| failure.message.as_deref()).map(|words| short(words, WORDS));
    match code {
        Some(code) if is_client_error(&answer) && request.absent.contains(&code) => {
            let words = message.filter(|words| !words.is_empty());
            Ok(Answer { reply: Reply::Absent(words.unwrap_or_else(|| code.to_owned())), asked_at })
        }
        code => Err(call.answered(answer.status, code, message.as_deref(), answer.retry_after())),
    }
}

fn is_client_error(answer: &Response) -> bool {
    (400..500).contains(&answer.status)
}

fn url(request: &Request) -> Result<Url, Unobserved> {
    let Request { service, region, account, .. } = request;
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let text = account.endpoint_url.clone().unwrap_or_else(|| format!("https://{}.{region}.{domain}/", service.name));
    Url::parse(&text).map_err(|error| request.call.without(Why::Unconfigured, format!("{text}: {error}"), None))
}

fn body(request: &Request, now: Timestamp) -> Value {
    let mut body = request.body.clone();
    if let Some(since) = request.since {
        let ago = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        body["StartTime"] = json!(now.as_second().saturating_sub(ago));
        body["EndTime"] = json!(now.as_second());
    }
    body
}

fn signed(request: &Request, credential: &Credentials, url: &Url, body: String) -> Result<Ask, String> {
    let Request { service, operation, region, .. } = request;
    let headers = [
        ("content-type", format!("application/x-amz-json-{}", service.version)),
        ("x-amz-target", format!("{}.{operation}", service.target)),
    ];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let scope = Scope { service: service.name, region, settings: SigningSettings::default() };
    let ask = Ask::new(Method::POST, url.clone()).any_status();
    Ok(scope.signed(ask, &headers, body.as_bytes(), credential)?.body(body))
}

/// Seconds since 1970 with a fraction, as these protocols write a time.
pub(super) fn time(seconds: f64) -> Option<Timestamp> {
    let length = jiff::SignedDuration::try_from_secs_f64(seconds).ok()?;
    Timestamp::UNIX_EPOCH.checked_add(length).ok()
}

/// Reads a JSON answer that holds no secret.
pub(super) fn read<'de, T: Deserialize<'de>>(body: &'de [u8], call: &Call) -> Result<T, Unobserved> {
    serde_json::from_slice(body)
        .map_err(|error| call.without(Why::Malformed, format!("the answer cannot be read: {error}"), None))
}
