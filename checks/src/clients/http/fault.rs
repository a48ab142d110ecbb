//! What went wrong between this machine and a server, in the words of [`Why`].

use crate::{
    clients::tls::tls_fault,
    contract::{Remedy, Unobserved, Why},
};
use std::error::Error;

/// What a broken request means. The cause deepest in the chain is the one worth saying.
pub(in crate::clients) fn fault(asked: &str, url: &url::Url, error: &reqwest::Error) -> Unobserved {
    let chain = causes(error);
    if let Some(missing) = chain.iter().find_map(|error| error.downcast_ref::<Unobserved>()) {
        return missing.clone();
    }
    let deepest = chain.last().map_or_else(String::new, ToString::to_string);
    let (why, detail) = match tls(&chain) {
        Some(told) => told,
        None if error.is_timeout() => (Why::TimedOut, "no whole answer in time".to_owned()),
        None if error.is_connect() => (Why::Unreachable, deepest),
        None if error.is_body() || error.is_decode() => (Why::Unreachable, format!("the answer broke off: {deepest}")),
        None => (Why::Unreachable, deepest),
    };
    Unobserved::new(why, asked, detail).by_hand(Remedy::run(["curl", "-sS", "-i", "--max-time", "10", url.as_str()]))
}

/// The error and its causes. An `io::Error` hides the error that it was made of from `source`, and may be made of another.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut chain = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        chain.push(cause);
        let hidden = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = hidden.map(|hidden| hidden as &(dyn Error + 'static)).or_else(|| cause.source());
    }
    chain
}

/// What a TLS library's complaint means, if that is what it was.
fn tls(chain: &[&(dyn Error + 'static)]) -> Option<(Why, String)> {
    chain.iter().find_map(|error| error.downcast_ref::<rustls::Error>()).map(tls_fault)
}
