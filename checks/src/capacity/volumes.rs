//! How many volumes may be attached to each node, by its drivers' own word.
//!
//! Source: Kubernetes API reference, `storage.k8s.io/v1` `CSINode`: without a count the number has no bound.

use crate::{
    clients::kubernetes::{Api, Meta, Selector, or_default, path},
    contract::{Unobserved, values::Quantity},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The most of each node that has a driver at all; `None` within for no bound.
#[derive(Clone, Debug, Default)]
pub(super) struct Attachable(BTreeMap<String, Option<Quantity>>);

impl Attachable {
    /// The most of a node; `None` where it has no driver.
    pub(super) fn most(&self, node: &str) -> Option<Option<Quantity>> {
        self.0.get(node).copied()
    }
}

pub(super) async fn look(api: &Api) -> Result<Attachable, Unobserved> {
    let seen = api.list::<Object>(&path("storage.k8s.io/v1", None, &["csinodes"]), &Selector::default()).await?;
    let with_driver = seen.iter().filter(|object| !object.spec.drivers.is_empty());
    Ok(Attachable(with_driver.map(|object| (object.metadata.name.clone(), object.most())).collect()))
}

#[derive(Clone, Deserialize)]
struct Object {
    metadata: Meta,
    spec: Spec,
}

#[derive(Clone, Default, Deserialize)]
struct Spec {
    #[serde(default, deserialize_with = "or_default")]
    drivers: Vec<Driver>,
}

#[derive(Clone, Deserialize)]
struct Driver {
    #[serde(default)]
    allocatable: Option<Allocatable>,
}

#[derive(Clone, Deserialize)]
struct Allocatable {
    #[serde(default)]
    count: Option<u64>,
}

impl Object {
    /// Of several drivers the one that takes fewest: which of them an attendee's volume needs is not said.
    fn most(&self) -> Option<Quantity> {
        let counts = self.spec.drivers.iter().filter_map(|driver| driver.allocatable.as_ref()?.count);
        counts.min().map(Quantity::of)
    }
}
