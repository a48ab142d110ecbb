//! `curl`, `wget` and requests as documents write them: which URL is asked, and whether it may be asked again here.

use super::Line;
use crate::document::{found::Found, shell::has_gap};
use url::Url;

const CURL: [&str; 34] = [
    "request",
    "header",
    "data",
    "data-raw",
    "data-binary",
    "data-urlencode",
    "data-ascii",
    "json",
    "form",
    "form-string",
    "output",
    "user",
    "user-agent",
    "referer",
    "cookie",
    "cookie-jar",
    "max-time",
    "connect-timeout",
    "retry",
    "retry-delay",
    "write-out",
    "resolve",
    "connect-to",
    "cacert",
    "cert",
    "key",
    "proxy",
    "upload-file",
    "url",
    "config",
    "range",
    "aws-sigv4",
    "oauth2-bearer",
    "interface",
];
const WGET: [&str; 12] = [
    "output-document",
    "header",
    "post-data",
    "post-file",
    "method",
    "body-data",
    "timeout",
    "tries",
    "user",
    "password",
    "directory-prefix",
    "user-agent",
];

pub(super) fn curl(found: &mut Found<'_>, line: usize, words: &[String]) {
    let flags = Line::read(words, "XHdFouAebcmwxTrKECQYyzUP", &CURL);
    let sends =
        ["d", "data", "data-raw", "data-binary", "data-urlencode", "data-ascii", "json", "F", "form", "form-string"];
    let method = match flags.value(&["X", "request"]) {
        Some(method) => method,
        None if flags.has(&["T", "upload-file"]) => "PUT",
        None if flags.has(&sends) && !flags.has(&["G", "get"]) => "POST",
        None => "GET",
    };
    let mut urls = flags.values(&["url"]);
    urls.extend(&flags.rest);
    for url in urls {
        let is_whole = url.contains("://") || has_gap(url);
        let whole = if is_whole { url.to_owned() } else { format!("http://{url}") };
        ask(found, line, method, &whole);
    }
}

pub(super) fn wget(found: &mut Found<'_>, line: usize, words: &[String]) {
    let flags = Line::read(words, "OoPTtUe", &WGET);
    let sends = flags.has(&["post-data", "post-file", "body-data"]);
    let method = flags.value(&["method"]).unwrap_or(if sends { "POST" } else { "GET" });
    for url in &flags.rest {
        ask(found, line, method, url);
    }
}

/// A URL that is asked so; what may change the world is not asked: then its host alone is looked for.
pub(super) fn ask(found: &mut Found<'_>, line: usize, method: &str, url: &str) {
    if ["GET", "HEAD", "OPTIONS"].contains(&method.to_uppercase().as_str()) {
        return found.url(line, url);
    }
    found.leave(line, &format!("{method} {url}"), "only a GET is asked, which may be answered otherwise");
    let parsed = Url::parse(url).ok().filter(|url| !has_gap(url.as_str()));
    if let Some(host) = parsed.as_ref().and_then(Url::host_str).filter(|_| !has_gap(url)) {
        found.host(line, host);
    }
}
