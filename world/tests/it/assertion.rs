//! An assertion signed as a client signs it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;

pub const APP: &str = include_str!("../../keys/app.pem");
pub const OTHER: &str = include_str!("../../keys/other.pem");
pub const SERVICE_ACCOUNT: &str = include_str!("../../keys/service_account.json");

/// `claims` under `header`, signed with RS256 by the key in `pem`.
pub fn signed(header: &Value, claims: &Value, pem: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let key = any_supported_type(&PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("PEM")).expect("a key");
    let signer = key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).expect("RSA");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signer.sign(message.as_bytes()).expect("signed")))
}
