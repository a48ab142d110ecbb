//! One whole request as a system sees it.

use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

/// The request, its body read wholly (1 MiB at most).
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `HEAD`, …
    pub method: Method,
    /// From the `Host` header, without the port, in lower case.
    pub host: String,
    /// As sent, without the query, not decoded.
    pub path: String,
    /// As sent, without the question mark; empty if there was none.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The documentation address that the client was led from, if this listener has one.
    pub address: Option<IpAddr>,
    /// The world's time.
    pub now: Timestamp,
}

impl Request {
    pub(crate) fn new(parts: Parts, body: Bytes, address: Option<IpAddr>, now: Timestamp) -> Self {
        let header = parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let host = parts.uri.host().or(header).map(without_port).unwrap_or_default();
        Self {
            method: parts.method,
            host: host.to_ascii_lowercase(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
            address,
            now,
        }
    }

    /// A header's text; `None` if it is absent or not ASCII. Several of the same name are joined by commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let all: Vec<&str> = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        (!all.is_empty()).then(|| all.join(","))
    }

    /// The first value of a query parameter, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All query parameters in their order, decoded.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// The path's parts between the slashes, decoded; empty parts are left out.
    #[must_use]
    pub fn segments(&self) -> Vec<String> {
        let parts = self.path.split('/').filter(|part| !part.is_empty());
        parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
    }

    /// The token of an `Authorization: Bearer` header.
    #[must_use]
    pub fn bearer(&self) -> Option<String> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    }

    /// Path and query, as sent.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}
