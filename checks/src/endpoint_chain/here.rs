//! From this machine: each try resolves anew, and opens a connection of its own for each link at each address.

use super::{
    aims::Here,
    evidence::{Answer, Asked, Door, Evidence, Try},
    names::resolve,
};
use crate::{
    clients::{
        http::Ask,
        tcp::Port,
        tls::{self, Way},
    },
    contract::{Context, Unobserved, Why},
};
use futures::future::join_all;
use std::net::SocketAddr;

/// The most addresses of a name that are tried.
const MOST_ADDRESSES: usize = 16;
/// The most bytes of one body that are kept.
const MOST_BODY: usize = 64 << 10;

pub(super) async fn observe(aim: &Here, cx: &Context) -> Result<Evidence, Unobserved> {
    let tries = join_all((0..aim.tries).map(|turn| one(aim, cx, turn))).await;
    let asked = Asked {
        url: aim.url.clone(),
        host: aim.host.clone(),
        port: aim.port.to_string(),
        is_secure: aim.is_secure,
        limit_ms: u64::try_from(aim.limit.as_millis()).unwrap_or(u64::MAX),
    };
    Ok(Evidence { asked, tries, inside: None })
}

async fn one(aim: &Here, cx: &Context, turn: u8) -> Try {
    let asked_at = cx.now();
    let resolved = match resolve(aim, cx).await {
        Ok(resolved) => resolved,
        Err(missing) => return Try { asked_at, name: Err(missing), doors: Vec::new() },
    };
    if resolved.sockets.len() > MOST_ADDRESSES {
        let detail = format!("{} addresses, and at most {MOST_ADDRESSES} are tried", resolved.sockets.len());
        let missing = Unobserved::new(Why::TooLarge, format!("addresses of {}", aim.host), detail);
        return Try { asked_at, name: Err(missing), doors: Vec::new() };
    }
    let doors =
        join_all(resolved.sockets.iter().map(|socket| door(aim, cx, *socket, resolved.name.is_led, turn))).await;
    Try { asked_at, name: Ok(resolved.name), doors }
}

async fn door(aim: &Here, cx: &Context, socket: SocketAddr, is_led: bool, turn: u8) -> Door {
    let asked_at = cx.now();
    let port = cx.try_port(socket, aim.limit).await;
    let mut door = Door { address: socket.to_string(), asked_at, port, tls: None, answer: None };
    if door.port != Ok(Port::Accepts) {
        return door;
    }
    if aim.is_secure {
        let shown = cx.knock_once(tls::Door {
            host: aim.host.clone(),
            port: aim.port,
            way: Way::Straight(socket),
            turn,
            trust: aim.way.trust.clone(),
            limit: aim.limit,
        });
        let shown = shown.await;
        let is_broken = shown.is_err();
        door.tls = Some(shown);
        if is_broken {
            return door;
        }
    }
    if let Some(url) = &aim.url {
        let ask = Ask::to(url.clone()).via(&aim.way).keeping(MOST_BODY).within(aim.limit);
        // Where the checklist itself leads the name, the socket is no address of it.
        let ask = if is_led { ask } else { ask.at(socket.ip()) };
        door.answer = Some(cx.ask(ask.single()).await.map(|response| Answer::of(&response)));
    }
    door
}
