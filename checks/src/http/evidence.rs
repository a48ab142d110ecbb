//! What was seen: the answers and the certificates. Never a cookie, a credential or the query of a redirect's target.

use crate::{
    clients::{http::Response, tls::Shown},
    contract::Unobserved,
};
use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// The most headers of an answer that are kept.
const MOST_HEADERS: usize = 100;
/// The most bytes of a header's value that are kept.
const MOST_VALUE: usize = 2048;

/// What was seen.
#[derive(Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// What was asked.
    pub asked: Asked,
    /// Each sample's answer, in the order in which they were asked.
    pub samples: Vec<Result<Answer, Unobserved>>,
    /// What each address shows of itself; `None` where the URL is plain http.
    pub certificates: Option<Result<Vec<AtAddress>, Unobserved>>,
}

/// What was asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: Url,
    /// The headers that are no secret.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// True where a credential was sent too.
    #[serde(default)]
    pub has_credential: bool,
    /// The name that the certificate must prove, where that is not the URL's host.
    #[serde(default)]
    pub server_name: Option<String>,
    /// How many redirects were to be followed.
    #[serde(default)]
    pub redirects: u8,
}

/// One answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// From the first byte asked to the last byte come, in milliseconds, rounded down.
    pub took_ms: u64,
    /// The address that answered.
    #[serde(default)]
    pub peer: Option<String>,
    /// The status.
    pub status: u16,
    /// The headers, in lower case; values that may be secrets are `[hidden]`.
    pub headers: BTreeMap<String, Vec<String>>,
    /// True where there were more headers than are kept.
    #[serde(default)]
    pub has_more_headers: bool,
    /// Where the answer redirects to, without its query.
    #[serde(default)]
    pub location: Option<Url>,
    /// Where redirects that were followed led, without its query; `None` where none was.
    #[serde(default)]
    pub landed: Option<Url>,
    /// The body.
    pub body: Body,
}

/// A body, as text.
#[derive(Debug, Serialize, Deserialize)]
pub struct Body {
    /// Its beginning.
    pub text: String,
    /// Its whole length in bytes.
    pub bytes: u64,
    /// True where `text` is not the whole of it.
    #[serde(default)]
    pub is_cut: bool,
    /// False where it is not UTF-8: what is not is replaced in `text`.
    #[serde(default = "yes")]
    pub is_text: bool,
}

/// What one address shows of itself. Where several handshakes with it showed different things, each is told once.
#[derive(Debug, Serialize, Deserialize)]
pub struct AtAddress {
    /// The address; `a proxy` where one stood between.
    pub address: String,
    /// In how many handshakes.
    #[serde(default = "once")]
    pub times: u8,
    /// What it shows.
    pub shown: Result<Shown, Unobserved>,
}

const fn once() -> u8 {
    1
}

const fn yes() -> bool {
    true
}

impl Answer {
    /// The answer as it is kept.
    pub(crate) fn of(response: &Response) -> Self {
        let location = response.header("location").and_then(|location| response.url.join(location).ok());
        let is_redirect = (300..400).contains(&response.status);
        Self {
            asked_at: response.asked_at,
            took_ms: u64::try_from(response.took.as_millis()).unwrap_or(u64::MAX),
            peer: response.peer.map(|peer| peer.to_string()),
            status: response.status,
            headers: headers(&response.headers, location.as_ref()),
            has_more_headers: response.headers.keys_len() > MOST_HEADERS,
            location: location.filter(|_| is_redirect).map(plain),
            landed: (!response.hops.is_empty()).then(|| plain(response.url.clone())),
            body: Body::of(&response.body, response.length),
        }
    }
}

impl Body {
    /// The part that was kept of a body that is `length` bytes long.
    fn of(kept: &[u8], length: usize) -> Self {
        let is_cut = kept.len() < length;
        let valid = match std::str::from_utf8(kept) {
            Ok(text) => Some(text.len()),
            // A character that the cut goes through is no fault of the body's.
            Err(error) if is_cut && error.error_len().is_none() => Some(error.valid_up_to()),
            Err(_) => None,
        };
        let text = String::from_utf8_lossy(&kept[..valid.unwrap_or(kept.len())]).into_owned();
        let bytes = u64::try_from(length).unwrap_or(u64::MAX);
        Self { text, bytes, is_cut, is_text: valid.is_some() }
    }

