//! A JSON web token that is signed here with RS256 (RFC 7515, RFC 7518 section 3.3): how a Google service account and a
//! GitHub App prove who they are.
//!
//! The signature is made by the TLS library's own signer. A crate for such tokens was rejected: it would bring a second
//! cryptography for the one line that is needed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls::{SignatureScheme, crypto::ring::sign::any_supported_type, sign::SigningKey};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use std::sync::Arc;

/// An RSA key that signs.
#[derive(Clone)]
pub struct Signer(Arc<dyn SigningKey>);

impl Signer {
    /// The private key in a PEM text, PKCS #1 or PKCS #8; where the text has the two letters `\n` in place of line breaks, as
    /// environment variables often do, they are taken for those.
    ///
    /// # Errors
    /// Why it is no such key; the words never quote it.
    pub fn of_pem(pem: &SecretString) -> Result<Self, &'static str> {
        let text = SecretString::from(pem.expose_secret().replace("\\n", "\n"));
        let der =
            PrivateKeyDer::from_pem_slice(text.expose_secret().as_bytes()).map_err(|_| "no private key in PEM")?;
        let key = any_supported_type(&der).map_err(|_| "a private key that cannot sign")?;
        let signer = Self(key);
        match signer.0.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]) {
            Some(_) => Ok(signer),
            None => Err("a private key that is not RSA's"),
        }
    }

    /// A token with these claims; `key_id` goes into its header.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn token(&self, key_id: Option<&str>, claims: &Value) -> Result<SecretString, &'static str> {
        let mut header = json!({ "alg": "RS256", "typ": "JWT" });
        if let Some(id) = key_id {
            header["kid"] = json!(id);
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signer = self.0.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).ok_or("a key that is not RSA's")?;
        let signature = signer.sign(message.as_bytes()).map_err(|_| "the key does not sign")?;
        Ok(SecretString::from(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_rsa_key_says_why_and_quotes_nothing() {
        let elliptic = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        for (text, reason) in [
            ("hush-hush", "no private key"),
            ("-----BEGIN PRIVATE KEY-----\naHVzaC1odXNo\n-----END PRIVATE KEY-----\n", "cannot sign"),
            (elliptic.as_str(), "not RSA's"),
        ] {
            let refused = Signer::of_pem(&SecretString::from(text)).err().expect("refused");
            assert!(refused.contains(reason) && !refused.contains("hush"), "{refused}");
        }
    }
}
