//! S3: whether an object is there, and what is in it.
//!
//! Two GETs, signed by the SDK's own signer and sent as every request of the run; the S3 SDK is larger than all the others
//! together. Whether an object is there is asked of the list and not of the object, since a `HEAD` takes the right to
//! read it (`s3:GetObject`). Keys of a general-purpose bucket are listed in UTF-8 order, so that a key is the first of
//! those that begin with it.

use super::{
    account::{by_hand, key},
    refusal::{Call, meaning, uncredited},
};
use crate::{
    clients::{
        connections::AwsAccount,
        http::{Ask, Response},
        looks::Question,
    },
    contract::{Context, Remedy, Unobserved, Why},
};
use aws_credential_types::{Credentials, provider::ProvideCredentials as _};
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_smithy_xml::decode::{Document, XmlDecodeError, try_data};
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};
use url::Url;

const ASK: Duration = Duration::from_secs(10);
/// A page of one key with room for its metadata.
const MOST_LIST: usize = 1 << 20;
/// What AWS leaves unescaped when it signs.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A bucket in its region, asked with an account's credential.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Whose credential.
    pub account: AwsAccount,
    /// The bucket's region.
    pub region: String,
    /// Its name.
    pub name: String,
}

/// What came, asked of whom and when.
#[derive(Clone, Debug)]
pub struct Object<T> {
    /// What came.
    pub value: T,
    /// What was asked, for a person.
    pub asked: String,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
}

/// True if and only if S3 takes `name` for a general-purpose bucket's name: 3 to 63 lower-case letters, digits, `.` and `-`,
/// a letter or a digit at both ends.
#[must_use]
pub fn is_bucket(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()];
    (3..=63).contains(&name.len())
        && ends.into_iter().flatten().all(is_plain)
        && !name.contains("..")
        && name.bytes().all(|byte| is_plain(byte) || byte == b'.' || byte == b'-')
}

/// True if and only if a URL carries `key` as it is: not empty, at most 1,024 bytes, with no part that a URL leaves out.
#[must_use]
pub fn is_key(key: &str) -> bool {
    (1..=1024).contains(&key.len()) && !key.starts_with('/') && key.split('/').all(|part| part != "." && part != "..")
}

impl Bucket {
    /// True if and only if there is an object `key`. Takes `s3:ListBucket`.
    ///
    /// # Errors
    /// No such bucket, a missing right, or no answer that proves anything.
    pub async fn holds(&self, cx: &Context, key: &str) -> Result<Object<bool>, Unobserved> {
        let prefix = utf8_percent_encode(key, PLAIN);
        let call = Call {
            asked: format!("s3:ListObjectsV2 of s3://{}/{key} in {}", self.name, self.region),
            right: self.right_to_list(),
            by_hand: self.by_hand(&[
                "s3api",
                "list-objects-v2",
                "--bucket",
                &self.name,
                "--max-items",
                "1",
                "--prefix",
                key,
            ]),
        };
        let answer = self.get(cx, &format!("?list-type=2&max-keys=1&prefix={prefix}"), &call, MOST_LIST).await?;
        let Some(body) = &answer.value else {
            return Err(call.without(Why::NotFound, "the list is not there", None));
        };
        let is_there = listed(body, &self.name, key).map_err(|reason| call.without(Why::Malformed, reason, None))?;
        Ok(Object { value: is_there, asked: answer.asked.clone(), asked_at: answer.asked_at })
    }

    /// What is in the object `key`, at most `most` bytes; `None` where the bucket says that there is none. Takes
    /// `s3:GetObject` on it; without `s3:ListBucket` an object that is not there is refused like one that may not be read.
    ///
    /// # Errors
    /// No such bucket, a missing right, or no whole answer.
    pub async fn read(&self, cx: &Context, key: &str, most: usize) -> Result<Arc<Object<Option<Bytes>>>, Unobserved> {
        let call = Call {
            asked: format!("s3:GetObject s3://{}/{key} in {}", self.name, self.region),
            right: self.right_to_read(key),
            by_hand: self.look(key),
        };
        let path: Vec<String> = key.split('/').map(|part| utf8_percent_encode(part, PLAIN).to_string()).collect();
        self.get(cx, &path.join("/"), &call, most).await
    }

    /// The right that [`holds`](Self::holds) takes.
    #[must_use]
    pub fn right_to_list(&self) -> String {
        format!("s3:ListBucket on {}", self.arn())
    }

    /// The right that [`read`](Self::read) takes.
    #[must_use]
    pub fn right_to_read(&self, key: &str) -> String {
        format!("s3:GetObject on {}/{key}", self.arn())
    }