    /// Its first words, on one line, for a person.
    pub(crate) fn words(&self) -> String {
        let line = self.text.split_whitespace().take(40).collect::<Vec<_>>().join(" ");
        let printable: String = line.chars().filter(|letter| !letter.is_control()).collect();
        match printable.char_indices().nth(80) {
            _ if self.bytes == 0 => "an empty body".to_owned(),
            None => format!("`{printable}`"),
            Some((end, _)) => format!("`{}…`", &printable[..end]),
        }
    }
}

/// Without its query and fragment, which may hold a code or a token.
fn plain(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url
}

fn headers(all: &HeaderMap, location: Option<&Url>) -> BTreeMap<String, Vec<String>> {
    let value = |name: &str, value: &http::HeaderValue| match name {
        "location" => location.cloned().map(plain).map_or_else(|| "[unreadable]".to_owned(), String::from),
        "set-cookie" => cookie(value),
        "authorization" | "cookie" | "x-api-key" | "proxy-authorization" => "[hidden]".to_owned(),
        _ => String::from_utf8_lossy(&value.as_bytes()[..value.len().min(MOST_VALUE)]).into_owned(),
    };
    let header = |name: &http::HeaderName| {
        let values = all.get_all(name).iter().map(|written| value(name.as_str(), written)).collect();
        (name.as_str().to_owned(), values)
    };
    all.keys().take(MOST_HEADERS).map(header).collect()
}

/// A cookie's name: its value lets anybody in.
fn cookie(value: &http::HeaderValue) -> String {
    let text = value.to_str().unwrap_or_default();
    text.split_once('=').map_or_else(|| "[hidden]".to_owned(), |(name, _)| format!("{name}=[hidden]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::HeaderValue;
    use proptest::prelude::*;
    use std::time::Duration;

    fn response(headers: &[(&'static str, &'static str)]) -> Response {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        Response {
            asked: "GET https://a.test/x".to_owned(),
            url: "https://a.test/x".parse().expect("a URL"),
            hops: Vec::new(),
            status: 302,
            headers: map,
            body: Bytes::from_static(b"ok"),
            length: 2,
            asked_at: Timestamp::UNIX_EPOCH,
            took: Duration::from_micros(1_999),
            peer: None,
        }
    }

    #[test]
    fn a_cookies_value_and_a_redirects_query_are_never_kept() {
        let answer = Answer::of(&response(&[
            ("set-cookie", "session=s3cret; Path=/"),
            ("set-cookie", "s3cret"),
            ("location", "/cb?code=s3cret#s3cret"),
            ("x-sub", "foo"),
        ]));
        let text = serde_json::to_string(&answer).expect("JSON");
        assert!(!text.contains("s3cret"), "{text}");
        assert_eq!(answer.headers["set-cookie"], ["session=[hidden]", "[hidden]"]);
        assert_eq!(answer.location.expect("a redirect").as_str(), "https://a.test/cb");
        assert_eq!((answer.headers["x-sub"].as_slice(), answer.took_ms), (&["foo".to_owned()][..], 1));
    }

    #[test]
    fn a_cut_through_a_character_is_no_fault_of_the_body() {
        let whole = "aé".as_bytes();
        let cut = Body::of(&whole[..2], 3);
        assert_eq!((cut.text.as_str(), cut.is_cut, cut.is_text), ("a", true, true));
        let broken = Body::of(&whole[..2], 2);
        assert_eq!((broken.is_cut, broken.is_text), (false, false));
    }

    proptest! {
        #[test]
        fn any_body_is_kept_and_told_on_one_printable_line(bytes: Vec<u8>, kept in 0..200_usize) {
            let body = Body::of(&bytes[..kept.min(bytes.len())], bytes.len());
            prop_assert_eq!(body.is_cut, kept < bytes.len());
            prop_assert!(body.words().chars().all(|letter| !letter.is_control()));
            prop_assert!(body.words().chars().count() <= 90);
        }
    }
}
