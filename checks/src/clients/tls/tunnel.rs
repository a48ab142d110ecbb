//! The way to a door: straight to its address, or through a proxy by CONNECT (RFC 9110, section 9.3.6).

use super::look::{Door, Way};
use crate::{
    clients::Network,
    contract::{Unobserved, Why},
};
use base64::Engine as _;
use percent_encoding::percent_decode_str;
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::Url;

/// The longest answer of a proxy before the tunnel is open, in bytes.
const LONGEST_HEAD: usize = 8 << 10;

/// Opens the way to the door.
///
/// # Errors
/// Nothing answers, or the proxy lets nobody through.
pub(super) async fn open(door: &Door, network: &Network) -> Result<TcpStream, Unobserved> {
    match &door.way {
        Way::Straight(address) => {
            TcpStream::connect(network.leads(*address)).await.map_err(|error| unreached(door, Some(*address), &error))
        }
        Way::Through(proxy) => {
            let lost = |error: io::Error| unreached(door, None, &error);
            let mut stream = connect(door, proxy, network).await?;
            stream.write_all(request(door, proxy).as_bytes()).await.map_err(lost)?;
            let head = head(&mut stream).await.map_err(lost)?;
            let status = head.split_whitespace().nth(1).unwrap_or_default();
            if status.starts_with('2') {
                return Ok(stream);
            }
            let why = if status == "407" { Why::Unauthorised } else { Why::Unreachable };
            Err(Unobserved::new(why, door.asked(), format_args!("the proxy answers {status}")))
        }
    }
}

async fn connect(door: &Door, proxy: &Url, network: &Network) -> Result<TcpStream, Unobserved> {
    let (Some(host), "http") = (proxy.host_str(), proxy.scheme()) else {
        let detail = format!("certificates are not looked at through a proxy of scheme {}", proxy.scheme());
        return Err(Unobserved::new(Why::Unconfigured, door.asked(), detail));
    };
    let port = proxy.port_or_known_default().unwrap_or(80);
    let sockets = network.sockets(host, port).await?;
    TcpStream::connect(&sockets[..]).await.map_err(|error| unreached(door, None, &error))
}

fn request(door: &Door, proxy: &Url) -> String {
    let to = format!("{}:{}", door.host, door.port);
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let credential = proxy.password().map(|password| {
        let pair = format!("{}:{}", plain(proxy.username()), plain(password));
        format!("Proxy-Authorization: Basic {}\r\n", base64::engine::general_purpose::STANDARD.encode(pair))
    });
    format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{}\r\n", credential.unwrap_or_default())
}

/// The proxy's answer, byte by byte: what follows it belongs to the tunnel.
async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(io::Error::other("the proxy's answer has no end"));
        }
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn unreached(door: &Door, address: Option<SocketAddr>, error: &io::Error) -> Unobserved {
    if address.is_some_and(|address| address.is_ipv6()) && error.kind() == io::ErrorKind::NetworkUnreachable {
        return Unobserved::new(Why::Unconfigured, door.asked(), "this machine has no way to IPv6 addresses");
    }
    Unobserved::new(Why::Unreachable, door.asked(), error)
}
