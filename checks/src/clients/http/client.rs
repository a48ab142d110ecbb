//! The HTTP clients of a run: one for each way of trusting and proxying, made when first needed.

use super::{Ask, Response, Via, fault::fault};
use crate::{
    clients::{Network, looks::Question, trust::tls_client},
    contract::{Context, Unobserved, Why},
};
use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use url::Url;

const CONNECT: Duration = Duration::from_secs(5);

/// The HTTP clients of one run.
#[derive(Default)]
pub struct Clients {
    made: Mutex<HashMap<Via, reqwest::Client>>,
}

impl Context {
    /// The answer to `ask`. Equal requests of a run are made once, unless the request is [`alone`](Ask::alone).
    ///
    /// # Errors
    /// No answer, an answer beyond its bound, or, unless it takes [`any status`](Ask::any_status), a refusal that lasted.
    pub async fn ask(&self, ask: Ask) -> Result<Arc<Response>, Unobserved> {
        let question = Question { host: ask.host(), key: ask.key(), asked: ask.asked(), limit: ask.limit };
        let (alone, cx) = (ask.is_alone, self.clone());
        let ask = Arc::new(ask);
        let look = move || {
            let (cx, ask) = (cx.clone(), ask.clone());
            async move { cx.send(&ask).await }
        };
        if alone {
            self.looks().alone(self.trace(), question, look).await
        } else {
            self.looks().once(self.trace(), question, look).await
        }
    }

    /// The client that goes as `via` says; one of its own where `alone`.
    fn http_client(&self, via: &Via, alone: bool) -> Result<reqwest::Client, Unobserved> {
        if alone {
            return self.make_client(via);
        }
        let mut made = self.reach().http.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(via) {
            return Ok(client.clone());
        }
        let client = self.make_client(via)?;
        made.insert(via.clone(), client.clone());
        Ok(client)
    }

    fn make_client(&self, via: &Via) -> Result<reqwest::Client, Unobserved> {
        let unfit = |error: reqwest::Error| Unobserved::new(Why::Unconfigured, "HTTP client", error);
        let tls = tls_client(self.network().roots(), &via.trust, &self.reach().base)?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Names(self.network().clone()))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .http1_only()
            .user_agent(concat!("gonogo/", env!("CARGO_PKG_VERSION")));
        builder = match via.proxy.as_deref() {
            None | Some("env") => builder,
            Some("none") => builder.no_proxy(),
            Some(url) => builder.proxy(reqwest::Proxy::all(url).map_err(unfit)?),
        };
        builder.build().map_err(unfit)
    }

    /// Sends, follows redirects, reads the body: outside the looks, for a client that has a look of its own.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Response, Unobserved> {
        let client = self.http_client(&ask.via, ask.is_alone)?;
        let (asked_at, begun) = (Timestamp::now(), Instant::now());
        let (mut url, mut hops) = (ask.url.clone(), Vec::new());
        loop {
            let answer = client
                .execute(self.request(&client, ask, &url)?)
                .await
                .map_err(|error| fault(&ask.asked(), &url, &error))?;
            if let Some(date) = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok()) {
                self.reach().clocks.note(url.host_str().unwrap_or_default(), date, asked_at);
            }
            if let Some(next) = redirect(&answer, &url).filter(|_| ask.redirects > 0) {
                if hops.len() >= usize::from(ask.redirects) {
                    return Err(Unobserved::new(
                        Why::Redirected,
                        ask.asked(),
                        format_args!("more than {} redirects", ask.redirects),
                    ));
                }
                hops.push(std::mem::replace(&mut url, next));
                continue;
            }
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let body = read(answer, ask, &url).await?;
            let took = begun.elapsed();
            let response = Response { asked: ask.asked(), url, hops, status, headers, body, asked_at, took };
            return if matches!(status, 429 | 502..=504) && !ask.takes_any_status {
                Err(response.refusal())
            } else {
                Ok(response)
            };
        }
    }

    fn request(&self, client: &reqwest::Client, ask: &Ask, url: &Url) -> Result<reqwest::Request, Unobserved> {
        let is_same_host =
            url.host_str() == ask.url.host_str() && url.port_or_known_default() == ask.url.port_or_known_default();
        let mut target = url.clone();
        let mut request = client.request(ask.method.clone(), url.clone());
        if let (Some(host), Some(port)) = (url.host_str(), url.port())
            && let Some(socket) = self.leads_explicit(host, port)
        {
            // A client that is given a port keeps to it, so the port is changed in the URL and the old one told in `Host`.
            let _ = target.set_port(Some(socket.port()));
            request = client.request(ask.method.clone(), target).header(header::HOST, format!("{host}:{port}"));
        }
        for (name, value) in &ask.headers {
            if is_same_host || !value.is_sensitive() {
                request = request.header(name, value);
            }
        }
        if let Some(body) = &ask.body {
            request = request.body(body.clone());
        }
        request.build().map_err(|error| Unobserved::new(Why::Unconfigured, ask.asked(), error))
    }

    fn leads_explicit(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let ip = host.trim_matches(['[', ']']).parse().ok();
        let led = ip.map(|ip| SocketAddr::new(ip, port)).map(|to| (to, self.network().leads(to)));
        self.network().leads_host(host, port).or_else(|| led.filter(|(from, to)| from != to).map(|(_, to)| to))
    }
}

fn redirect(answer: &reqwest::Response, from: &Url) -> Option<Url> {
    let is_redirect = matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = answer.headers().get(header::LOCATION)?.to_str().ok()?;
    let next = from.join(location).ok()?;
    (is_redirect && matches!(next.scheme(), "http" | "https")).then_some(next)
}

async fn read(mut answer: reqwest::Response, ask: &Ask, url: &Url) -> Result<Bytes, Unobserved> {
    let mut body = BytesMut::new();
    while let Some(part) = answer.chunk().await.map_err(|error| fault(&ask.asked(), url, &error))? {
        if body.len() + part.len() > ask.bound {
            return Err(Unobserved::new(Why::TooLarge, ask.asked(), format_args!("more than {} bytes", ask.bound)));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

/// Resolves as the checklist's network says.
struct Names(Arc<Network>);

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let network = self.0.clone();
        Box::pin(async move {
            // Port 0 lets the URL's own port stand; 443 and 80 are tried for names that are led elsewhere.
            let sockets = match network.leads_host(name.as_str(), 443) {
                Some(socket) => vec![socket],
                None => led(&network, network.addresses(name.as_str()).await?),
            };
            Ok(Box::new(sockets.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

fn led(network: &Network, addresses: Vec<std::net::IpAddr>) -> Vec<SocketAddr> {
    let lead = |ip| {
        let to = network.leads(SocketAddr::new(ip, 443));
        if to == SocketAddr::new(ip, 443) { SocketAddr::new(ip, 0) } else { to }
    };
    addresses.into_iter().map(lead).collect()
}
