//! Looking: the samples and the certificates, side by side.

use super::{
    evidence::{Answer, Asked, AtAddress, Evidence},
    settings::{Addresses, Credential, Target},
};
use crate::{
    clients::{
        http::{Ask, Response},
        looks::Question,
        tls::{Door, Shown},
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
    let (answers, seen) = futures::join!(samples(target, cx, ask), certificates(target, cx));
    let certificates = seen.map(|seen| seen.or_else(|missing| through_proxy(&answers).ok_or(missing)));
    let most = MOST_BODY.min(MOST_BODIES / answers.len().max(1));
    let samples = answers.into_iter().map(|answer| answer.map(|response| Answer::of(&response, most))).collect();
    Ok(Evidence { asked: asked(target), samples, certificates })
}

fn asked(target: &Target) -> Asked {
    Asked {
        method: target.method.to_string(),
        url: target.url.clone(),
        headers: target.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        has_credential: target.credential.is_some() || !target.secret_headers.is_empty(),
        redirects: target.redirects,
    }
}

fn ask(target: &Target, cx: &Context) -> Result<Ask, Unobserved> {
    let mut ask = Ask::new(target.method.clone(), target.url.clone())
        .via(&target.via)
        .redirects(target.redirects)
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
    if cx.is_proxied(&target.via, host, port) {
        let detail = "asked through a proxy, so the addresses show nothing from here";
        return Some(Err(Unobserved::new(Why::Unconfigured, format!("TLS with {host}:{port}"), detail)));
    }
    let addresses = match addresses(target, cx, host, port).await {
        Ok(addresses) => addresses,
        Err(missing) => return Some(Err(missing)),
    };
    let knock = |address: SocketAddr| {
        let (trust, limit) = (target.via.trust.clone(), target.timeout.min(HANDSHAKE));
        let door = Door { host: host.to_owned(), address, trust, limit };
        async move {
            let shown = cx.knock(door).await.map(|shown| (*shown).clone());
            AtAddress { address: address.ip().to_string(), shown }
        }
    };
    let near: Vec<_> = addresses.iter().copied().take(MOST_ADDRESSES).map(knock).collect();
    let mut seen: Vec<AtAddress> = stream::iter(near).buffered(SIDE_BY_SIDE).collect().await;
    seen.extend(addresses.get(MOST_ADDRESSES).map(|address| too_many(host, address, addresses.len())));
    Some(Ok(seen))
}

fn too_many(host: &str, address: &SocketAddr, count: usize) -> AtAddress {
    let detail = format!("{count} addresses, and at most {MOST_ADDRESSES} are looked at: write `addresses: one`");
    let missing = Unobserved::new(Why::TooLarge, format!("TLS with {address} for {host}"), detail);
    AtAddress { address: address.ip().to_string(), shown: Err(missing) }
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

/// Through a proxy the certificate of the connection that answered is all there is; the request has verified it.
fn through_proxy(answers: &Answers) -> Option<Vec<AtAddress>> {
    let direct = answers.iter().filter_map(|answer| answer.as_ref().ok()).filter(|response| response.hops.is_empty());
    let shown = direct.filter_map(|response| {
        let certificate = response.certificate.as_ref()?;
        Some(Shown::verified(certificate, &response.asked, response.asked_at))
    });
    let seen: Vec<_> = shown.map(|shown| AtAddress { address: "a proxy".to_owned(), shown }).collect();
    (!seen.is_empty()).then_some(seen)
}
