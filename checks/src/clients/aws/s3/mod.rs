//! S3: whether an object is there, and what is in it.
//!
//! Two GETs, signed by the SDK's own signer and sent as every request of the run; the S3 SDK is larger than all the others
//! together. Whether an object is there is asked of the list and not of the object, since a `HEAD` takes the right to
//! read it (`s3:GetObject`). Keys of a general-purpose bucket are listed in UTF-8 order, so that a key is the first of
//! those that begin with it.

mod answer;
mod signed;

use super::{
    account::{by_hand, key},
    refusal::Call,
};
use crate::{
    clients::{connections::AwsAccount, http::Ask, looks::Question},
    contract::{Context, Remedy, Unobserved, Why},
};
use answer::{listed, settle};
use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use signed::signed;
use std::{sync::Arc, time::Duration};
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
        let credentials = cx.aws_credential(&self.account, call).await?;
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
}
