//! The certificates: a handshake with each address of the host, or several where several samples are asked for.

use super::{
    evidence::AtAddress,
    settings::{Addresses, Target},
};
use crate::{
    clients::{
        looks::Question,
        tls::{Door, Shown, Way},
    },
    contract::{Context, Remedy, Unobserved, Why},
};
use futures::{StreamExt as _, stream};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// The most handshakes under way at once.
const SIDE_BY_SIDE: usize = 10;
/// The most addresses at which is looked.
const MOST_ADDRESSES: usize = 64;
/// The most handshakes with one address.
const MOST_TURNS: u8 = 20;
/// The longest that one handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

pub(super) async fn certificates(target: &Target, cx: &Context) -> Option<Result<Vec<AtAddress>, Unobserved>> {
    if target.url.scheme() != "https" {
        return None;
    }
    let host = target.url.host_str().unwrap_or_default();
    let port = target.url.port_or_known_default().unwrap_or(443);
    let ways = match cx.tls_proxy(&target.via, host, port) {
        Some(proxy) => vec![("a proxy".to_owned(), Way::Through(proxy))],
        None => match addresses(target, cx, host, port).await {
            Ok(addresses) => addresses.into_iter().map(|at| (at.ip().to_string(), Way::Straight(at))).collect(),
            Err(missing) => return Some(Err(missing)),
        },
    };
    let beyond = ways.get(MOST_ADDRESSES).map(|(address, _)| too_many(host, address, ways.len()));
    let near = ways.into_iter().take(MOST_ADDRESSES);
    let turns = near.flat_map(|way| (0..target.samples.min(MOST_TURNS)).map(move |turn| (way.clone(), turn)));
    let knock = |((address, way), turn): ((String, Way), u8)| {
        let (trust, limit) = (target.via.trust.clone(), target.timeout.min(HANDSHAKE));
        let door = Door { host: host.to_owned(), port, way, turn, trust, limit };
        async move { (address, cx.knock(door).await) }
    };
    let knocks: Vec<_> = turns.map(knock).collect();
    let shown = stream::iter(knocks).buffered(SIDE_BY_SIDE).collect().await;
    Some(Ok(told_once(shown).into_iter().chain(beyond).collect()))
}

/// Alike things at one address as one.
fn told_once(shown: Vec<(String, Result<Arc<Shown>, Unobserved>)>) -> Vec<AtAddress> {
    let mut all: Vec<AtAddress> = Vec::new();
    for (address, shown) in shown {
        let is_same = |known: &&mut AtAddress| {
            known.address == address
                && match (&known.shown, &shown) {
                    (Ok(a), Ok(b)) => {
                        a.sha256 == b.sha256 && a.valid_until == b.valid_until && a.distrust == b.distrust
                    }
                    (Err(a), Err(b)) => a.why == b.why,
                    _ => false,
                }
        };
        match all.iter_mut().find(is_same) {
            Some(known) => known.times = known.times.saturating_add(1),
            None => all.push(AtAddress { address, times: 1, shown: shown.map(|shown| (*shown).clone()) }),
        }
    }
    all
}

fn too_many(host: &str, address: &str, count: usize) -> AtAddress {
    let detail = format!("{count} addresses, and at most {MOST_ADDRESSES} are looked at: write `addresses: one`");
    let missing = Unobserved::new(Why::TooLarge, format!("TLS with {address} for {host}"), detail);
    AtAddress { address: address.to_owned(), times: 1, shown: Err(missing) }
}

/// The addresses at which is to be looked, in their order; never empty.
async fn addresses(target: &Target, cx: &Context, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unobserved> {
    if let Some(socket) = cx.network().leads_host(host, port) {
        return Ok(vec![socket]);
    }
    let (network, name) = (cx.network().clone(), host.to_owned());
    let asked = format!("addresses of {host}");
    let question = Question { host: asked.clone(), key: asked.clone(), asked: asked.clone(), limit: HANDSHAKE };
    let look = move || {
        let (network, name) = (network.clone(), name.clone());
        async move { network.addresses(&name).await }
    };
    let found = cx.looks().once(cx.trace(), question, look).await?;
    let mut wanted: Vec<SocketAddr> = found.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    match target.addresses {
        Addresses::Every => {}
        Addresses::Ipv4 => wanted.retain(SocketAddr::is_ipv4),
        Addresses::Ipv6 => wanted.retain(SocketAddr::is_ipv6),
        Addresses::One => wanted.truncate(1),
    }
    if wanted.is_empty() {
        let by_hand = Remedy::run(["dig", "+short", host, "A", host, "AAAA"]);
        return Err(Unobserved::new(Why::Unresolved, asked, "no address of the wanted family").by_hand(by_hand));
    }
    Ok(wanted)
}
