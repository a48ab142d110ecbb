//! Whom to believe: the certificates that are trusted, a client's own, and the name that a server must prove.

use crate::contract::{Unobserved, Why};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// Where certificates are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PemFile {
    /// A file's path, relative to the checklist.
    pub file: PathBuf,
}

/// A client's own certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientCertificate {
    /// The chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// A connection's `trust:`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// Certificates that are trusted besides this machine's.
    #[serde(default)]
    pub ca: Option<PemFile>,
    /// What the client shows of itself.
    #[serde(default)]
    pub client: Option<ClientCertificate>,
    /// The name that the server must prove, where it is not the URL's host.
    #[serde(default)]
    pub server_name: Option<String>,
}

/// This machine's trusted certificates and those of `network.ca`; read when first needed.
pub struct Roots {
    extra: Vec<CertificateDer<'static>>,
    store: OnceLock<Arc<RootCertStore>>,
}

impl Roots {
    /// This machine's certificates and those in `pem`.
    ///
    /// # Errors
    /// `pem` holds no certificate.
    pub fn new(pem: Option<&[u8]>) -> Result<Self, String> {
        Ok(Self { extra: pem.map(certificates).transpose()?.unwrap_or_default(), store: OnceLock::new() })
    }

    /// The store. A machine without certificates gets Mozilla's.
    pub fn store(&self) -> Arc<RootCertStore> {
        let read = || {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
            store.add_parsable_certificates(self.extra.iter().cloned());
            Arc::new(store)
        };
        self.store.get_or_init(read).clone()
    }
}

/// The certificates that are believed under `trust`: the roots and what it adds; files are relative to `base`.
///
/// # Errors
/// A file that cannot be read.
pub fn believed(roots: &Roots, trust: &Trust, base: &Path) -> Result<Arc<RootCertStore>, Unobserved> {
    let Some(ca) = &trust.ca else { return Ok(roots.store()) };
    let path = base.join(&ca.file);
    let pem = std::fs::read(&path).map_err(|error| wrong(&path, error.to_string()))?;
    let mut more = (*roots.store()).clone();
    more.add_parsable_certificates(certificates(&pem).map_err(|reason| wrong(&path, reason))?);
    Ok(Arc::new(more))
}

/// A TLS client that believes the roots and what `trust` adds; files are relative to `base`.
///
/// # Errors
/// A file that cannot be read, or a key that does not fit.
pub fn tls_client(roots: &Roots, trust: &Trust, base: &Path) -> Result<ClientConfig, Unobserved> {
    tls_client_of(believed(roots, trust, base)?, trust, base)
}

/// A TLS client that believes `store`, and shows and asks for what `trust` says.
pub(super) fn tls_client_of(store: Arc<RootCertStore>, trust: &Trust, base: &Path) -> Result<ClientConfig, Unobserved> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| Unobserved::new(Why::Unconfigured, "TLS", error))?;
    let builder = match &trust.server_name {
        None => builder.with_root_certificates(store),
        Some(name) => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Named::new(name, store, provider)?))
        }
    };
    match &trust.client {
        None => Ok(builder.with_no_client_auth()),
        Some(own) => {
            let (chain, key) = (base.join(&own.certificate), base.join(&own.key));
            let pem = std::fs::read(&chain).map_err(|error| wrong(&chain, error.to_string()))?;
            let chain = certificates(&pem).map_err(|reason| wrong(&chain, reason))?;
            let private = PrivateKeyDer::from_pem_file(&key).map_err(|error| wrong(&key, error.to_string()))?;
            builder.with_client_auth_cert(chain, private).map_err(|error| wrong(&key, error.to_string()))
        }
    }
}

fn wrong(what: &Path, reason: String) -> Unobserved {
    Unobserved::new(Why::Unconfigured, what.display().to_string(), reason)
}

/// The certificates in a PEM text.
///
/// # Errors
/// There is none, or one is broken.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    if found.is_empty() { Err("no certificate in it".to_owned()) } else { Ok(found) }
}

/// Verifies as ever, but for a name of the user's choice.
#[derive(Debug)]
pub(super) struct Named {
    name: ServerName<'static>,
    inner: Arc<WebPkiServerVerifier>,
}

impl Named {
    pub(super) fn new(
        name: &str,
        store: Arc<RootCertStore>,
        provider: Arc<rustls::crypto::CryptoProvider>,
    ) -> Result<Self, Unobserved> {
        let wrong = |error: String| Unobserved::new(Why::Unconfigured, name, error);
        let inner = WebPkiServerVerifier::builder_with_provider(store, provider)
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let name = ServerName::try_from(name.to_owned()).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { name, inner })
    }
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        _asked: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.inner.verify_server_cert(leaf, chain, &self.name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, leaf, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, leaf, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
