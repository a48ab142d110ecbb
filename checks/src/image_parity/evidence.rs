//! What was seen: what each tag points at, what pods run, and the manifests that were read because digests differ.

use super::image_id::ImageId;
use crate::{
    clients::{
        kubernetes::Kubectl,
        registry::{Held, Manifest},
    },
    contract::{Unobserved, values::Digest},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one look saw.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// The source.
    pub source: Tagged,
    /// The mirrors, a region each, in the order of the checklist.
    pub mirrors: Vec<Tagged>,
    /// The sites where it runs, in the order of the checklist.
    pub running: Vec<Running>,
    /// What was read by digest; empty where all digests are equal.
    pub manifests: BTreeMap<Digest, Read>,
}

/// A tag in a registry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tagged {
    /// For a person: `ghcr.io/coder/coder-preview:latest`, `coder-preview:latest in us-west-2`.
    pub name: String,
    /// The repository as it is pulled from; `None` while the account is not known.
    pub place: Option<String>,
    /// The tag, or a digest.
    pub reference: String,
    /// Where in ECR.
    #[serde(default)]
    pub ecr: Option<InEcr>,
    /// The sites that it concerns; empty means all.
    #[serde(default)]
    pub sites: Vec<String>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What it points at.
    pub held: Result<Held, Unobserved>,
}

/// A repository of ECR.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InEcr {
    /// The profile that it is asked with.
    #[serde(default)]
    pub profile: Option<String>,
    /// The region.
    pub region: String,
    /// The repository.
    pub repository: String,
}

impl Tagged {
    /// The digest, where it is there.
    pub fn digest(&self) -> Option<&Digest> {
        match &self.held {
            Ok(Held::Found(found)) => Some(&found.digest),
            _ => None,
        }
    }

    /// The image as it is pulled.
    pub fn image(&self) -> Option<String> {
        let mark = if self.reference.contains(':') { '@' } else { ':' };
        self.place.as_ref().map(|place| format!("{place}{mark}{}", self.reference))
    }
}

/// What is known of a digest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Read {
    /// Its manifest.
    Manifest(Manifest),
    /// None of the registries of the checklist holds it.
    Nowhere,
    /// It could not be read.
    Unread(Unobserved),
}

/// The pods of one site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Running {
    /// The site.
    pub site: String,
    /// How to reach its cluster by hand; `None` where the way was not found.
    pub kubectl: Option<Kubectl>,
    /// The namespace.
    pub namespace: String,
    /// Which pods.
    pub selector: String,
    /// The container to compare.
    #[serde(default)]
    pub container: Option<String>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// False where there are no pods, and no such namespace either.
    #[serde(default = "yes")]
    pub has_namespace: bool,
    /// The pods, in the order of their names; those on their way out left out.
    pub pods: Result<Vec<Pod>, Unobserved>,
}

const fn yes() -> bool {
    true
}

/// A pod.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pod {
    /// Its name.
    pub name: String,
    /// Its node.
    #[serde(default)]
    pub node: String,
    /// True if and only if it may serve.
    pub is_ready: bool,
    /// What can be restarted to replace it: `deployment/coder`.
    #[serde(default)]
    pub workload: Option<String>,
    /// Its containers of every kind.
    pub containers: Vec<Container>,
}

/// When a container runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// As long as the pod.
    #[default]
    App,
    /// Before the others, or beside them as a sidecar.
    Init,
    /// Added for debugging.
    Ephemeral,
}

/// A container of a pod.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// When it runs.
    #[serde(default)]
    pub role: Role,
    /// The reference that was asked for.
    pub image: String,
    /// Whether a start fetches the image anew.
    #[serde(default)]
    pub pull_policy: String,
    /// What the runtime says that it runs; empty where it says nothing.
    pub image_id: String,
}

impl Container {
    /// What it runs.
    pub fn runs(&self) -> Option<ImageId> {
        self.image_id.parse().ok()
    }
}

impl Evidence {
    /// The containers of `pod` that are compared: the named one, or all that use the image; where none is known to (a
    /// registry's name may be rewritten on admission), the only one that it has.
    #[must_use]
    pub fn compared<'a>(&self, running: &Running, pod: &'a Pod) -> Vec<&'a Container> {
        if let Some(name) = &running.container {
            return pod.containers.iter().filter(|container| container.name == *name).collect();
        }
        let places: Vec<&str> =
            std::iter::once(&self.source).chain(&self.mirrors).filter_map(|tagged| tagged.place.as_deref()).collect();
        let own = pod.containers.iter().filter(|container| container.role != Role::Ephemeral);
        let users: Vec<&Container> = own.filter(|container| is_from(&container.image, &places)).collect();
        if !users.is_empty() {
            return users;
        }
        let apps: Vec<&Container> = pod.containers.iter().filter(|container| container.role == Role::App).collect();
        if apps.len() == 1 { apps } else { Vec::new() }
    }
}

/// True if and only if the reference names one of the places, or one of their paths below another registry.
fn is_from(image: &str, places: &[&str]) -> bool {
    let own = place_of(image);
    let is_below = |place: &str| {
        place.split_once('/').is_some_and(|(_, path)| own.strip_suffix(path).is_some_and(|rest| rest.ends_with('/')))
    };
    places.iter().any(|place| own == *place || is_below(place))
}

/// A reference without tag and digest.
pub(super) fn place_of(image: &str) -> &str {
    let named = image.split('@').next().unwrap_or(image);
    let slash = named.rfind('/').unwrap_or(0);
    named.rfind(':').filter(|colon| *colon > slash).map_or(named, |colon| &named[..colon])
}
