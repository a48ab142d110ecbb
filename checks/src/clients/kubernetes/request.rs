//! One request to a cluster's API, and what its answer is.

use super::{
    Api, Kubectl, Seen,
    refusal::{Answer, look},
};
use crate::{
    clients::{
        http::{MOST_BODY, fault},
        looks::Question,
    },
    contract::{Remedy, Unobserved, Why},
};
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, DATE};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::{sync::Arc, time::Duration};
use url::Url;

/// The longest that one request may take, unless the asker says otherwise.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

pub(super) const JSON: &str = "application/json";

/// What an answer is, before anybody knows whether that is good.
pub(super) enum Reply<T> {
    Here(Arc<Seen<T>>),
    Absent(Unobserved),
    Expired(Unobserved),
}

/// One request.
pub(super) struct Wanted<'a> {
    pub(super) verb: &'static str,
    pub(super) path: &'a str,
    pub(super) accept: &'static str,
    pub(super) limit: Duration,
    /// Tells apart what must be asked again.
    pub(super) turn: usize,
}

impl<'a> Wanted<'a> {
    pub(super) const fn get(path: &'a str) -> Self {
        Self { verb: "get", path, accept: JSON, limit: LIMIT, turn: 0 }
    }

    pub(super) const fn list(path: &'a str, turn: usize) -> Self {
        Self { verb: "list", path, accept: JSON, limit: LIMIT, turn }
    }
}

impl Api {
    /// Asks, and reads the answer as `T`. Whoever asks the same shares the answer, whatever type each of them makes of it.
    pub(super) async fn ask<T: DeserializeOwned>(&self, wanted: Wanted<'_>) -> Result<Arc<Reply<T>>, Unobserved> {
        let by_hand = look(self.kubectl(), wanted.path);
        let reply = self.look(wanted, |body| Ok(body.clone())).await?;
        reply.read(by_hand).map(Arc::new)
    }

    /// As [`ask`](Self::ask), for what is secret: the answer's bytes are kept by nobody.
    pub(super) async fn ask_in_private<T>(&self, wanted: Wanted<'_>) -> Result<Arc<Reply<T>>, Unobserved>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.look(wanted, |body| serde_json::from_slice(body)).await
    }

    /// The answer as `read` takes it; shared with whoever asks for the same as the same type.
    pub(super) async fn look<T: Send + Sync + 'static>(
        &self,
        wanted: Wanted<'_>,
        read: fn(&Bytes) -> Result<T, serde_json::Error>,
    ) -> Result<Arc<Reply<T>>, Unobserved> {
        let Wanted { verb, path, accept, limit, turn } = wanted;
        let (api, path, asked) = (self.clone(), path.to_owned(), format!("GET {}{path}", self.way.server));
        let kind = std::any::type_name::<T>();
        let key = format!("kubernetes {} {accept} {turn} {path} {kind}", self.identity);
        let question = Question { host: self.way.host.clone(), key, asked: asked.clone(), limit };
        let by_hand = look(self.kubectl(), &path);
        let answer = move || {
            let (api, path, asked) = (api.clone(), path.clone(), asked.clone());
            async move { api.send(verb, path, asked, accept).await?.reply(api.kubectl(), read) }
        };
        self.cx.looks().once(self.cx.trace(), question, answer).await.map_err(|mut missing| {
            missing.remedy.get_or_insert_with(|| Box::new(by_hand));
            missing
        })
    }

    pub(super) async fn send(
        &self,
        verb: &'static str,
        path: String,
        asked: String,
        accept: &str,
    ) -> Result<Answer, Unobserved> {
        let by_hand = look(self.kubectl(), &path);
        let url = self.url(&path).map_err(|reason| Unobserved::new(Why::Unconfigured, &asked, reason))?;
        let broken = |error: reqwest::Error| fault(&asked, &url, &error).by_hand(by_hand.clone());
        let asked_at = Timestamp::now();
        let mut answer = self.way.client.get(url.clone()).header(ACCEPT, accept).send().await.map_err(broken)?;
        if let Some(date) = answer.headers().get(DATE).and_then(|date| date.to_str().ok()) {
            self.cx.reach().clocks.note(&self.way.host, date, asked_at);
        }
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let mut body = BytesMut::new();
        while let Some(part) = answer.chunk().await.map_err(broken)? {
            if body.len() + part.len() > MOST_BODY {
                let detail = format!("more than {MOST_BODY} bytes");
                return Err(Unobserved::new(Why::TooLarge, &asked, detail).by_hand(by_hand));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { asked, verb, path, status, headers, body: body.freeze(), asked_at })
    }

    /// The URL of `path` at the server, which may itself stand below a path.
    fn url(&self, path: &str) -> Result<Url, String> {
        let root = self.way.target.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{root}{path}")).map_err(|error| error.to_string())?;
        // A URL drops `..`, even when it is escaped; then it would be another object's.
        let wanted = path.split('?').next().unwrap_or_default();
        if url.path().ends_with(wanted) { Ok(url) } else { Err("a name in it leads to another path".to_owned()) }
    }
}

impl<T> Reply<T> {
    pub(super) fn here(&self) -> Result<Arc<Seen<T>>, Unobserved> {
        match self {
            Self::Here(seen) => Ok(seen.clone()),
            Self::Absent(missing) | Self::Expired(missing) => Err(missing.clone()),
        }
    }
}

impl Reply<Bytes> {
    fn read<T: DeserializeOwned>(&self, by_hand: Remedy) -> Result<Reply<T>, Unobserved> {
        Ok(match self {
            Self::Here(seen) => {
                let value = serde_json::from_slice(&seen.value).map_err(|error| {
                    let detail = format!("the answer cannot be read: {error}");
                    Unobserved::new(Why::Malformed, &seen.asked, detail).by_hand(by_hand)
                })?;
                Reply::Here(Arc::new(Seen { value, asked: seen.asked.clone(), asked_at: seen.asked_at }))
            }
            Self::Absent(missing) => Reply::Absent(missing.clone()),
            Self::Expired(missing) => Reply::Expired(missing.clone()),
        })
    }
}

impl Answer {
    fn reply<T>(
        self,
        kubectl: &Kubectl,
        read: fn(&Bytes) -> Result<T, serde_json::Error>,
    ) -> Result<Reply<T>, Unobserved> {
        if (200..300).contains(&self.status) {
            let value = read(&self.body).map_err(|error| {
                let detail = format!("status {}, and the answer cannot be read: {error}", self.status);
                Unobserved::new(Why::Malformed, &self.asked, detail).by_hand(look(kubectl, &self.path))
            })?;
            return Ok(Reply::Here(Arc::new(Seen { value, asked: self.asked, asked_at: self.asked_at })));
        }
        let refusal = self.refusal(kubectl);
        if let Some(words) = self.absence() {
            return Ok(Reply::Absent(Unobserved { detail: words, ..refusal }));
        }
        if self.is_expired() { Ok(Reply::Expired(refusal)) } else { Err(refusal) }
    }
}
