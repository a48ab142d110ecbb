//! The worlds' servers, asked over their real protocols.

mod alertmanager;
mod aws;
mod client;
mod coder;
mod dns;
mod ecr;
mod faults;
mod github;
mod incidents;
mod kubernetes;
mod litellm;
mod pulls;
mod recording;
mod registry;
mod s3;
mod web;
mod workshop;
