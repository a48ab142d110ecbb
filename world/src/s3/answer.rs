//! S3's REST protocol: the object is in the path, an error is XML, and an object that is not there is a 403 to whoever may not
//! list the bucket (S3 API reference: `GetObject`, "If you do not have s3:ListBucket …").

use std::fmt::Write as _;

use super::Bucket;
use crate::ecr::{Identity, Unheard};
use crate::serve::{Reply, Request};
use crate::state::State;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// The most keys of a page.
const PAGE: usize = 1000;

pub(super) fn answer(state: &State, region: &str, bucket: Option<&str>, request: &Request) -> Reply {
    let identity = match state.aws.identify(request, "s3", region) {
        Ok(identity) => identity,
        Err(unheard) => return refused(unheard),
    };
    if request.header("x-amz-content-sha256").is_none() {
        return failed(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
    }
    let mut segments = request.segments();
    let name = match bucket {
        Some(name) => name.to_owned(),
        None if segments.is_empty() => return failed(403, "AccessDenied", "Access Denied"),
        None => segments.remove(0),
    };
    let Some(bucket) = state.s3.get(&name).filter(|bucket| bucket.region == region) else {
        return failed(404, "NoSuchBucket", "The specified bucket does not exist");
    };
    let key = segments.join("/");
    match request.method.as_str() {
        "GET" if key.is_empty() => list(bucket, &name, identity, request),
        "GET" | "HEAD" => object(bucket, identity, &key),
        _ => failed(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    }
}

pub(super) fn refusal(status: u16, request: &Request) -> Reply {
    match status {
        401 => refused(Unheard::UnknownKey),
        403 => failed(403, "AccessDenied", "Access Denied"),
        404 if request.parameter("list-type").is_none() => no_key(),
        404 => failed(404, "NoSuchBucket", "The specified bucket does not exist"),
        429 => failed(503, "SlowDown", "Please reduce your request rate."),
        503 => failed(503, "ServiceUnavailable", "Service is unable to handle request."),
        status => failed(status, "InternalError", "We encountered an internal error. Please try again."),
    }
}

fn refused(unheard: Unheard) -> Reply {
    match unheard {
        Unheard::Unsigned => failed(403, "AccessDenied", "Access Denied"),
        Unheard::UnknownKey => {
            failed(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        }
        Unheard::Expired => failed(400, "ExpiredToken", "The provided token has expired."),
        Unheard::WrongScope => {
            failed(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region is wrong")
        }
    }
}

fn may(identity: &Identity, action: &str) -> bool {
    !identity.denied.iter().any(|denied| denied == action)
}

fn object(bucket: &Bucket, identity: &Identity, key: &str) -> Reply {
    match bucket.objects.get(key) {
        _ if !may(identity, "s3:GetObject") => failed(403, "AccessDenied", "Access Denied"),
        Some(object) => Reply::new(200, object.body.clone())
            .header("content-type", "application/json")
            .header("accept-ranges", "bytes")
            .header("last-modified", object.written.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        None if may(identity, "s3:ListBucket") => no_key(),
        None => failed(403, "AccessDenied", "Access Denied"),
    }
}

fn list(bucket: &Bucket, name: &str, identity: &Identity, request: &Request) -> Reply {
    if !may(identity, "s3:ListBucket") {
        return failed(403, "AccessDenied", "Access Denied");
    }
    let prefix = request.parameter("prefix").unwrap_or_default();
    let most = request.parameter("max-keys").and_then(|most| most.parse().ok()).unwrap_or(PAGE).min(PAGE);
    let found: Vec<_> = bucket.objects.iter().filter(|(key, _)| key.starts_with(&prefix)).collect();
    let shown = &found[..most.min(found.len())];
    let mut body = format!(
        "<Name>{}</Name><Prefix>{}</Prefix><KeyCount>{}</KeyCount><MaxKeys>{most}</MaxKeys><IsTruncated>{}</IsTruncated>",
        escaped(name),
        escaped(&prefix),
        shown.len(),
        shown.len() < found.len()
    );
    for (key, object) in shown {
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            "<Contents><Key>{}</Key><LastModified>{}</LastModified><Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
            escaped(key),
            object.written.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            object.body.len()
        );
    }
    xml(200, &format!("<ListBucketResult xmlns=\"{NAMESPACE}\">{body}</ListBucketResult>"))
}

fn no_key() -> Reply {
    failed(404, "NoSuchKey", "The specified key does not exist.")
}

fn failed(status: u16, code: &str, message: &str) -> Reply {
    let ids = "<RequestId>4442587FB7D0A2F9</RequestId><HostId>d29ybGQ=</HostId>";
    xml(status, &format!("<Error><Code>{code}</Code><Message>{message}</Message>{ids}</Error>"))
}

fn xml(status: u16, body: &str) -> Reply {
    Reply::new(status, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"))
        .header("content-type", "application/xml")
        .header("x-amz-request-id", "4442587FB7D0A2F9")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
