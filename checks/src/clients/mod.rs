//! The systems that probes talk to, one thin client each, and what they all stand on.
//!
//! A client asks and says what came; it does not judge. Beneath them all: [`looks`] (one look serves all, retries, a
//! turn at a host), [`network`] (where names and addresses lead), [`trust`] (whom to believe), [`clocks`] (what time
//! the others think it is) and [`connections`] (the catalogue of connection kinds).

pub mod aibridge;
pub mod alertmanager;
pub mod assertion;
pub mod aws;
pub mod blank;
pub mod cert_manager;
pub mod clocks;
pub mod cloudflare;
pub mod coder;
pub mod connections;
pub mod dns;
pub mod file;
pub mod gcp;
pub mod github;
pub mod helm;
mod hosts;
pub mod http;
pub mod incident_io;
pub mod kubernetes;
pub mod litellm;
pub mod looks;
pub mod network;
pub mod pagerduty;
pub mod program;
pub mod prometheus;
pub mod reach;
pub mod registry;
pub mod tcp;
pub mod tls;
pub mod trust;

pub use looks::Looks;
pub use network::Network;
pub use reach::Reach;
