//! One handshake with one address, shared by all who ask for the same.

use super::{
    Shown,
    examine::{Question as Examination, examine},
    recorder::Recorder,
    tls_fault,
};
use crate::{
    clients::{looks::Question, trust::Trust},
    contract::{Context, Remedy, Unobserved, Why},
};
use jiff::Timestamp;
use rustls::{ClientConfig, client::Resumption, crypto::ring};
use rustls_pki_types::ServerName;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Where to knock, and as whom the server is asked for.
#[derive(Clone, Debug)]
pub struct Door {
    /// The host in the URL: what the server is asked for, and must prove unless `trust` names another.
    pub host: String,
    /// The address, as its name resolves.
    pub address: SocketAddr,
    /// Whom to believe.
    pub trust: Trust,
    /// The longest that one handshake may take.
    pub limit: Duration,
}

impl Door {
    fn asked(&self) -> String {
        format!("TLS with {} for {}", self.address, self.host)
    }

    fn by_hand(&self) -> Remedy {
        let (host, address) = (&self.host, self.address);
        let to = format!("{host}:{}:{address}", address.port());
        let url = format!("https://{host}:{}/", address.port());
        Remedy::run(["curl", "-sSvk", "--max-time", "10", "-o", "/dev/null", "--connect-to", to.as_str(), url.as_str()])
    }
}

impl Context {
    /// What is shown at a door, asked at most once in the run.
    ///
    /// # Errors
    /// Nothing answers there, or not in TLS; a trust that cannot be read.
    pub async fn knock(&self, door: Door) -> Result<Arc<Shown>, Unobserved> {
        let asked = door.asked();
        let key = format!("tls {} {} {:?}", door.host, door.address, door.trust);
        let host = door.address.to_string();
        let (cx, by_hand) = (self.clone(), door.by_hand());
        let question = Question { host, key, asked, limit: door.limit };
        let look = move || {
            let (cx, door) = (cx.clone(), door.clone());
            async move { cx.shake_hands(&door).await }
        };
        let seen = self.looks().once(self.trace(), question, look).await;
        seen.map_err(|missing| if missing.remedy.is_none() { missing.by_hand(by_hand) } else { missing })
    }

    async fn shake_hands(&self, door: &Door) -> Result<Shown, Unobserved> {
        let trusted = self.reach().trusted(&door.trust)?;
        let algorithms = ring::default_provider().signature_verification_algorithms;
        let recorder = Arc::new(Recorder::new(algorithms));
        let (sni, proven) = (name(door, &door.host)?, door.trust.server_name.as_deref().unwrap_or(&door.host));
        let proven = name(door, proven)?;
        let config = recording(&trusted.client, recorder.clone());
        let now = Timestamp::now();
        let plain =
            TcpStream::connect(self.network().leads(door.address)).await.map_err(|error| unreached(door, &error))?;
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

fn unreached(door: &Door, error: &io::Error) -> Unobserved {
    if door.address.is_ipv6() && error.kind() == io::ErrorKind::NetworkUnreachable {
        return Unobserved::new(Why::Unconfigured, door.asked(), "this machine has no way to IPv6 addresses");
    }
    Unobserved::new(Why::Unreachable, door.asked(), error)
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
