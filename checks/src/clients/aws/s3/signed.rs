//! A request signed as S3 wants it: the path as it is, the body's hash in a header.

use super::super::sign::Scope;
use crate::clients::http::Ask;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{PayloadChecksumKind, PercentEncodingMode, SigningSettings, UriPathNormalizationMode};
use url::Url;

/// `GET url`, signed.
pub(super) fn signed(url: &Url, region: &str, credentials: &Credentials) -> Result<Ask, String> {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    Scope { service: "s3", region, settings }.signed(Ask::to(url.clone()), &[], &[], credentials)
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
