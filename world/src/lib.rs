//! Simulated infrastructure that speaks the real protocols on 127.0.0.1: what the demo and the tests look at.
//!
//! A [`State`] says everything; [`World::start`] serves it; a [`Rule`] spoils an answer; [`incidents`] holds the worlds
//! of incidents that happened, as they were before and as they should have been.

pub mod alertmanager;
mod assertion;
pub mod aws;
pub mod ca;
pub mod cloudflare;
pub mod coder;
pub mod dns;
pub mod ecr;
pub mod fault;
pub mod gcp;
pub mod github;
pub mod incident_io;
pub mod incidents;
mod kubeconfig;
pub mod kubernetes;
pub mod litellm;
pub mod pagerduty;
pub mod prometheus;
pub mod registry;
pub mod s3;
mod scene;
pub mod serve;
mod state;
pub mod web;
mod world;

pub use fault::{Fault, Rule, System};
pub use scene::Asked;
pub use state::State;
pub use world::World;
