//! OCI registries: repositories of real bytes with real digests, behind the distribution API.
//!
//! Answers are those of Debian's docker-registry 2.8 (recorded), with the differences of ghcr.io as switches. Pushing is
//! left out: nothing that gets ready for an event pushes.

mod answer;
mod image;
mod store;
mod token;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

pub use image::{Content, Image, Layers, PlatformImage};
pub use store::{Repository, Stored};
pub use token::{Grant, Tokens};

/// How a registry wants to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// By anyone.
    Open,
    /// HTTP Basic with this user and password.
    Basic {
        /// The challenge's realm.
        realm: String,
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// With a token of its token service.
    Token(Tokens),
}

/// One registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// By name: `coder/coder-preview`.
    pub repositories: BTreeMap<String, Repository>,
    /// Who may ask.
    pub auth: Auth,
    /// Whether `Docker-Content-Digest` is left out, as registries of the first specification may.
    pub omits_digest: bool,
    /// Another host that blobs are redirected to. It refuses a request that still carries an `Authorization`.
    pub blob_host: Option<String>,
    /// True where its name is found by asking DNS, as a client of the world outside does; otherwise it is led there.
    pub is_in_dns: bool,
    /// The most tags on a page.
    pub page: usize,
    /// Another host of its token service, beside the one that it is reached by.
    pub token_host: Option<String>,
    /// How many pulls it allows, as its headers say; `None` where it says nothing.
    pub allowance: Option<Allowance>,
}

/// How many pulls a registry allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The most in a window.
    pub limit: u64,
    /// The window in seconds; `None` where it is not said.
    pub window: Option<u64>,
    /// How many are left. Without any, it answers 429.
    pub remaining: u64,
    /// Whose pulls are counted: an address, or a user's id.
    pub source: Option<String>,
}

impl Registry {
    /// An empty registry that anyone may ask.
    #[must_use]
    pub fn open() -> Self {
        Self {
            addresses: Vec::new(),
            repositories: BTreeMap::new(),
            auth: Auth::Open,
            omits_digest: false,
            blob_host: None,
            is_in_dns: false,
            page: 1000,
            token_host: None,
            allowance: None,
        }
    }

    /// Like ghcr.io: tokens for anyone, 403 `DENIED` for what is missing or private, blobs elsewhere.
    #[must_use]
    pub fn ghcr() -> Self {
        Self {
            auth: Auth::Token(Tokens::at("https://ghcr.io/token", "ghcr.io")),
            blob_host: Some("pkg-containers.githubusercontent.com".to_owned()),
            ..Self::open()
        }
    }

    /// Like Docker Hub: tokens from another host, and a limit on pulls that is counted for this address.
    #[must_use]
    pub fn docker_hub(source: &str) -> Self {
        let allowance = Allowance { limit: 100, window: Some(21_600), remaining: 100, source: Some(source.to_owned()) };
        let mut hub = Self {
            auth: Auth::Token(Tokens::at("https://auth.docker.io/token", "registry.docker.io")),
            token_host: Some("auth.docker.io".to_owned()),
            allowance: Some(allowance),
            ..Self::open()
        };
        hub.push("ratelimitpreview/test", "latest", &Image::docker_list("ratelimitpreview"));
        hub
    }

    /// Puts an image under a tag, in place of what the tag meant before.
    pub fn push(&mut self, repository: &str, tag: &str, image: &Image) {
        self.repositories.entry(repository.to_owned()).or_default().push(tag, image);
    }
}

struct Front {
    host: String,
}

impl Behind for Front {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        match state.registries.get_mut(&self.host) {
            Some(registry) => answer::answer(registry, request),
            None => Reply::text(404, "404 page not found\n"),
        }
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        answer::refusal(status)
    }
}

/// The token service of a registry at a host of its own.
struct Service {
    front: Front,
    host: String,
}

impl Behind for Service {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        self.front.answer(state, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        answer::refusal(status)
    }
}

struct Blobs {
    registry: String,
    host: String,
}

impl Behind for Blobs {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        match state.registries.get(&self.registry) {
            Some(registry) => answer::stored_blob(registry, request),
            None => Reply::text(404, ""),
        }
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let mut stands = Vec::new();
    for (host, registry) in &state.registries {
        let front = Front { host: host.clone() };
        let open = if registry.is_in_dns { Stand::of_addresses } else { Stand::of_api };
        stands.extend(open(System::Registry, host, &registry.addresses, front));
        if let Some(tokens) = &registry.token_host {
            let behind = Front { host: host.clone() };
            stands.extend(Stand::of_api(
                System::Registry,
                tokens,
                &[],
                Service { front: behind, host: tokens.clone() },
            ));
        }
        if let Some(blobs) = &registry.blob_host {
            let behind = Blobs { registry: host.clone(), host: blobs.clone() };
            stands.extend(Stand::of_api(System::Registry, blobs, &[], behind));
        }
    }
    stands
}
