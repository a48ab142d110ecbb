//! Kubernetes: one cluster's API as a reader sees it.
//!
//! [`Context::cluster`](crate::contract::Context::cluster) opens a cluster: it finds the kubeconfig's context, runs its
//! credential plugin once without prompting, and compares the cluster's UID before any answer counts. What is asked then
//! is shared within the run, like every look.
//!
//! `kube` reads the kubeconfig and makes its TLS; requests are sent over `reqwest`, as all others are, because its own
//! client reads bodies without a bound, asks again by itself, prints what a credential plugin wrote, and knows neither
//! proxies (unless built so) nor the checklist's `network:`.

mod api;
mod credential;
mod kubeconfig;
mod kubectl;
mod list;
mod node;
mod object;
mod pod;
mod proxied;
mod refusal;
mod request;
mod resource;
mod secret;
mod way;

pub use api::{Api, Seen};
pub use kubectl::Kubectl;
pub use node::{Node, NodeSpec, NodeStatus, Taint};
pub(crate) use object::or_default;
pub use object::{Condition, Meta, Owner, Selector, Writer};
pub use pod::{Asked, Container, ContainerState, ContainerStatus, Pod, PodSpec, PodStatus, PodVolume, Terminated};
pub use proxied::{Proxied, proxy_path};
pub use resource::{is_name, path, right};
pub use secret::StoredSecret;
