//! The worlds' servers, asked over their real protocols.

mod alertmanager;
mod apps;
mod assertion;
mod aws;
mod client;
mod coder;
mod dns;
mod ecr;
mod faults;
mod gcp;
mod github;
mod iam;
mod incidents;
mod kubernetes;
mod litellm;
mod recording;
mod registry;
mod s3;
mod web;
mod workshop;
