//! One handshake with one address, shared by all who ask for the same.

use super::{
    Shown,
    examine::{Question as Examination, examine},
    recorder::Recorder,
    tls_fault,
    tunnel::open,
};
use crate::{
    clients::{looks::Question, trust::Trust},
    contract::{Context, Remedy, Unobserved, Why},
};
use jiff::Timestamp;
use rustls::{ClientConfig, client::Resumption, crypto::ring};
use rustls_pki_types::ServerName;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio_rustls::TlsConnector;
use url::Url;

/// Where to knock, and as whom the server is asked for.
#[derive(Clone, Debug)]
pub struct Door {
    /// The host in the URL: what the server is asked for, and must prove unless `trust` names another.
    pub host: String,
    /// The port in the URL.
    pub port: u16,
    /// How to get there.
    pub way: Way,
    /// Which of several handshakes with the same door this is: each of them meets whoever stands behind it then.
    pub turn: u8,
    /// Whom to believe.
    pub trust: Trust,
    /// The longest that one handshake may take.
    pub limit: Duration,
}

/// How to get to a door.
#[derive(Clone, Debug)]
pub enum Way {
    /// To an address, as the host's name resolves.
    Straight(SocketAddr),
    /// Through a proxy, which resolves the name itself.
    Through(Url),
}

impl Way {
    fn is_at(&self) -> String {
        match self {
            Self::Straight(address) => address.to_string(),
            Self::Through(proxy) => {
                format!("{}:{}", proxy.host_str().unwrap_or_default(), proxy.port_or_known_default().unwrap_or(80))
            }
        }
    }
}

impl Door {
    pub(super) fn asked(&self) -> String {
        match &self.way {
            Way::Straight(address) => format!("TLS with {address} for {}", self.host),
            Way::Through(_) => format!("TLS with {}:{} through the proxy {}", self.host, self.port, self.way.is_at()),
        }
    }

    fn by_hand(&self) -> Remedy {
        let url = format!("https://{}:{}/", self.host, self.port);
        let way = match &self.way {
            Way::Straight(address) => ["--connect-to".to_owned(), format!("{}:{}:{address}", self.host, self.port)],
            Way::Through(_) => ["-x".to_owned(), format!("http://{}", self.way.is_at())],
        };
        let curl = ["curl", "-sSvk", "--max-time", "10", "-o", "/dev/null"].map(str::to_owned);
        Remedy::run(curl.into_iter().chain(way).chain([url]))
    }
}

impl Context {
    /// What is shown at a door, asked at most once in the run.
    ///
    /// # Errors
    /// Nothing answers there, or not in TLS; a trust that cannot be read.
    pub async fn knock(&self, door: Door) -> Result<Arc<Shown>, Unobserved> {
        let asked = door.asked();
        let key = format!("tls {}:{} {:?} {} {:?}", door.host, door.port, door.way, door.turn, door.trust);
        let host = door.way.is_at();
        let (cx, by_hand) = (self.clone(), door.by_hand());
        let question = Question { host, key, asked, limit: door.limit };
        let look = move || {
            let (cx, door) = (cx.clone(), door.clone());
            async move { cx.shake_hands(&door).await }
        };
        let seen = self.looks().once(self.trace(), question, look).await;
        seen.map_err(|missing| if missing.remedy.is_none() { missing.by_hand(by_hand) } else { missing })
    }

    /// What is shown at a door, as a measurement: for this asker alone, and once.
    ///
    /// # Errors
    /// As [`knock`](Self::knock).
    pub async fn knock_once(&self, door: Door) -> Result<Shown, Unobserved> {
        let (cx, asked, by_hand) = (self.clone(), door.asked(), door.by_hand());
        let question = Question { host: door.way.is_at(), key: String::new(), asked, limit: door.limit };
        let look = move || {
            let (cx, door) = (cx.clone(), door.clone());
            // A handshake that failed is what was measured: it is not made again.
            async move { Ok(cx.shake_hands(&door).await) }
        };
        let seen = self.looks().alone(self.trace(), question, look).await;
        let shown = seen.and_then(|shown| (*shown).clone());
        shown.map_err(|missing| if missing.remedy.is_none() { missing.by_hand(by_hand) } else { missing })
    }

    async fn shake_hands(&self, door: &Door) -> Result<Shown, Unobserved> {
        let trusted = self.reach().trusted(&door.trust)?;
        let algorithms = ring::default_provider().signature_verification_algorithms;
        let recorder = Arc::new(Recorder::new(algorithms));
        let (sni, proven) = (name(door, &door.host)?, door.trust.server_name.as_deref().unwrap_or(&door.host));
        let proven = name(door, proven)?;
        let config = recording(&trusted.client, recorder.clone());
        let now = Timestamp::now();
        let plain = open(door, self.network()).await?;
        let _open = TlsConnector::from(config).connect(sni, plain).await.map_err(|error| broken(door, &error))?;
        let asked = door.asked();
        let question = Examination { asked: &asked, host: &proven, store: &trusted.store, algorithms, now };
        examine(&question, &recorder.chain())
    }
}

fn recording(client: &ClientConfig, recorder: Arc<Recorder>) -> Arc<ClientConfig> {
    let mut config = client.clone();
    // A resumed session shows no certificate.
    config.resumption = Resumption::disabled();
    config.dangerous().set_certificate_verifier(recorder);
    Arc::new(config)
}

fn name(door: &Door, host: &str) -> Result<ServerName<'static>, Unobserved> {
    let plain = host.trim_matches(['[', ']']).trim_end_matches('.').to_owned();
    ServerName::try_from(plain).map_err(|error| Unobserved::new(Why::Unconfigured, door.asked(), error))
}

fn broken(door: &Door, error: &io::Error) -> Unobserved {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => {
            let (why, words) = tls_fault(error);
            Unobserved::new(why, door.asked(), words)
        }
        None => Unobserved::new(Why::Unreachable, door.asked(), error),
    }
}
