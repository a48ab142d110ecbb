//! A request signed with an account's credential, by the SDK's own signer.

use super::super::{account::key, refusal::uncredited};
use crate::{
    clients::{connections::AwsAccount, http::Ask, looks::Question},
    contract::{Context, Unobserved, Why},
};
use aws_credential_types::{Credentials, provider::ProvideCredentials as _};
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use http::{HeaderName, HeaderValue};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};
use url::Url;

/// The longest that reading a credential may take, a program or a sign-in that gives it included.
const READ: Duration = Duration::from_secs(10);

impl Context {
    /// The credential of an account, read once in the run.
    pub(super) async fn aws_credentials(&self, account: &AwsAccount) -> Result<Arc<Credentials>, Unobserved> {
        let config = self.aws_config(account).await?;
        let asked = account.profile.as_ref().map_or_else(
            || "the AWS credential of this environment".to_owned(),
            |profile| format!("the credential of the AWS profile {profile}"),
        );
        let key = format!("aws credential {}", key(account));
        let question = Question { host: "aws".to_owned(), key, asked: asked.clone(), limit: READ };
        let look = move || {
            let (config, asked) = (config.clone(), asked.clone());
            async move {
                let Some(provider) = config.credentials_provider() else {
                    return Err(Unobserved::new(Why::Unconfigured, asked, "there is none"));
                };
                provider.provide_credentials().await.map_err(|error| uncredited(asked, &error))
            }
        };
        self.looks().once::<Credentials, _>(self.trace(), question, look).await
    }
}

/// `GET url`, signed as S3 wants it: the path as it is, the body's hash in a header.
pub(super) fn signed(url: &Url, region: &str, credentials: &Credentials) -> Result<Ask, String> {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let request = SignableRequest::new("GET", url.as_str(), std::iter::empty(), SignableBody::Bytes(&[]))
        .map_err(|error| error.to_string())?;
    let (instructions, _) = sign(request, &params).map_err(|error| error.to_string())?.into_parts();
    instructions.headers().try_fold(Ask::to(url.clone()), |ask, (name, value)| {
        let name: HeaderName = name.parse().map_err(|_| format!("no header `{name}`"))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| format!("no value for `{name}`"))?;
        value.set_sensitive(name == http::header::AUTHORIZATION || name == "x-amz-security-token");
        Ok(ask.made_header(name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_for_s3_and_shows_no_secret() {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret-key", Some("session".to_owned()), None, "test");
        let url = Url::parse("https://tf-state.s3.us-east-2.amazonaws.com/env%3A/prod.tflock").expect("a URL");
        let ask = signed(&url, "us-east-2", &credentials).expect("signed");
        let text = format!("{ask:?}");
        assert!(text.contains("x-amz-content-sha256"), "{text}");
        assert!(
            !text.contains("secret-key") && !text.contains("\"session\"") && !text.contains("Signature="),
            "{text}"
        );
    }
}
