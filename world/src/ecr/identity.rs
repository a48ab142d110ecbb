//! Who is asking, by the access key in the signature, and whether they still may.

use jiff::Timestamp;

use super::Aws;
use crate::serve::Request;

/// The holder of an access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account it belongs to.
    pub account: String,
    /// Its ARN.
    pub arn: String,
    /// Its unique id.
    pub user_id: String,
    /// When a temporary credential ends.
    pub expires: Option<Timestamp>,
    /// Actions that it may not take: `ecr:DescribeImages`.
    pub denied: Vec<String>,
}

/// Why a request is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unheard {
    Unsigned,
    UnknownKey,
    Expired,
    WrongScope,
}

impl Aws {
    /// The holder of the key that signed a request for this service and region.
    pub(crate) fn identify(&self, request: &Request, service: &str, region: &str) -> Result<&Identity, Unheard> {
        let header = request.header("authorization").ok_or(Unheard::Unsigned)?;
        let signed = header.strip_prefix("AWS4-HMAC-SHA256 ").ok_or(Unheard::Unsigned)?;
        let mut parts = signed.split(',').map(str::trim);
        let credential = parts.find_map(|part| part.strip_prefix("Credential=")).ok_or(Unheard::Unsigned)?;
        let scope: Vec<&str> = credential.split('/').collect();
        let [key, _day, signed_region, signed_service, "aws4_request"] = scope[..] else {
            return Err(Unheard::Unsigned);
        };
        let identity = self.identities.get(key).ok_or(Unheard::UnknownKey)?;
        if identity.expires.is_some_and(|expires| expires <= request.now) {
            return Err(Unheard::Expired);
        }
        if signed_region != region || signed_service != service {
            return Err(Unheard::WrongScope);
        }
        Ok(identity)
    }
}
