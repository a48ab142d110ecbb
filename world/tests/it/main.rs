//! The worlds' servers, asked over their real protocols.

mod alertmanager;
mod aws;
mod client;
mod cloudflare;
mod coder;
mod coder_lists;
mod dns;
mod ecr;
mod estate;
mod faults;
mod gateway_calls;
mod github;
mod incident_io;
mod incidents;
mod kubernetes;
mod litellm;
mod pagerduty;
mod recording;
mod registry;
mod s3;
mod web;
mod workshop;
