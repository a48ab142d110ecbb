//! DNS: one question to one server, and the whole answer with its flags.
//!
//! Messages are hickory-proto's, the sockets our own: a resolver library decides for itself whom to ask, hides AA and
//! RA, and turns "no such name" into an error, where a checker needs all three as they came.

mod authority;
mod chain;
mod exchange;
mod lookup;
mod machine;
mod packet;
mod question;
mod reply;

pub use authority::{NameServer, Zone};
pub use chain::Chain;
pub use question::Question;
pub use reply::{Data, Rcode, Record, Reply};
