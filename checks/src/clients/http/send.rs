//! One request, its redirects and its whole answer.

use super::{
    Ask, Response,
    ask::{Statuses, is_busy},
    fault::fault,
};
use crate::{
    clients::looks::{ATTEMPTS, PATIENCE, Question},
    contract::{Context, Unobserved, Why},
};
use bytes::{Bytes, BytesMut};
use http::{Method, StatusCode, header};
use jiff::Timestamp;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use url::Url;

impl Context {
    /// The answer to `ask`. Equal requests of a run are made once, unless the request is [`alone`](Ask::alone).
    ///
    /// # Errors
    /// No answer, an answer beyond its bound, or, unless it takes [`any status`](Ask::any_status), a refusal that lasted.
    pub async fn ask(&self, ask: Ask) -> Result<Arc<Response>, Unobserved> {
        let question = Question { host: ask.host(), key: ask.key(), asked: ask.asked(), limit: ask.limit };
        let (cx, ask, tries) = (self.clone(), Arc::new(ask), Arc::<Tries>::default());
        let shape = ask.clone();
        if ask.is_single {
            let look = move || {
                let (cx, ask) = (cx.clone(), ask.clone());
                async move { Ok(cx.send(&ask).await.map(Arc::new)) }
            };
            let seen = self.looks().alone(self.trace(), question, look).await?;
            return (*seen).clone();
        }
        let look = move || {
            let (cx, ask, tries) = (cx.clone(), ask.clone(), tries.clone());
            async move { cx.send(&ask).await.and_then(|response| tries.settle(&ask, response)) }
        };
        if shape.is_alone {
            self.looks().alone(self.trace(), question, look).await
        } else {
            self.looks().once(self.trace(), question, look).await
        }
    }

    /// Sends, follows redirects, reads the body: outside the looks, for a client that has a look of its own.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Response, Unobserved> {
        if let Some(unfit) = &ask.unfit {
            return Err(Unobserved::new(Why::Unconfigured, ask.asked(), unfit));
        }
        let mut hop = Hop { method: ask.method.clone(), url: ask.url.clone(), body: ask.body.clone() };
        let mut hops = Vec::new();
        // Before the first byte: making a client may mean reading this machine's certificates.
        self.http_client(&self.route(&hop.url, &ask.via, ask.is_alone, ask.at).way)?;
        let (asked_at, begun) = (Timestamp::now(), Instant::now());
        loop {
            let answer = self.execute(ask, &hop).await?;
            let Some(next) = hop.next(&answer).filter(|_| ask.redirects > 0) else {
                let head = self.head(ask, hop.url, hops, &answer, asked_at);
                let (body, length) = read(answer, ask, &head.url).await?;
                let response = Response { body, length, took: begun.elapsed(), ..head };
                let is_refusal = ask.statuses == Statuses::NotBusy && is_busy(response.status);
                return if is_refusal { Err(response.refusal()) } else { Ok(response) };
            };
            if hops.len() >= usize::from(ask.redirects) {
                let detail = format_args!("more than {} redirects", ask.redirects);
                return Err(Unobserved::new(Why::Redirected, ask.asked(), detail));
            }
            if next.body.is_some() && next.url.origin() != ask.url.origin() {
                let detail = "a redirect would carry the request's body to another host";
                return Err(Unobserved::new(Why::Redirected, ask.asked(), detail));
            }
            hops.push(std::mem::replace(&mut hop, next).url);
        }
    }

    /// The answer before its body.
    fn head(&self, ask: &Ask, url: Url, hops: Vec<Url>, answer: &reqwest::Response, asked_at: Timestamp) -> Response {
        Response {
            asked: ask.asked(),
            url,
            hops,
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: Bytes::new(),
            length: 0,
            asked_at,
            took: Duration::ZERO,
            peer: answer.remote_addr().map(|socket| self.network().stands_for(socket)),
        }
    }

    /// One hop: the head of its answer.
    async fn execute(&self, ask: &Ask, hop: &Hop) -> Result<reqwest::Response, Unobserved> {
        let is_home = hop.url.origin() == ask.url.origin();
        let route = self.route(&hop.url, &ask.via, ask.is_alone, ask.at.filter(|_| is_home));
        let client = self.http_client(&route.way)?;
        let mut request = client.request(hop.method.clone(), route.url);
        if let Some(host) = route.host {
            request = request.header(header::HOST, host);
        }
        for (name, value) in ask.headers.iter().filter(|(_, value)| is_home || !value.is_sensitive()) {
            if value.is_sensitive() {
                // Whoever is shown it may send it back.
                self.reach().vault.learn_shown(value);
            }
            request = request.header(name, value);
        }
        if let Some(body) = &hop.body {
            request = request.body(body.clone());
        }
        let asked_at = Timestamp::now();
        let answer = request.send().await.map_err(|error| fault(&ask.asked(), &hop.url, &error))?;
        let head = answer.headers();
        // A cache tells the time at which its copy was made.
        if let (Some(Ok(date)), None) = (head.get(header::DATE).map(|date| date.to_str()), head.get(header::AGE)) {
            self.reach().clocks.note(hop.url.host_str().unwrap_or_default(), date, asked_at);
        }
        Ok(answer)
    }
}

/// One request of a chain of redirects.
struct Hop {
    method: Method,
    url: Url,
    body: Option<Bytes>,
}

impl Hop {
    /// Where the answer redirects to, if it does, and how to ask there (RFC 9110, section 15.4).
    fn next(&self, answer: &reqwest::Response) -> Option<Self> {
        let status = answer.status();
        let location = answer.headers().get(header::LOCATION)?.to_str().ok()?;
        let mut url = self.url.join(location).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        // A server does not choose this client's credentials.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        let keeps = match status {
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method != Method::POST,
            StatusCode::SEE_OTHER => self.method == Method::HEAD,
            _ => return None,
        };
        let (method, body) = if keeps { (self.method.clone(), self.body.clone()) } else { (Method::GET, None) };
        Some(Self { method, url, body })
    }
}

/// The part of the body that is kept, and the length of the whole.
async fn read(mut answer: reqwest::Response, ask: &Ask, url: &Url) -> Result<(Bytes, usize), Unobserved> {
    let (mut body, mut length) = (BytesMut::new(), 0);
    while let Some(part) = answer.chunk().await.map_err(|error| fault(&ask.asked(), url, &error))? {
        length += part.len();
        if length > ask.bound {
            return Err(Unobserved::new(Why::TooLarge, ask.asked(), format_args!("more than {} bytes", ask.bound)));
        }
        let room = ask.keeps.saturating_sub(body.len());
        body.extend_from_slice(&part[..part.len().min(room)]);
    }
    Ok((body.freeze(), length))
}

/// The attempts at one look that takes a last refusal as its answer.
#[derive(Default)]
struct Tries(Mutex<(usize, Duration)>);

impl Tries {
    /// The answer, or the refusal after which the look is to ask again.
    fn settle(&self, ask: &Ask, response: Response) -> Result<Response, Unobserved> {
        if ask.statuses != Statuses::Last || !is_busy(response.status) {
            return Ok(response);
        }
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.0 += 1;
        tries.1 += response.retry_after().unwrap_or_default() + Duration::from_secs(1);
        if tries.0 >= ATTEMPTS || tries.1 >= PATIENCE { Ok(response) } else { Err(response.refusal()) }
    }
}
