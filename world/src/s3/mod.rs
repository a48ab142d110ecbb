//! S3: buckets, each with a host of its own (`BUCKET.s3.REGION.amazonaws.com`) and below its region's (`s3.REGION.amazonaws.com/BUCKET`).
//!
//! Objects are read and listed, never written. Who asks is known from [`Aws`](crate::ecr::Aws), as everywhere at Amazon.

mod answer;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use jiff::Timestamp;

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

/// A bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Its region.
    pub region: String,
    /// Documentation addresses of its host.
    pub addresses: Vec<IpAddr>,
    /// By key.
    pub objects: BTreeMap<String, Object>,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What is in it.
    pub body: String,
    /// When it was written.
    pub written: Timestamp,
}

impl Bucket {
    /// An empty one.
    #[must_use]
    pub fn of(region: &str) -> Self {
        Self { region: region.to_owned(), ..Self::default() }
    }

    /// Puts an object in.
    pub fn put(&mut self, key: &str, body: &str, written: Timestamp) {
        self.objects.insert(key.to_owned(), Object { body: body.to_owned(), written });
    }
}

/// One host: a bucket's own, or a region's.
struct Host {
    name: String,
    region: String,
    bucket: Option<String>,
}

impl Behind for Host {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.name))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        answer::answer(state, &self.region, self.bucket.as_deref(), request)
    }

    fn refusal(&self, status: u16, request: &Request) -> Reply {
        answer::refusal(status, request)
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let own = state.s3.iter().flat_map(|(name, bucket)| {
        let host = format!("{name}.s3.{}.amazonaws.com", bucket.region);
        let behind = Host { name: host.clone(), region: bucket.region.clone(), bucket: Some(name.clone()) };
        Stand::of_api(System::S3, &host, &bucket.addresses, behind)
    });
    let regions: BTreeSet<&String> = state.s3.values().map(|bucket| &bucket.region).collect();
    let shared = regions.into_iter().flat_map(|region| {
        let host = format!("s3.{region}.amazonaws.com");
        let behind = Host { name: host.clone(), region: region.clone(), bucket: None };
        Stand::of_api(System::S3, &host, &[], behind)
    });
    own.chain(shared).collect()
}
