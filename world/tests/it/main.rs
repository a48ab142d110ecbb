//! The worlds' servers, asked over their real protocols.

mod aws;
mod client;
mod coder;
mod dns;
mod ecr;
mod faults;
mod github;
mod kubernetes;
mod litellm;
mod recording;
mod registry;
mod web;
mod workshop;
