//! The source `certificate`: what a host shows in a TLS handshake, at every address, and whether that is the certificate that
//! cert-manager issued last.
//!
//! `Ready` is cert-manager's opinion of its own secret: a server that has not read the secret again still shows the old one,
//! so its dates are never taken for those that people meet.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    settings::{CertManager, ServedCertificate},
    source::{Issued, Source},
    stored,
};
use crate::{
    clients::{
        cert_manager,
        connections::Cluster,
        kubernetes::{path, right},
        looks::Question,
        tls::{Door, Shown, Way},
        trust::Trust,
    },
    contract::{Access, Context, Invalid, Place, Remedy, Unobserved, Why},
};
use futures::{StreamExt as _, stream};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// The most handshakes under way at once.
const SIDE_BY_SIDE: usize = 10;
/// The most addresses of one name at which is looked.
const MOST_ADDRESSES: usize = 64;
/// The longest that one handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// One host.
pub(super) struct Looking {
    host: String,
    port: u16,
    is_wildcard: bool,
    trust: Trust,
    issued_by: Option<(Cluster, CertManager)>,
}

/// What was shown at an address to whoever asks for a name.
struct At {
    asked: String,
    address: String,
    shown: Result<Arc<Shown>, Unobserved>,
}

impl Looking {
    pub(super) fn new(settings: ServedCertificate, place: &Place) -> Result<Self, Invalid> {
        let ServedCertificate { host, port, wildcard, trust, issued_by } = settings;
        let is_name =
            !host.is_empty() && host.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._".contains(letter));
        if !is_name {
            return Err(Invalid::new("certificate.host", format!("`{host}` is no host"))
                .help("write `ai.example.com`, and `wildcard: true` for what is below it"));
        }
        if wildcard && host.parse::<IpAddr>().is_ok() {
            return Err(Invalid::new("certificate.wildcard", "there is no name below an address").help("leave it out"));
        }
        let issued_by = match issued_by {
            None => None,
            Some(named) => {
                let both = [("namespace", named.namespace.as_str()), ("name", named.name.as_str())];
                stored::are_named("certificate.issued_by", &both)?;
                Some((place.cluster()?, named))
            }
        };
        Ok(Self { host, port, is_wildcard: wildcard, trust, issued_by })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let host = format!("TLS with every address of {}:{}", self.host, self.port);
        let object = self.issued_by.as_ref().map(|(_, named)| {
            let path = path(cert_manager::API, Some(&named.namespace), &["certificates", &named.name]);
            Access::new("kubernetes", right("get", &path))
        });
        std::iter::once(Access::new("network", host)).chain(object).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let asked_at = cx.now();
        let issued = match &self.issued_by {
            Some((cluster, named)) => Some(issued(cx, cluster, named).await?),
            None => None,
        };
        let mut all = self.shown(cx, &self.host, "").await?;
        if self.is_wildcard {
            let below = format!("{}.{}", cx.label(), self.host);
            all.extend(self.shown(cx, &below, " below it").await?);
        }
        let unseen = unseen(&all);
        let look = Look::here(format!("TLS with {}:{}", self.host, self.port), asked_at);
        let source = Source::Certificate { host: self.host.clone(), port: self.port, issued };
        Ok(Evidence { unseen, ..Evidence::of(source, look, self.keys(&all)) })
    }

    async fn shown(&self, cx: &Context, host: &str, below: &str) -> Result<Vec<At>, Unobserved> {
        // A proxy would choose one address, and hide the others.
        let sockets = addresses(cx, host, self.port).await?;
        if sockets.len() > MOST_ADDRESSES {
            let detail = format!("{} addresses, and at most {MOST_ADDRESSES} are looked at", sockets.len());
            return Err(Unobserved::new(Why::TooLarge, format!("addresses of {host}"), detail));
        }
        let asked = if below.is_empty() { self.host.clone() } else { format!("a random name below {}", self.host) };
        let knocks = sockets.into_iter().map(|at| {
            let (trust, asked, address, way) =
                (self.trust.clone(), asked.clone(), at.ip().to_string(), Way::Straight(at));
            let door = Door { host: host.to_owned(), port: self.port, way, turn: 0, trust, limit: HANDSHAKE };
            async move { At { asked, address, shown: cx.knock(door).await } }
        });
        let knocks: Vec<_> = knocks.collect();
        Ok(stream::iter(knocks).buffered(SIDE_BY_SIDE).collect().await)
    }