    /// The command that shows what is in the object `key`.
    #[must_use]
    pub fn look(&self, key: &str) -> Remedy {
        self.by_hand(&["s3", "cp", &format!("s3://{}/{key}", self.name), "-"])
    }

    fn by_hand(&self, words: &[&str]) -> Remedy {
        by_hand(&self.account, &self.region, words)
    }

    fn arn(&self) -> String {
        let partition = match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        format!("arn:{partition}:s3:::{}", self.name)
    }

    /// The bucket's own host; below a path where its name has dots, which no wildcard certificate covers, and at an
    /// endpoint of the checklist's own.
    fn url(&self, rest: &str) -> Result<Url, String> {
        let Self { account, region, name } = self;
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let root = match &account.endpoint_url {
            Some(endpoint) => format!("{}/{name}", endpoint.trim_end_matches('/')),
            None if name.contains('.') => format!("https://s3.{region}.{domain}/{name}"),
            None => format!("https://{name}.s3.{region}.{domain}"),
        };
        let text = format!("{root}/{rest}");
        let url = Url::parse(&text).map_err(|error| error.to_string())?;
        // A URL drops `..`; then it would be another object's.
        if url.as_str() == text { Ok(url) } else { Err("a name in it leads to another path".to_owned()) }
    }

    async fn get(
        &self,
        cx: &Context,
        rest: &str,
        call: &Call,
        most: usize,
    ) -> Result<Arc<Object<Option<Bytes>>>, Unobserved> {
        let url = self.url(rest).map_err(|reason| call.without(Why::Unconfigured, reason, None))?;
        let credentials = cx.aws_credentials(&self.account).await?;
        let ask = Ask::to(url.clone()).at_most(most).any_status();
        let question = Question {
            host: ask.host(),
            key: format!("s3 {} {} {most} {}", ask.asked(), self.region, key(&self.account)),
            asked: call.asked.clone(),
            limit: ASK,
        };
        let (cx_of, asked) = (cx.clone(), Arc::new((self.region.clone(), url, credentials, call.clone())));
        let look = move || {
            let (cx, asked) = (cx_of.clone(), asked.clone());
            async move {
                let (region, url, credentials, call) = &*asked;
                let ask = signed(url, region, credentials)
                    .map_err(|reason| call.without(Why::Unconfigured, reason, None))?
                    .at_most(most)
                    .any_status();
                let answer = cx.send(&ask).await.map_err(|missing| call.broken(missing))?;
                let value = settle(&answer, call)?;
                Ok(Object { value, asked: call.asked.clone(), asked_at: answer.asked_at })
            }
        };
        cx.looks().once::<Object<Option<Bytes>>, _>(cx.trace(), question, look).await
    }
}

