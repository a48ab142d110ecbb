//! TLS: what a server shows of itself at one address, whether or not it would be believed.
//!
//! A client that refuses a certificate cannot say when it ended or whose it is, so this look shakes hands without
//! refusing anything, sends nothing, and examines the chain afterwards. Asking through an HTTP client was rejected: it
//! picks one of the addresses, and the others may serve an old certificate.

mod examine;
mod fault;
mod look;
mod recorder;
mod shown;
#[cfg(test)]
mod tests;
mod trusts;
mod tunnel;

pub(super) use fault::tls_fault;
pub use look::{Door, Way};
pub use shown::Shown;
pub(crate) use trusts::Trusts;
