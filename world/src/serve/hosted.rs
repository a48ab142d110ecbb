//! A system of which there may be several, each at a host of its own: what most APIs of the world are.

use std::net::IpAddr;

use super::{Behind, Reply, Request, Stand};
use crate::ca::Leaf;
use crate::fault::System;
use crate::state::State;

/// What the system at a host answers; `None` once the state has it no more.
type Answer = fn(&mut State, &str, &Request) -> Option<Reply>;
/// The system's own error body for a status.
type Refusal = fn(u16, &Request) -> Reply;

struct Hosted {
    host: String,
    answer: Answer,
    refusal: Refusal,
}

impl Behind for Hosted {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        (self.answer)(state, &self.host, request).unwrap_or_else(|| (self.refusal)(404, request))
    }

    fn refusal(&self, status: u16, request: &Request) -> Reply {
        (self.refusal)(status, request)
    }
}

impl Stand {
    /// The listeners of every host of a system.
    pub(crate) fn hosted<'a>(
        system: System,
        hosts: impl Iterator<Item = (&'a String, &'a Vec<IpAddr>)>,
        answer: Answer,
        refusal: Refusal,
    ) -> Vec<Self> {
        let of = |(host, addresses): (&'a String, &'a Vec<IpAddr>)| {
            Self::of_api(system, host, addresses, Hosted { host: host.clone(), answer, refusal })
        };
        hosts.flat_map(of).collect()
    }
}
