//! The worlds' servers, asked over their real protocols.

mod client;
mod dns;
mod litellm;
mod recording;
mod registry;
