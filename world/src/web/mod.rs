//! Plain web servers: a page for a path, and for each address a listener and a certificate of its own.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

/// What a path answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// How long the server takes over it.
    pub delay: Duration,
}

impl Page {
    /// Plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())],
            body: body.into(),
            delay: Duration::ZERO,
        }
    }

    /// JSON, as it is written.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::text(status, body).header("content-type", "application/json")
    }

    /// A redirect.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::text(status, "").header("location", location)
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Answered only after this long.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) fn reply(&self) -> Reply {
        let reply = Reply::new(self.status, self.body.clone()).after(self.delay);
        self.headers.iter().fold(reply, |reply, (name, value)| reply.header(name, value))
    }
}

/// A web server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Documentation addresses that lead to it; a certificate here stands in place of `certificate`.
    pub addresses: BTreeMap<IpAddr, Option<Leaf>>,
    /// What it presents.
    pub certificate: Leaf,
    /// By path.
    pub pages: BTreeMap<String, Page>,
    /// By path, for one address that answers differently from the others.
    pub pages_at: BTreeMap<IpAddr, BTreeMap<String, Page>>,
    /// Any other path.
    pub otherwise: Page,
    /// Whether its addresses answer plain HTTP on port 80 too; otherwise nothing listens there.
    pub is_plain_too: bool,
}

impl Site {
    /// Answers every path with 200 `ok` under a good certificate for its host.
    #[must_use]
    pub fn at(host: &str, addresses: &[IpAddr]) -> Self {
        Self {
            addresses: addresses.iter().map(|address| (*address, None)).collect(),
            certificate: Leaf::for_names([host]),
            pages: BTreeMap::new(),
            pages_at: BTreeMap::new(),
            otherwise: Page::text(200, "ok\n"),
            is_plain_too: false,
        }
    }

    /// Sets a page.
    #[must_use]
    pub fn page(mut self, path: &str, page: Page) -> Self {
        self.pages.insert(path.to_owned(), page);
        self
    }

    fn answer(&self, request: &Request) -> Reply {
        let here = request.address.and_then(|address| self.pages_at.get(&address));
        let page = here.and_then(|pages| pages.get(&request.path)).or_else(|| self.pages.get(&request.path));
        page.unwrap_or(&self.otherwise).reply()
    }
}

struct Host {
    name: String,
    address: Option<IpAddr>,
    is_plain: bool,
}

impl Behind for Host {
    fn certificate(&self, state: &State) -> Option<Leaf> {
        if self.is_plain {
            return None;
        }
        let site = state.web.get(&self.name)?;
        let own = self.address.and_then(|address| site.addresses.get(&address)?.clone());
        Some(own.unwrap_or_else(|| site.certificate.clone()))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        match state.web.get(&self.name) {
            Some(site) => site.answer(request),
            None => Reply::text(404, "not found\n"),
        }
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        Reply::html(
            status,
            format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"),
        )
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    state.web.iter().flat_map(|(name, site)| site_stands(name, site)).collect()
}

fn site_stands(name: &str, site: &Site) -> Vec<Stand> {
    let stand = |address: Option<IpAddr>, is_plain: bool| Stand {
        system: System::Web,
        instance: name.to_owned(),
        address,
        hosts: if address.is_none() { vec![name.to_owned()] } else { Vec::new() },
        port: if is_plain { 80 } else { 443 },
        behind: Arc::new(Host { name: name.to_owned(), address, is_plain }),
    };
    let mut addresses: Vec<Option<IpAddr>> = site.addresses.keys().copied().map(Some).collect();
    if addresses.is_empty() {
        addresses.push(None);
    }
    let plain = addresses.clone().into_iter().filter(|_| site.is_plain_too).map(|address| stand(address, true));
    addresses.into_iter().map(|address| stand(address, false)).chain(plain).collect()
}
