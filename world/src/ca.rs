//! The world's own certificate authority, and the leaf certificates that its servers present.
//!
//! A leaf is a plain value (names and dates) in the state; its key and signature are made when it is first presented
//! and kept. A second authority, which no client knows, signs what is to be untrusted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A leaf certificate to present.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// Subject alternative names: DNS names, wildcards, IP addresses.
    pub names: Vec<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
    /// Signed by the authority whose certificate `World::ca_pem` gives, or by one that nobody knows.
    pub is_trusted: bool,
}

impl Leaf {
    /// A trusted certificate for these names, valid from 2020 to 2099: a world made for a fixed day must not rot.
    #[must_use]
    pub fn for_names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            not_before: second(1_577_836_800),
            not_after: second(4_070_908_800),
            is_trusted: true,
        }
    }

    /// For the host of an API, and for the loopback address too: some clients can only be pointed there.
    pub(crate) fn for_api(host: &str) -> Self {
        Self::for_names([host, "localhost", "127.0.0.1"])
    }

    /// The same, valid until this instant.
    #[must_use]
    pub fn until(mut self, not_after: Timestamp) -> Self {
        self.not_after = not_after;
        self
    }

    /// The same, valid from this instant.
    #[must_use]
    pub fn since(mut self, not_before: Timestamp) -> Self {
        self.not_before = not_before;
        self
    }

    /// The same, signed by an authority that nobody knows.
    #[must_use]
    pub fn untrusted(mut self) -> Self {
        self.is_trusted = false;
        self
    }

    /// The same, valid for the first day of 2020 alone.
    #[must_use]
    pub fn expired(self) -> Self {
        self.since(second(1_577_836_800)).until(second(1_577_923_200))
    }
}

fn second(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(Timestamp::MAX)
}

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// A name or a key that cannot be put into a certificate.
    #[error("cannot make the certificate for {names}")]
    Certificate {
        /// The names asked for.
        names: String,
        /// Why.
        source: rcgen::Error,
    },
    /// A certificate that the TLS library refuses.
    #[error("cannot serve the certificate for {names}")]
    Tls {
        /// The names asked for.
        names: String,
        /// Why.
        source: rustls::Error,
    },
}

/// The authority.
pub struct Ca {
    pem: String,
    known: Issuer<'static, KeyPair>,
    unknown: Issuer<'static, KeyPair>,
    key: KeyPair,
    made: Mutex<HashMap<Leaf, Arc<ServerConfig>>>,
}

impl std::fmt::Debug for Ca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ca").finish_non_exhaustive()
    }
}

impl Ca {
    /// Makes an authority with fresh keys.
    ///
    /// # Errors
    ///
    /// When the crypto library cannot make a key.
    pub fn new() -> Result<Self, CaError> {
        let (pem, known) = authority("gonogo world")?;
        let (_, unknown) = authority("somebody else")?;
        Ok(Self {
            pem,
            known,
            unknown,
            key: KeyPair::generate().map_err(|source| unmade("a leaf key", source))?,
            made: Mutex::default(),
        })
    }

    /// The authority's own certificate.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// What a server that presents this leaf runs with.
    pub(crate) fn server(&self, leaf: &Leaf) -> Result<Arc<ServerConfig>, CaError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = made.get(leaf) {
            return Ok(Arc::clone(server));
        }
        let server = Arc::new(self.sign(leaf)?);
        made.insert(leaf.clone(), Arc::clone(&server));
        Ok(server)
    }

    fn sign(&self, leaf: &Leaf) -> Result<ServerConfig, CaError> {
        let names = leaf.names.join(", ");
        let failed = |source| unmade(&names, source);
        let mut params = CertificateParams::new(leaf.names.clone()).map_err(failed)?;
        params.distinguished_name.push(DnType::CommonName, leaf.names.first().map_or("", String::as_str));
        params.not_before = instant(leaf.not_before).into();
        params.not_after = instant(leaf.not_after).into();
        params.use_authority_key_identifier_extension = true;
        let issuer = if leaf.is_trusted { &self.known } else { &self.unknown };
        let certificate = params.signed_by(&self.key, issuer).map_err(failed)?;
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map(|mut server| {
                server.alpn_protocols = vec![b"http/1.1".to_vec()];
                server
            })
            .map_err(|source| CaError::Tls { names, source })
    }
}

fn authority(name: &str) -> Result<(String, Issuer<'static, KeyPair>), CaError> {
    let failed = |source| unmade(name, source);
    let key = KeyPair::generate().map_err(failed)?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let pem = params.self_signed(&key).map_err(failed)?.pem();
    Ok((pem, Issuer::new(params, key)))
}

fn unmade(names: &str, source: rcgen::Error) -> CaError {
    CaError::Certificate { names: names.to_owned(), source }
}

fn instant(timestamp: Timestamp) -> SystemTime {
    let seconds = u64::try_from(timestamp.as_second()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
