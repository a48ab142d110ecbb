//! TCP: whether a port accepts, as a measurement of its own.
//!
//! What a port says is a value, not an error: that it refuses is what somebody wanted to know.

use super::looks::Question;
use crate::contract::{Context, Unobserved};
use serde::{Deserialize, Serialize};
use std::{io, net::SocketAddr, time::Duration};
use tokio::net::TcpStream;

/// What a port says to somebody who knocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Port {
    /// It accepts.
    Accepts,
    /// The host is there, and says that nothing listens.
    Refuses,
    /// Nobody says anything, for so long as was waited.
    Silent,
    /// This machine has no way to addresses of this family.
    Wayless,
    /// Somebody on the way says that it leads nowhere.
    Barred(String),
}

impl Context {
    /// What the port at `address` says within `limit`; asked for this asker alone, and once.
    ///
    /// # Errors
    /// The look itself broke off.
    pub async fn try_port(&self, address: SocketAddr, limit: Duration) -> Result<Port, Unobserved> {
        let asked = format!("TCP to {address}");
        let host = address.to_string();
        // Its own silence is an answer, so the look may take a little longer.
        let question = Question { host, key: String::new(), asked, limit: limit + Duration::from_secs(1) };
        let socket = self.network().leads(address);
        let look = move || async move {
            let connected = tokio::time::timeout(limit, TcpStream::connect(socket)).await;
            Ok(connected.map_or(Port::Silent, |connected| match connected {
                Ok(_) => Port::Accepts,
                Err(error) => refusal(socket, &error),
            }))
        };
        self.looks().alone(self.trace(), question, look).await.map(|port| (*port).clone())
    }
}

fn refusal(socket: SocketAddr, error: &io::Error) -> Port {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Port::Refuses,
        // A port that refuses says so; one that resets has accepted before, and what follows will say why.
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Port::Accepts,
        io::ErrorKind::TimedOut => Port::Silent,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable if socket.is_ipv6() => Port::Wayless,
        _ => Port::Barred(error.to_string()),
    }
}
