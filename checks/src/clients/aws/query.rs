//! One call in Amazon's query protocol: a form, signed, sent over the run's own network; the answer is XML.
//!
//! For IAM and STS, whose refusals are answers about a key: the SDK would keep neither their names nor the time at which the
//! service says it answered. The SDK still finds the credential and makes the signature.

use super::{account::key, refusal::Call, sign::Scope};
use crate::{
    clients::{
        connections::AwsAccount,
        http::{Ask, Response},
        looks::Question,
    },
    contract::{Context, Unobserved, Why, short},
};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::SigningSettings;
use aws_smithy_xml::decode::{Document, ScopedDecoder, XmlDecodeError, try_data};
use http::Method;
use std::{sync::Arc, time::Duration};
use url::{Url, form_urlencoded};

/// The longest words of the other side that are shown, in characters.
const WORDS: usize = 240;
const ASK: Duration = Duration::from_secs(10);
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
/// How deep elements may lie in one another.
const DEEPEST: u8 = 12;

/// One call.
#[derive(Clone)]
pub(super) struct Query {
    /// Its name in signatures.
    pub(super) service: &'static str,
    pub(super) version: &'static str,
    pub(super) action: &'static str,
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) account: AwsAccount,
    /// The region in the signature.
    pub(super) region: String,
    /// The service's own host.
    pub(super) host: String,
    pub(super) call: Call,
}

/// What came.
pub(super) struct Answer {
    pub(super) response: Response,
    /// The error that is an answer: its name and its words.
    pub(super) refusal: Option<(String, String)>,
}

/// An element: its name, its text, what it holds.
pub(super) struct Element {
    name: String,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first element with this name, at any depth.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.children.iter().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }

    /// The text of that element; `None` where there is none, or nothing in it.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.find(name).map(|found| found.text.trim()).filter(|text| !text.is_empty())
    }
}

impl Context {
    /// The answer to a call; equal calls of a run are made once. The errors named in `answers` are answers.
    pub(super) async fn aws_query(
        &self,
        query: Query,
        answers: &'static [&'static str],
    ) -> Result<Arc<Answer>, Unobserved> {
        let credential = self.aws_credential(&query.account, &query.call).await?;
        let url = url(&query)?;
        let question = Question {
            host: format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443)),
            key: format!("aws query {} {:?} {}", query.call.asked, query.parameters, key(&query.account)),
            asked: query.call.asked.clone(),
            limit: ASK,
        };
        let (cx, all) = (self.clone(), Arc::new((query, credential, url)));
        let look = move || {
            let (cx, all) = (cx.clone(), all.clone());
            async move { exchange(&cx, &all.0, &all.1, &all.2, answers).await }
        };
        self.looks().once(self.trace(), question, look).await
    }
}

async fn exchange(
    cx: &Context,
    query: &Query,
    credential: &Credentials,
    url: &Url,
    answers: &[&str],
) -> Result<Answer, Unobserved> {
    let call = &query.call;
    let ask = signed(query, credential, url).map_err(|reason| call.without(Why::Unconfigured, reason, None))?;
    let response = cx.send(&ask).await.map_err(|missing| call.broken(missing))?;
    if response.status == 200 {
        return Ok(Answer { response, refusal: None });
    }
    let failure = tree(&response.body).ok().filter(|root| root.name == "ErrorResponse");
    let failure = failure.and_then(|root| {
        Some((root.value("Code")?.to_owned(), short(root.value("Message").unwrap_or_default(), WORDS)))
    });
    match failure {
        Some((code, words)) if (400..500).contains(&response.status) && answers.contains(&code.as_str()) => {
            Ok(Answer { response, refusal: Some((code, words)) })
        }
        failure => {
            let (code, words) = failure.as_ref().map(|(code, words)| (code.as_str(), words.as_str())).unzip();
            Err(call.answered(response.status, code, words, response.retry_after()))
        }
    }
}

