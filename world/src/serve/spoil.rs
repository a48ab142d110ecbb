//! A fault applied to an answer that was due: the bytes that go out instead.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use http::{HeaderValue, Method, Response, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;

use super::reply::Reply;
use super::request::Request;
use crate::fault::Fault;

pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What becomes of an answer.
pub(super) enum Spoilt {
    /// It goes out, perhaps as something else.
    Sent(Response<Body>),
    /// The connection is closed before a byte.
    Closed,
    /// The connection is reset.
    Reset,
    /// Nothing ever comes.
    Hung,
}

pub(super) fn whole(reply: Reply) -> Response<Body> {
    let length = reply.body.len();
    let mut response = Response::new(Full::new(reply.body).boxed_unsync());
    *response.status_mut() = reply.status;
    response.headers_mut().extend(reply.headers);
    if !matches!(reply.status.as_u16(), 100..=199 | 204 | 304) {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// Spoils `due`; `refusal` gives the system's own answer for a status.
pub(super) fn spoil(fault: Option<Fault>, request: &Request, due: Reply, refusal: impl FnOnce(u16) -> Reply) -> Spoilt {
    let Some(fault) = fault else {
        return Spoilt::Sent(whole(due));
    };
    let has_body = request.method != Method::HEAD && !due.body.is_empty();
    let kind = due.content_type();
    Spoilt::Sent(match fault {
        Fault::Refuse => return Spoilt::Closed,
        Fault::Reset => return Spoilt::Reset,
        Fault::Hang => return Spoilt::Hung,
        Fault::SlowDrip if !has_body => return Spoilt::Hung,
        Fault::SlowDrip => streamed(due.clone(), None, dripping(due.body)),
        Fault::TruncatedBody if has_body => {
            let promised = due.body.len().saturating_mul(2);
            streamed(due.clone(), Some(promised), once(due.body))
        }
        Fault::EndlessBody => streamed(due, None, endless()),
        Fault::WrongType => whole(Reply::html(200, PORTAL)),
        Fault::MalformedJson => whole(typed(&kind, r#"{"data": [{"id": "#)),
        Fault::Empty => whole(typed(&kind, "")),
        Fault::RedirectLoop => {
            let host = request.header("host").unwrap_or_default();
            let itself = format!("https://{host}{}", request.target());
            whole(Reply::text(302, "").header("location", itself))
        }
        Fault::Status(status, retry_after) => {
            let reply = refusal(status);
            whole(match retry_after {
                Some(seconds) => reply.header("retry-after", seconds.to_string()),
                None => reply,
            })
        }
        _ => whole(due),
    })
}

const PORTAL: &str = "<!doctype html>\n<html><head><title>Sign in to the network</title></head>\
     <body><h1>Welcome</h1><p>Accept the terms to go on.</p></body></html>\n";

fn typed(kind: &HeaderValue, body: &'static str) -> Reply {
    let mut reply = Reply::new(200, body);
    reply.headers.push((header::CONTENT_TYPE, kind.clone()));
    reply
}

fn streamed(head: Reply, length: Option<usize>, chunks: BoxStream<'static, Bytes>) -> Response<Body> {
    let frames = chunks.map(|chunk| Ok::<_, Infallible>(Frame::data(chunk)));
    let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
    *response.status_mut() = head.status;
    response.headers_mut().extend(head.headers);
    if let Some(length) = length {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

fn once(body: Bytes) -> BoxStream<'static, Bytes> {
    stream::once(std::future::ready(body)).boxed()
}

fn dripping(body: Bytes) -> BoxStream<'static, Bytes> {
    let bytes = (0..body.len()).map(move |at| body.slice(at..=at));
    stream::iter(bytes)
        .then(|byte| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            byte
        })
        .boxed()
}

fn endless() -> BoxStream<'static, Bytes> {
    let start = stream::once(std::future::ready(Bytes::from_static(b"{\"data\": \"")));
    start.chain(stream::repeat(Bytes::from_static(&[b'a'; 16 * 1024]))).boxed()
}
