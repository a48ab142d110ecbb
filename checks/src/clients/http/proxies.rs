//! Which proxy stands between, if any: a connection's own, or the environment's.

use super::Via;
use crate::contract::Context;
use std::env;
use url::Url;

/// Where the environment names a proxy, and those of them that are for https.
const ANY: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];
const SECURE: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const NONE: [&str; 2] = ["NO_PROXY", "no_proxy"];

impl Context {
    /// True if and only if requests to `host:port` may ask a proxy. A name that is led elsewhere never does by the
    /// environment's wish, nor does anything in a rehearsal, where addresses are led elsewhere: a proxy knows nothing
    /// of either.
    pub(super) fn is_proxied(&self, via: &Via, host: &str, port: u16) -> bool {
        // There the system's own settings name proxies too.
        let is_elsewhere = cfg!(any(target_os = "macos", windows));
        match via.proxy.as_deref() {
            Some("none") => false,
            None | Some("env") => self.heeds_environment(host, port) && (is_elsewhere || named(&ANY).is_some()),
            Some(_) => true,
        }
    }

    /// The proxy through which a TLS connection to `host:port` goes; `None` where it goes straight there.
    #[must_use]
    pub fn tls_proxy(&self, via: &Via, host: &str, port: u16) -> Option<Url> {
        match via.proxy.as_deref() {
            Some("none") => None,
            None | Some("env") => {
                let is_straight = named(&NONE).is_some_and(|list| is_excepted(&list, host));
                let written = named(&SECURE).filter(|_| self.heeds_environment(host, port) && !is_straight)?;
                proxy(&written)
            }
            Some(url) => proxy(url),
        }
    }

    fn heeds_environment(&self, host: &str, port: u16) -> bool {
        !self.network().leads_addresses() && self.network().leads_host(host, port).is_none()
    }
}

fn named(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// A proxy's URL; without a scheme, plain HTTP.
fn proxy(text: &str) -> Option<Url> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    Url::parse(&whole).ok()
}

/// True if and only if `NO_PROXY` names the host: `*`, itself, or a domain that it is below.
fn is_excepted(list: &str, host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    list.split(',').map(|entry| entry.trim().trim_start_matches('.').to_ascii_lowercase()).any(|entry| {
        let is_below = host.strip_suffix(&entry).is_some_and(|rest| rest.ends_with('.'));
        entry == "*" || (!entry.is_empty() && (entry == host || is_below))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_a_host_or_all_below_a_domain() {
        let is = |host: &str| is_excepted("localhost, .example.com,10.0.0.1", host);
        assert!(is("localhost") && is("example.com") && is("a.b.EXAMPLE.com") && is("10.0.0.1"));
        assert!(!is("badexample.com") && !is("example.com.evil") && !is("10.0.0.11"));
        assert!(is_excepted("*", "anything") && !is_excepted("", "anything"));
    }

    #[test]
    fn a_proxy_may_be_written_without_its_scheme() {
        assert_eq!(proxy("proxy.test:3128").expect("a URL").as_str(), "http://proxy.test:3128/");
        assert_eq!(proxy("https://proxy.test").expect("a URL").scheme(), "https");
    }
}
