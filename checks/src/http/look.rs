//! Looking: the samples and the certificates, side by side.

use super::{
    evidence::{Answer, Asked, AtAddress, Evidence},
    settings::{Addresses, Credential, Target},
};
use crate::{
    clients::{
        http::{Ask, Response},
        looks::Question,
        tls::{Door, Way},
    },
    contract::{Context, Remedy, Unobserved, Why},
};
use futures::{StreamExt as _, stream};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// The most bytes of one body that are kept.
const MOST_BODY: usize = 64 << 10;
/// The most bytes of all samples' bodies that are kept.
const MOST_BODIES: usize = 256 << 10;
/// The most samples under way at once.
const SIDE_BY_SIDE: usize = 10;
/// The most addresses at which is looked.
const MOST_ADDRESSES: usize = 64;
/// The longest that one handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

type Answers = Vec<Result<Arc<Response>, Unobserved>>;

pub(super) async fn look(target: &Target, cx: &Context) -> Result<Evidence, Unobserved> {
    let ask = ask(target, cx)?;
    let (answers, certificates) = futures::join!(samples(target, cx, ask), certificates(target, cx));
    let samples = answers.into_iter().map(|answer| answer.map(|response| Answer::of(&response))).collect();
    Ok(Evidence { asked: asked(target), samples, certificates })
}

fn asked(target: &Target) -> Asked {
    Asked {
        method: target.method.to_string(),
        url: target.url.clone(),
        headers: target.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        has_credential: target.credential.is_some() || !target.secret_headers.is_empty(),
        server_name: target.via.trust.server_name.clone(),
        redirects: target.redirects,
    }
}

fn ask(target: &Target, cx: &Context) -> Result<Ask, Unobserved> {
    let mut ask = Ask::new(target.method.clone(), target.url.clone())
        .via(&target.via)
        .redirects(target.redirects)
        .keeping(MOST_BODY.min(MOST_BODIES / usize::from(target.samples)))
        .within(target.timeout);
    for (name, value) in &target.headers {
        ask = ask.named_header(name.clone(), value);
    }
    for (name, secret) in &target.secret_headers {
        ask = ask.named_secret_header(name.clone(), "", &cx.reveal(secret)?);
    }
    Ok(match &target.credential {
        None => ask,
        Some(Credential::Bearer(token)) => ask.bearer(&cx.reveal(token)?),
        Some(Credential::Basic(user, password)) => ask.basic(user, &cx.reveal(password)?),
    })
}

/// One sample is asked again as any look is; of several, each is a measurement.
async fn samples(target: &Target, cx: &Context, ask: Ask) -> Answers {
    if target.samples == 1 {
        return vec![cx.ask(ask.last_status()).await];
    }
    let ask = ask.single();
    let each = (0..target.samples).map(|_| cx.ask(ask.clone()));
    stream::iter(each).buffered(SIDE_BY_SIDE).collect().await
}

async fn certificates(target: &Target, cx: &Context) -> Option<Result<Vec<AtAddress>, Unobserved>> {
    if target.url.scheme() != "https" {
        return None;
    }
    let host = target.url.host_str().unwrap_or_default();
    let port = target.url.port_or_known_default().unwrap_or(443);
    let doors = match cx.tls_proxy(&target.via, host, port) {
        Some(proxy) => vec![("a proxy".to_owned(), Way::Through(proxy))],
        None => match addresses(target, cx, host, port).await {
            Ok(addresses) => addresses.into_iter().map(|at| (at.ip().to_string(), Way::Straight(at))).collect(),
            Err(missing) => return Some(Err(missing)),
        },
    };
    let knock = |(address, way): (String, Way)| {
        let (trust, limit) = (target.via.trust.clone(), target.timeout.min(HANDSHAKE));
        let door = Door { host: host.to_owned(), port, way, trust, limit };
        async move { AtAddress { address, shown: cx.knock(door).await.map(|shown| (*shown).clone()) } }
    };
    let beyond = doors.get(MOST_ADDRESSES).map(|(address, _)| too_many(host, address, doors.len()));
    let near: Vec<_> = doors.into_iter().take(MOST_ADDRESSES).map(knock).collect();
    let mut seen: Vec<AtAddress> = stream::iter(near).buffered(SIDE_BY_SIDE).collect().await;
    seen.extend(beyond);
    Some(Ok(seen))
}

fn too_many(host: &str, address: &str, count: usize) -> AtAddress {
    let detail = format!("{count} addresses, and at most {MOST_ADDRESSES} are looked at: write `addresses: one`");
    let missing = Unobserved::new(Why::TooLarge, format!("TLS with {address} for {host}"), detail);
    AtAddress { address: address.to_owned(), shown: Err(missing) }
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
