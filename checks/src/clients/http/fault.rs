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

fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut chain = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        chain.push(cause);
        // An `io::Error` is no cause of the error that it holds: its `source` is that error's own.
        let held = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = held.map(|held| held as &(dyn Error + 'static)).or_else(|| cause.source());
    }
    chain
}

/// What a TLS library's complaint means, if that is what it was. `io::Error` hides its inner error from `source`.
fn tls(chain: &[&(dyn Error + 'static)]) -> Option<(Why, String)> {
    chain.iter().find_map(|error| {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = error.downcast_ref::<rustls::Error>().or_else(|| inner?.downcast_ref::<rustls::Error>());
        tls.map(tls_fault)
    })
}
