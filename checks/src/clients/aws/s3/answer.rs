//! What S3 answered: a body, an error's name, a list.

use super::super::refusal::{Call, meaning};
use crate::{
    clients::http::Response,
    contract::{Unobserved, Why, short},
};
use aws_smithy_xml::decode::{Document, XmlDecodeError, try_data};
use bytes::Bytes;

/// The body of a 200; `None` where S3 says by name that the object is not there.
pub(super) fn settle(answer: &Response, call: &Call) -> Result<Option<Bytes>, Unobserved> {
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
        *into = short(&try_data(&mut tag).ok()?, 160);
    }
    Some((code, words))
}

/// Whether the list of `bucket` begins with `key`.
pub(super) fn listed(body: &[u8], bucket: &str, key: &str) -> Result<bool, String> {
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
}