fn url(query: &Query) -> Result<Url, Unobserved> {
    let text = query.account.endpoint_url.clone().unwrap_or_else(|| format!("https://{}/", query.host));
    Url::parse(&text).map_err(|error| query.call.without(Why::Unconfigured, format!("{text}: {error}"), None))
}

fn signed(query: &Query, credential: &Credentials, url: &Url) -> Result<Ask, String> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", query.action).append_pair("Version", query.version);
    for (name, value) in &query.parameters {
        form.append_pair(name, value);
    }
    let body = form.finish();
    let scope = Scope { service: query.service, region: &query.region, settings: SigningSettings::default() };
    let ask = Ask::new(Method::POST, url.clone()).any_status();
    Ok(scope.signed(ask, &[("content-type", FORM)], body.as_bytes(), credential)?.body(body))
}

/// The answer's one element named `name`, at any depth below its root.
pub(super) fn result(answer: &Answer, name: &str, call: &Call) -> Result<Element, Unobserved> {
    let unread = |words: &str| call.without(Why::Malformed, format!("the answer cannot be read: {words}"), None);
    let root = tree(&answer.response.body).map_err(|error| unread(&error))?;
    let found = root.children.into_iter().find(|child| child.name == name);
    found.ok_or_else(|| unread(&format!("there is no {name} in it")))
}

fn tree(body: &[u8]) -> Result<Element, String> {
    let unread = |error: XmlDecodeError| error.to_string();
    let mut document = Document::try_from(body).map_err(unread)?;
    let mut root = document.root_element().map_err(unread)?;
    element(&mut root, 0)
}

fn element(tag: &mut ScopedDecoder<'_, '_>, depth: u8) -> Result<Element, String> {
    let name = tag.start_el().local().to_owned();
    if depth >= DEEPEST {
        return Err("it is too deep".to_owned());
    }
    let mut children = Vec::new();
    let is_leaf = LEAVES.contains(&name.as_str());
    if is_leaf {
        let text = try_data(tag).map_err(|error| error.to_string())?.into_owned();
        return Ok(Element { name, text, children });
    }
    while let Some(mut inner) = tag.next_tag() {
        children.push(element(&mut inner, depth + 1)?);
    }
    Ok(Element { name, text: String::new(), children })
}

/// The elements that hold a text; of all others only what lies in them is read.
const LEAVES: &[&str] = &[
    "Code",
    "Message",
    "Type",
    "Account",
    "Arn",
    "UserId",
    "UserName",
    "AccessKeyId",
    "Status",
    "CreateDate",
    "LastUsedDate",
    "ServiceName",
    "Region",
    "IsTruncated",
    "Marker",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str) -> Element {
        let body = text.replace('\r', "");
        tree(body.split_once("\n\n").expect("a body").1.as_bytes()).expect("XML")
    }

    #[test]
    fn a_recorded_list_of_keys_is_read() {
        let root = recorded(include_str!("../../../tests/recordings/moto-iam/list-access-keys.http"));
        let members = &root.find("AccessKeyMetadata").expect("a list").children;
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].value("AccessKeyId"), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(members[0].value("Status"), Some("Active"));
        assert_eq!(members[0].value("CreateDate"), Some("2026-11-22T07:55:57.432954Z"));
        assert_eq!(root.value("IsTruncated"), None);
    }

    #[test]
    fn a_recorded_refusal_names_itself() {
        let root = recorded(include_str!("../../../tests/recordings/moto-iam/list-access-keys-no-such-user.http"));
        assert_eq!((root.name.as_str(), root.value("Code")), ("ErrorResponse", Some("NoSuchEntity")));
    }

    #[test]
    fn what_is_no_answer_or_too_deep_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        for text in ["", "{\"data\": [", "<!doctype html>\n<html><body>Welcome</body></html>", "<a><b>", deep.as_str()]
        {
            assert!(
                tree(text.as_bytes()).is_err() || tree(text.as_bytes()).is_ok_and(|root| root.name != "ErrorResponse")
            );
        }
        assert!(tree(deep.as_bytes()).is_err());
    }
}
