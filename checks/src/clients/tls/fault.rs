//! What a broken handshake means, in the words of [`Why`].

use crate::contract::Why;
use rustls::Error;

/// Why a handshake gave nothing, and its words. Only a certificate can be untrusted; all else is no answer in TLS.
pub(in crate::clients) fn tls_fault(error: &Error) -> (Why, String) {
    match error {
        Error::InvalidCertificate(_) | Error::NoCertificatesPresented => (Why::Untrusted, error.to_string()),
        Error::InvalidMessage(_) => (Why::Malformed, format!("what answers does not speak TLS: {error}")),
        _ => (Why::Malformed, format!("the TLS handshake failed: {error}")),
    }
}