impl Context {
    /// The credential of an account, read once in the run.
    async fn aws_credentials(&self, account: &AwsAccount) -> Result<Arc<Credentials>, Unobserved> {
        let config = self.aws_config(account).await?;
        let asked = account.profile.as_ref().map_or_else(
            || "the AWS credential of this environment".to_owned(),
            |profile| format!("the credential of the AWS profile {profile}"),
        );
        let key = format!("aws credential {}", key(account));
        let question = Question { host: "aws".to_owned(), key, asked: asked.clone(), limit: ASK };
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
fn signed(url: &Url, region: &str, credentials: &Credentials) -> Result<Ask, String> {
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

/// The body of a 200; `None` where S3 says by name that the object is not there.
fn settle(answer: &Response, call: &Call) -> Result<Option<Bytes>, Unobserved> {
    if answer.status == 200 {
        return Ok(Some(answer.body.clone()));
    }
    let (code, words) = refusal(&answer.body).unwrap_or_default();
    if answer.status == 404 && code == "NoSuchKey" {
        return Ok(None);
    }
    let why = meaning(&code, Some(&words)).unwrap_or_else(|| answer.refusal().why);
    let detail = match (why, code.is_empty()) {
        (Why::Forbidden, _) => format!("the credential lacks {}", call.right),
        (_, false) => format!("{code}: {words}"),
        (_, true) => format!("status {}: {}", answer.status, answer.words()),
    };
    let region = answer.header("x-amz-bucket-region").map(|region| format!("; the bucket is in {region}"));
    Err(call.without(why, detail + &region.unwrap_or_default(), answer.retry_after()))
}

/// Code and words of an error's body.
fn refusal(body: &[u8]) -> Option<(String, String)> {
    let mut document = Document::try_from(body).ok()?;
    let mut root = document.root_element().ok()?;
    if !root.start_el().matches("Error") {
        return None;
    }
    let (mut code, mut words) = (String::new(), String::new());
    while let Some(mut tag) = root.next_tag() {
        let into = match tag.start_el().local() {
            "Code" => &mut code,
            "Message" => &mut words,
            _ => continue,
        };
        *into = try_data(&mut tag).ok()?.chars().filter(|letter| !letter.is_control()).take(160).collect();
    }
    Some((code, words))
}

/// Whether the list of `bucket` begins with `key`.
fn listed(body: &[u8], bucket: &str, key: &str) -> Result<bool, String> {
    let unreadable = |error: XmlDecodeError| format!("the list cannot be read: {error}");
    let mut document = Document::try_from(body).map_err(unreadable)?;
    let mut root = document.root_element().map_err(unreadable)?;
    if !root.start_el().matches("ListBucketResult") {
        return Err("the answer is no list of a bucket".to_owned());
    }
    let (mut name, mut count, mut is_there) = (None, None, false);
    while let Some(mut tag) = root.next_tag() {
        match tag.start_el().local() {
            "Name" => name = Some(try_data(&mut tag).map_err(unreadable)?.into_owned()),
            "KeyCount" => count = Some(try_data(&mut tag).map_err(unreadable)?.into_owned()),
            "Contents" => {
                while let Some(mut inner) = tag.next_tag() {
                    if inner.start_el().matches("Key") {
                        is_there |= try_data(&mut inner).map_err(unreadable)? == key;
                    }
                }
            }
            _ => {}
        }
    }
    match (name, count) {
        (Some(name), _) if name != bucket => Err("the list is another bucket's".to_owned()),
        (Some(_), Some(_)) => Ok(is_there),
        _ => Err("the list does not say of which bucket it is, or how many keys it has".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(name: &str) -> Bucket {
        Bucket { account: AwsAccount::default(), region: "us-east-2".to_owned(), name: name.to_owned() }
    }

    #[test]
    fn a_bucket_is_a_host_and_one_with_dots_a_path() {
        let url = |name: &str, rest: &str| bucket(name).url(rest).map(|url| url.to_string());
        assert_eq!(url("tf-state", "a/b").expect("a URL"), "https://tf-state.s3.us-east-2.amazonaws.com/a/b");
        assert_eq!(url("tf.state", "a").expect("a URL"), "https://s3.us-east-2.amazonaws.com/tf.state/a");
        assert!(url("tf-state", "a/../b").is_err());
    }

    #[test]
    fn names_that_lead_elsewhere_are_no_names() {
        assert!(["tf-state", "a.b", "abc"].into_iter().all(is_bucket));
        assert!(!["", "ab", "-ab", "ab-", "a..b", "A-b", "a/b", "evil.test#", "a@b"].into_iter().any(is_bucket));
        assert!(["a", "env:/prod/terraform.tfstate", "a b"].into_iter().all(is_key));
        assert!(!["", "/a", "a/../b", "./a"].into_iter().any(is_key));
    }

    #[test]
    fn a_list_that_is_not_whole_or_anothers_proves_nothing() {
        let list = |inner: &str| format!("<?xml version=\"1.0\"?><ListBucketResult>{inner}</ListBucketResult>");
        let of = |inner: &str| listed(list(inner).as_bytes(), "tf-state", "a&b");
        let own = "<Name>tf-state</Name><KeyCount>1</KeyCount>";
        assert_eq!(of(&format!("{own}<Contents><Key>a&amp;b</Key><Size>3</Size></Contents>")), Ok(true));
        assert_eq!(of(&format!("{own}<Contents><Key>a&amp;b.tflock</Key></Contents>")), Ok(false));
        assert_eq!(of("<Name>tf-state</Name><KeyCount>0</KeyCount>"), Ok(false));
        assert!(of("<Name>other</Name><KeyCount>0</KeyCount>").is_err());
        assert!(of("<Name>tf-state</Name>").is_err());
        for text in
            ["", "{\"data\": [{\"id\": ", "<!doctype html>\n<html><body>Welcome</body></html>", "<ListBucketResult>"]
        {
            assert!(listed(text.as_bytes(), "tf-state", "a").is_err(), "{text}");
        }
    }

    #[test]
    fn a_request_is_signed_for_s3_and_shows_no_secret() {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret-key", Some("session".to_owned()), None, "test");
        let url = bucket("tf-state").url("env%3A/prod.tflock").expect("a URL");
        let ask = signed(&url, "us-east-2", &credentials).expect("signed");
        let text = format!("{ask:?}");
        assert!(text.contains("x-amz-content-sha256"), "{text}");
        assert!(
            !text.contains("secret-key") && !text.contains("\"session\"") && !text.contains("Signature="),
            "{text}"
        );
    }
}
