//! An answer, whole and bounded, and how it becomes what a client of an API wants.

use crate::{
    clients::clocks,
    contract::{Remedy, Unobserved, Why, short},
};
use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::{net::IpAddr, time::Duration};
use url::Url;

/// One answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// What was asked, for a person.
    pub asked: String,
    /// The URL that answered: after redirects, the last.
    pub url: Url,
    /// The URLs that redirected, in their order.
    pub hops: Vec<Url>,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body: whole, unless the request says that less is kept.
    pub body: Bytes,
    /// The whole body's length in bytes.
    pub length: usize,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// From the first byte asked to the last byte come.
    pub took: Duration,
    /// Who answered, as its name resolves: the proxy's, through a proxy.
    pub peer: Option<IpAddr>,
}

impl Response {
    /// The header `name` as text, if it is there once and readable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// How long the server asked to be left alone: `Retry-After` in seconds or as a date, which is measured by the
    /// server's own clock where it tells it (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        let seconds = || text.parse().ok().map(Duration::from_secs);
        let date = || {
            let now = self.header("date").and_then(clocks::parse).unwrap_or(self.asked_at);
            Some(Duration::try_from(clocks::parse(text)?.duration_since(now)).unwrap_or_default())
        };
        seconds().or_else(date)
    }

    /// The answer, if its status is 2xx.
    ///
    /// # Errors
    /// Any other status, as what a client of an API takes it to mean.
    pub fn granted(&self) -> Result<&Self, Unobserved> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(self.refusal()) }
    }

    /// What the status means to a client of an API, with the first words of the body.
    #[must_use]
    pub fn refusal(&self) -> Unobserved {
        let why = match self.status {
            401 => Why::Unauthorised,
            403 => Why::Forbidden,
            404 | 410 => Why::NotFound,
            408 => Why::TimedOut,
            429 => Why::Throttled,
            500..=599 => Why::ServerError,
            300..=399 => Why::Redirected,
            _ => Why::Malformed,
        };
        let words = self.words();
        let detail = if words.is_empty() {
            format!("status {}", self.status)
        } else {
            format!("status {}: {words}", self.status)
        };
        Unobserved::new(why, &self.asked, detail).after(self.retry_after()).by_hand(self.by_hand())
    }

    /// The body as `T`; a 2xx with a body that is no such thing proves nothing.
    ///
    /// # Errors
    /// Any other status, or a body that is not `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Unobserved> {
        self.granted()?;
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|error| {
            let kind = self.header("content-type").unwrap_or("no content type");
            Unobserved::new(Why::Malformed, &self.asked, format_args!("the answer ({kind}) cannot be read: {error}"))
                .by_hand(self.by_hand())
        })
    }

    /// The first words of the body, one line, without control characters; empty for a body that is no text.
    #[must_use]
    pub fn words(&self) -> String {
        let start = &self.body[..self.body.len().min(400)];
        let text = String::from_utf8_lossy(start);
        short(&text, 160)
    }

    /// The same look by hand, without its credential.
    #[must_use]
    pub fn by_hand(&self) -> Remedy {
        Remedy::run(["curl", "-sS", "-i", "--max-time", "10", self.url.as_str()])
    }
}
