//! HTTP: one request and its whole, bounded answer.
//!
//! A status is an answer, not an error: [`Response::granted`] makes the one into the other for clients of an API.
//! Redirects are not followed unless asked for, and never carry a credential to another host.

mod ask;
mod clients;
mod fault;
mod proxies;
mod response;
mod route;
mod send;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod tests;

pub use ask::{Ask, Via};
pub use clients::Clients;
pub(super) use fault::fault;
pub use response::Response;

/// The most bytes of a body that are read, unless the request says otherwise.
pub const MOST_BODY: usize = 8 << 20;
