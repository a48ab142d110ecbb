//! What was seen: each try, link by link, with who said it and when.

use crate::{
    clients::{kubernetes::Kubectl, tcp::Port, tls::Shown},
    contract::Unobserved,
    http::Answer as Whole,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use url::Url;

/// A service's whole answer.
pub type Answer = Whole;

/// What was seen.
#[derive(Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// What was to be reached.
    pub asked: Asked,
    /// From this machine: each try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// Through a cluster's API server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
}

/// What was to be reached.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// The URL; `None` where no HTTP is spoken, and inside a cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// The host, or the Service.
    pub host: String,
    /// The port, by name or number.
    pub port: String,
    /// True where TLS is spoken.
    #[serde(default)]
    pub is_secure: bool,
    /// How long each link was waited for, in milliseconds.
    pub limit_ms: u64,
}

/// One try from this machine.
#[derive(Debug, Serialize, Deserialize)]
pub struct Try {
    /// When the name was asked for.
    pub asked_at: Timestamp,
    /// What the name gave.
    pub name: Result<Name, Unobserved>,
    /// Each of its addresses.
    #[serde(default)]
    pub doors: Vec<Door>,
}

/// What a name gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// Who said so: `192.0.2.53`, `this machine`, `the checklist's network`, `the address itself`.
    pub by: String,
    /// The addresses; none where `absent` says why.
    pub addresses: Vec<IpAddr>,
    /// What was said in place of an address: `NXDOMAIN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// What DNS says, where this machine resolves the name otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_says: Option<String>,
    /// True where the checklist itself says where the name leads, so that nobody was asked.
    pub is_led: bool,
    /// True where the resolver gives names that do not exist the same addresses.
    pub is_rewritten: bool,
}

/// One address of a name.
#[derive(Debug, Serialize, Deserialize)]
pub struct Door {
    /// The address with its port.
    pub address: String,
    /// When it was knocked at.
    pub asked_at: Timestamp,
    /// What the port said.
    pub port: Result<Port, Unobserved>,
    /// What TLS showed; `None` where it is not spoken, or the port did not accept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Result<Shown, Unobserved>>,
    /// What the service answered; `None` where no HTTP is spoken, or a link before it broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Result<Answer, Unobserved>>,
}

/// What was seen through an API server.
#[derive(Debug, Serialize, Deserialize)]
pub struct Inside {
    /// How `kubectl` reaches the cluster.
    pub cluster: Kubectl,
    /// The Service's namespace.
    pub namespace: String,
    /// The path at the API server.
    pub path: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The Service; `None` where there is none of that name.
    pub service: Result<Option<Service>, Unobserved>,
    /// What stands behind it.
    pub endpoints: Result<Endpoints, Unobserved>,
    /// Each try through the proxy.
    #[serde(default)]
    pub tries: Vec<Result<Passed, Unobserved>>,
}

/// A Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Its ports: `http (5000)`, `5000`.
    pub ports: Vec<String>,
    /// True where the wanted port is among them.
    pub has_port: bool,
    /// The name that it stands for, where it is only that (`ExternalName`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
}

/// The addresses behind a Service, by its endpoint slices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoints {
    /// Ready to serve.
    pub ready: u32,
    /// Not ready, or on their way out.
    pub unready: u32,
}

/// One try through the proxy.
#[derive(Debug, Serialize, Deserialize)]
pub struct Passed {
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// What the API server says in place of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_says: Option<String>,
    /// What the service answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}
