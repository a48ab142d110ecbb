//! An HTTP client that finds the world the way a checker does: by `connect`, under the world's authority.

use std::collections::BTreeMap;

use gonogo_world::World;
use reqwest::{Client, Response};
use serde_json::Value;

/// What came back, read wholly.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// A client for a world. `hosts` are names behind a documentation address: what DNS would say of them.
pub fn client(world: &World, hosts: &[(&str, &str)]) -> Client {
    // Another test of this binary may have installed it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let connect = world.connect();
    let authority = reqwest::Certificate::from_pem(world.ca_pem().as_bytes()).expect("the world's authority");
    let mut builder = Client::builder()
        .tls_certs_only([authority])
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("gonogo-world-tests")
        .no_proxy();
    for (name, socket) in &connect {
        builder = builder.resolve(name, *socket);
    }
    for (host, address) in hosts {
        builder = builder.resolve(host, connect[*address]);
    }
    builder.build().expect("a client")
}

/// GET with these headers.
pub async fn get(client: &Client, url: &str, headers: &[(&str, &str)]) -> Answer {
    ask(client, reqwest::Method::GET, url, headers, "").await.expect("an answer")
}

/// HEAD with these headers.
pub async fn head(client: &Client, url: &str, headers: &[(&str, &str)]) -> Answer {
    ask(client, reqwest::Method::HEAD, url, headers, "").await.expect("an answer")
}

/// POST of a body with these headers.
pub async fn post(client: &Client, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask(client, reqwest::Method::POST, url, headers, body).await.expect("an answer")
}

/// Any request; the error is that of the connection or of a body that broke off.
pub async fn ask(
    client: &Client,
    method: reqwest::Method,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> reqwest::Result<Answer> {
    let request = client.request(method, url).body(body.to_owned());
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    whole(request.send().await?).await
}

async fn whole(response: Response) -> reqwest::Result<Answer> {
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    Ok(Answer { status, headers: headers.collect(), body: response.text().await? })
}