    /// One key for each certificate, and for each thing that is wrong with it.
    fn keys(&self, all: &[At]) -> Vec<Key> {
        let mut keys: Vec<(String, Key, Vec<String>)> = Vec::new();
        for at in all {
            let Ok(shown) = &at.shown else { continue };
            let standing = standing(shown);
            let place = format!("at {} for {}", at.address, at.asked);
            match keys.iter_mut().find(|(sha, key, _)| *sha == shown.sha256 && key.standing == standing) {
                Some((.., places)) => places.push(place),
                None => keys.push((shown.sha256.clone(), self.key(shown, standing), vec![place])),
            }
        }
        let is_alone = keys.len() < 2;
        let named = |(sha, key, places): (String, Key, Vec<String>)| {
            let name = if is_alone { key.name.clone() } else { format!("{} ({})", key.name, &sha[..sha.len().min(8)]) };
            Key { name, note: Some(told(&places, key.note.as_deref())), ..key }
        };
        keys.into_iter().map(named).collect()
    }

    fn key(&self, shown: &Shown, standing: Standing) -> Key {
        let ends = Ends::At { time: shown.valid_until, told_by: "the certificate's chain".to_owned() };
        let begins = Some(shown.valid_from);
        let note = shown.ends_with.as_ref().map(|with| format!("{} ends first", super::plain(with)));
        Key { standing, begins, issued: begins, note, ..Key::ending(format!("certificate of {}", self.host), ends) }
    }
}

/// What was not shown, once for each address: under the host's own name where it did not answer to that.
fn unseen(all: &[At]) -> Vec<Unobserved> {
    let mut told: Vec<(&str, &Unobserved)> = Vec::new();
    for at in all {
        if let Err(missing) = &at.shown
            && !told.iter().any(|(address, other)| *address == at.address && other.why == missing.why)
        {
            told.push((&at.address, missing));
        }
    }
    told.into_iter().map(|(_, missing)| missing.clone()).collect()
}

fn standing(shown: &Shown) -> Standing {
    if let Some(reason) = &shown.distrust {
        return Standing::Untrusted { says: super::plain(reason) };
    }
    if shown.is_for_host {
        return Standing::InForce;
    }
    let names = shown.names.iter().take(5).map(|name| super::plain(name)).collect::<Vec<_>>().join(", ");
    Standing::WrongName {
        says: if names.is_empty() { "it is for no name".to_owned() } else { format!("it is for {names}") },
    }
}

fn told(places: &[String], note: Option<&str>) -> String {
    let named = places.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let more = if places.len() > 3 { format!(" and {} more", places.len() - 3) } else { String::new() };
    let note = note.map_or_else(String::new, |note| format!("; {note}"));
    format!("{named}{more}{note}")
}

/// The addresses of a host, in their order; never empty. The `http` probe asks for them by the same name.
async fn addresses(cx: &Context, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unobserved> {
    if let Some(socket) = cx.network().leads_host(host, port) {
        return Ok(vec![socket]);
    }
    let (network, name, asked) = (cx.network().clone(), host.to_owned(), format!("addresses of {host}"));
    let question = Question { host: asked.clone(), key: asked.clone(), asked, limit: HANDSHAKE };
    let look = move || {
        let (network, name) = (network.clone(), name.clone());
        async move { network.addresses(&name).await }
    };
    let found = cx.looks().once(cx.trace(), question, look).await?;
    let mut sockets: Vec<SocketAddr> = found.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
    sockets.sort_unstable();
    sockets.dedup();
    Ok(sockets)
}

/// What cert-manager says that it issued last.
async fn issued(cx: &Context, cluster: &Cluster, named: &CertManager) -> Result<Issued, Unobserved> {
    let CertManager { namespace, name } = named;
    let api = cx.cluster(cluster).await?;
    let found = api
        .find::<cert_manager::Certificate>(&path(cert_manager::API, Some(namespace), &["certificates", name]))
        .await?;
    let kubectl = api.kubectl().clone();
    let exists = found.is_some();
    if !exists && !api.has_namespace(namespace).await? {
        let detail = format!("there is no namespace {namespace}");
        let by_hand = Remedy::run(["kubectl", "get", "namespaces"]);
        return Err(Unobserved::new(Why::NotFound, format!("certificate {namespace}/{name}"), detail).by_hand(by_hand));
    }
    let status = found.map(|found| found.value.status.clone()).unwrap_or_default();
    Ok(Issued {
        kubectl,
        namespace: namespace.clone(),
        name: name.clone(),
        exists,
        ready: status.condition("Ready").map(|told| super::plain(&format!("{} {}", told.status, told.reason))),
        begins: status.not_before,
        ends: status.not_after,
        renewal: status.renewal_time,
        revision: status.revision,
        failed_attempts: status.failed_issuance_attempts.unwrap_or(0),
    })
}
