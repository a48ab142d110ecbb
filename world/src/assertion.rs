//! JSON web tokens signed with RS256, as they are shown to the world.
//!
//! A signature is verified by making it again: RS256 gives the same bytes for the same key and text each time (RFC 8017,
//! section 8.2), and the world has the private keys of everyone in it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;

/// The header and the claims of `token`, if the key in `pem` signed them.
pub(crate) fn verified(token: &str, pem: &str) -> Option<(Value, Value)> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (header, claims) = (read(header)?, read(claims)?);
    let is_signed = URL_SAFE_NO_PAD.decode(signature).ok()? == sign(message, pem)?;
    (header["alg"] == "RS256" && is_signed).then_some((header, claims))
}

fn sign(message: &str, pem: &str) -> Option<Vec<u8>> {
    let key = any_supported_type(&PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?).ok()?;
    key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])?.sign(message.as_bytes()).ok()
}
