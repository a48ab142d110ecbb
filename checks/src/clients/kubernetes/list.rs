//! Lists, page by page: the whole list or an error, never a part.

use super::{
    Api, Meta, Seen, Selector,
    api::Named,
    object::or_default,
    request::{JSON, Reply, Wanted},
};
use crate::contract::{Unobserved, Why};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

/// How many objects a page holds, and how many when such a page is too large to be read.
const PAGE: [u32; 2] = [250, 50];
/// What the metadata of objects is asked for as.
const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
/// The most pages of one list.
const MOST_PAGES: usize = 400;

impl Api {
    /// All objects of the collection at `path` that the selector means: the whole list or an error, never a part.
    ///
    /// Listing in a namespace that does not exist gives no objects, and no error.
    ///
    /// # Errors
    /// It may not be listed, or a page cannot be read.
    pub async fn list<T>(&self, path: &str, selector: &Selector) -> Result<Seen<Vec<T>>, Unobserved>
    where
        T: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        self.list_as(path, selector, JSON).await
    }

    /// The metadata of all objects of the collection at `path` that the selector means: the rest of them does not leave
    /// the cluster. The right that it takes is the same.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn list_metadata(&self, path: &str, selector: &Selector) -> Result<Seen<Vec<Meta>>, Unobserved> {
        let seen = self.list_as::<Named>(path, selector, METADATA).await?;
        let value = seen.value.into_iter().map(|object| object.metadata).collect();
        Ok(Seen { value, asked: seen.asked, asked_at: seen.asked_at })
    }

    async fn list_as<T>(
        &self,
        path: &str,
        selector: &Selector,
        accept: &'static str,
    ) -> Result<Seen<Vec<T>>, Unobserved>
    where
        T: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let first = match self.pages(path, selector, accept, PAGE[0], 0).await {
            Ok(seen) => return Ok(seen),
            Err(Stop::Here(missing)) => return Err(missing),
            Err(Stop::BeginAgain(first)) => first,
        };
        // A page that is too large is asked for in smaller ones; a list that expired is begun again, once.
        let page = if first.why == Why::TooLarge { PAGE[1] } else { PAGE[0] };
        self.pages(path, selector, accept, page, 1).await.map_err(|stop| match stop {
            Stop::Here(missing) | Stop::BeginAgain(missing) => missing,
        })
    }

    /// How many objects the collection at `path` holds, at least: by asking for one of them.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn count(&self, path: &str) -> Result<Seen<u64>, Unobserved> {
        let path = query(path, &Selector::default(), 1, "");
        let seen = self.ask::<Page<IgnoredAny>>(Wanted::list(&path, 0)).await?.here()?;
        // A server may leave the rest uncounted.
        let rest = seen.metadata.remaining_item_count.max(u64::from(!seen.metadata.token.is_empty()));
        let value = seen.items.len() as u64 + rest;
        Ok(Seen { value, asked: seen.asked.clone(), asked_at: seen.asked_at })
    }

    async fn pages<T>(
        &self,
        path: &str,
        selector: &Selector,
        accept: &'static str,
        page: u32,
        turn: usize,
    ) -> Result<Seen<Vec<T>>, Stop>
    where
        T: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let (mut all, mut token): (Option<Seen<Vec<T>>>, String) = (None, String::new());
        for _ in 0..MOST_PAGES {
            let path = query(path, selector, page, &token);
            let reply = self.ask::<Page<T>>(Wanted { accept, ..Wanted::list(&path, turn) }).await.map_err(Stop::of)?;
            if let Reply::Expired(missing) = &*reply {
                return Err(Stop::BeginAgain(missing.clone()));
            }
            let seen = reply.here().map_err(Stop::Here)?;
            let (asked, asked_at) = (seen.asked.clone(), seen.asked_at);
            let list = all.get_or_insert_with(|| Seen { value: Vec::new(), asked, asked_at });
            list.value.extend_from_slice(&seen.items);
            token.clone_from(&seen.metadata.token);
            if token.is_empty() {
                let whole = all.filter(|_| seen.metadata.remaining_item_count == 0);
                let part = || Unobserved::new(Why::Malformed, &seen.asked, "the list ends before its last object");
                return whole.ok_or_else(|| Stop::Here(part()));
            }
        }
        let endless = format!("more than {MOST_PAGES} pages");
        Err(Stop::Here(Unobserved::new(Why::TooLarge, path, endless)))
    }
}

/// Why a list was not read to its end.
enum Stop {
    /// It may be, when it is begun again.
    BeginAgain(Unobserved),
    Here(Unobserved),
}

impl Stop {
    fn of(missing: Unobserved) -> Self {
        if missing.why == Why::TooLarge { Self::BeginAgain(missing) } else { Self::Here(missing) }
    }
}

fn query(path: &str, selector: &Selector, page: u32, token: &str) -> String {
    let parts = [
        ("labelSelector", selector.labels.as_deref().unwrap_or_default()),
        ("fieldSelector", selector.fields.as_deref().unwrap_or_default()),
        ("continue", token),
    ];
    let mut query = format!("{path}?limit={page}");
    for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.push('&');
        query.push_str(name);
        query.push('=');
        query.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
    }
    query
}

#[derive(Deserialize)]
struct Page<T> {
    #[serde(default)]
    metadata: PageMeta,
    #[serde(deserialize_with = "or_default", bound(deserialize = "T: Deserialize<'de>"))]
    items: Vec<T>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageMeta {
    #[serde(default, rename = "continue")]
    token: String,
    #[serde(default)]
    remaining_item_count: u64,
}
