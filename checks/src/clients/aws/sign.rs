//! A request with Amazon's signature (version 4), made by the SDK's own signer and sent as every request of the run.

use crate::clients::http::Ask;
use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign},
    sign::v4,
};
use http::{HeaderName, HeaderValue};
use std::time::SystemTime;

/// What a signature is made for.
pub(super) struct Scope<'a> {
    /// The service's name in signatures: `s3`.
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    pub(super) settings: SigningSettings,
}

impl Scope<'_> {
    /// `ask` with `headers`, and what proves that `credentials` ask for it.
    ///
    /// # Errors
    /// Why it cannot be signed.
    pub(super) fn signed(
        self,
        ask: Ask,
        headers: &[(&str, &str)],
        body: &[u8],
        credentials: &Credentials,
    ) -> Result<Ask, String> {
        let identity = credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(SystemTime::now())
            .settings(self.settings)
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let unfit = |error: SigningError| format!("it cannot be signed: {error}");
        let (method, url) = (ask.method().as_str(), ask.url().as_str());
        let request = SignableRequest::new(method, url, headers.iter().copied(), SignableBody::Bytes(body));
        let (signature, _) = sign(request.map_err(unfit)?, &parameters).map_err(unfit)?.into_parts();
        headers.iter().copied().chain(signature.headers()).try_fold(ask, |ask, (name, value)| {
            let name: HeaderName = name.parse().map_err(|_| format!("no header `{name}`"))?;
            let mut value = HeaderValue::from_str(value).map_err(|_| format!("no value for `{name}`"))?;
            value.set_sensitive(name == http::header::AUTHORIZATION || name == "x-amz-security-token");
            Ok(ask.made_header(name, value))
        })
    }
}
