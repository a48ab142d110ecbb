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
/// The most bytes of all bodies that are kept.
const MOST_BODIES: usize = 512 << 10;

/// What all doors of one try share.
#[derive(Clone, Copy)]
struct Knock {
    turn: u8,
    /// True where the checklist itself leads the name: then the socket is no address of it.
    is_led: bool,
    /// How many bytes of a body are kept.
    keeps: usize,
}

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
    let bodies = resolved.sockets.len().max(1) * usize::from(aim.tries);
    let knock = Knock { turn, is_led: resolved.name.is_led, keeps: MOST_BODY.min(MOST_BODIES / bodies) };
    let doors = join_all(resolved.sockets.iter().map(|socket| door(aim, cx, *socket, knock))).await;
    Try { asked_at, name: Ok(resolved.name), doors }
}

async fn door(aim: &Here, cx: &Context, socket: SocketAddr, knock: Knock) -> Door {
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
            turn: knock.turn,
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
        let ask = Ask::to(url.clone()).via(&aim.way).keeping(knock.keeps).within(aim.limit);
        let ask = if knock.is_led { ask } else { ask.at(socket.ip()) };
        door.answer = Some(cx.ask(ask.single()).await.map(|response| Answer::of(&response)));
    }
    door
}
