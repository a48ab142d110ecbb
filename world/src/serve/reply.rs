//! What a system answers: a status, headers, a whole body, and how long it takes over it.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

/// The answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers; `Content-Length` and `Date` are added when it is sent.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body; not sent in answer to a HEAD, whose `Content-Length` it is all the same.
    pub body: Bytes,
    /// How long the world waits before it sends the first byte.
    pub delay: Duration,
}

impl Reply {
    /// No headers. A number that is no status becomes 500.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: Vec::new(),
            body: body.into(),
            delay: Duration::ZERO,
        }
    }

    /// `application/json`.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).header("content-type", "application/json")
    }

    /// `text/plain; charset=utf-8`.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, body.into()).header("content-type", "text/plain; charset=utf-8")
    }

    /// `text/html; charset=utf-8`.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, body.into()).header("content-type", "text/html; charset=utf-8")
    }

    /// Sets a header. What is no header name or value is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value.as_ref())) {
            self.headers.retain(|(known, _)| *known != name);
            self.headers.push((name, value));
        }
        self
    }

    /// Sent only after this long.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) fn content_type(&self) -> HeaderValue {
        let kind = self.headers.iter().find(|(name, _)| *name == header::CONTENT_TYPE);
        kind.map_or(HeaderValue::from_static("application/octet-stream"), |(_, kind)| kind.clone())
    }
}
