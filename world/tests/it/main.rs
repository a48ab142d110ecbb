//! The worlds' servers, asked over their real protocols.

mod alertmanager;
mod aws;
mod client;
mod coder;
mod dns;
mod ecr;
mod estate;
mod faults;
mod gateway_calls;
mod github;
mod incidents;
mod kubernetes;
mod litellm;
mod recording;
mod registry;
mod s3;
mod web;
mod workshop;
