//! The sockets: UDP with one repetition for a lost datagram, TCP where the answer does not fit.

use super::{
    Question, Reply,
    packet::{Heard, Packet},
};
use crate::contract::{Unobserved, Why};
use hickory_proto::op::{Message, ResponseCode};
use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::{Instant, timeout_at},
};

/// How long the first datagram is waited for before the question is sent again.
const FIRST: Duration = Duration::from_secs(1);
/// How long an answer is waited for in all, over UDP and again over TCP.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest that one exchange may take: without EDNS again, and over TCP.
pub(super) const LIMIT: Duration = Duration::from_secs(8);
/// The largest datagram that is read whole.
const DATAGRAM: usize = 4096;

/// Puts the question to the server at `socket`.
pub(super) async fn ask(question: &Question, socket: SocketAddr) -> Result<Reply, Unobserved> {
    let message = talk(question, socket, true).await?;
    // A server older than EDNS says that it cannot read the question; it is asked as it was asked then.
    if message.0.metadata.response_code == ResponseCode::FormErr {
        let message = talk(question, socket, false).await?;
        return Ok(read(&message));
    }
    Ok(read(&message))
}

fn read((message, tc): &(Box<Message>, bool)) -> Reply {
    Reply { tc: *tc, ..Reply::read(message) }
}

async fn talk(question: &Question, socket: SocketAddr, edns: bool) -> Result<(Box<Message>, bool), Unobserved> {
    let packet = Packet::new(question, edns)
        .ok_or_else(|| unseen(question, Why::Unconfigured, "the name is too long for DNS"))?;
    match over_udp(&packet, socket).await.map_err(|failed| failed.of(question))? {
        Some(message) => Ok((message, false)),
        None => Ok((over_tcp(&packet, socket).await.map_err(|failed| failed.of(question))?, true)),
    }
}

enum Failed {
    Silent,
    Garbage(String),
    Io(io::Error),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Failed {
    fn of(self, question: &Question) -> Unobserved {
        match self {
            Self::Silent => {
                unseen(question, Why::TimedOut, format_args!("no answer in {} s, asked twice", PATIENCE.as_secs()))
            }
            Self::Garbage(what) => unseen(question, Why::Malformed, what),
            Self::Io(error) => unseen(question, Why::Unreachable, error),
        }
    }
}

fn unseen(question: &Question, why: Why, detail: impl std::fmt::Display) -> Unobserved {
    Unobserved::new(why, question.asked(), detail).by_hand(question.by_hand())
}

/// The answer, or `None` when it does not fit into a datagram.
async fn over_udp(packet: &Packet, server: SocketAddr) -> Result<Option<Box<Message>>, Failed> {
    let any: SocketAddr =
        if server.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(server).await?;
    let begun = Instant::now();
    for until in [begun + FIRST, begun + PATIENCE] {
        socket.send(&packet.bytes).await?;
        if let Ok(heard) = timeout_at(until, listen(packet, &socket)).await {
            return heard;
        }
    }
    Err(Failed::Silent)
}

async fn listen(packet: &Packet, socket: &UdpSocket) -> Result<Option<Box<Message>>, Failed> {
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let length = socket.recv(&mut buffer).await?;
        match packet.hear(&buffer[..length]) {
            Heard::Answer(message) => return Ok(Some(message)),
            Heard::Truncated => return Ok(None),
            Heard::NotOurs => {}
            Heard::Garbage(what) => return Err(Failed::Garbage(what)),
        }
    }
}

async fn over_tcp(packet: &Packet, server: SocketAddr) -> Result<Box<Message>, Failed> {
    let until = Instant::now() + PATIENCE;
    timeout_at(until, converse(packet, server)).await.unwrap_or(Err(Failed::Silent))
}

async fn converse(packet: &Packet, server: SocketAddr) -> Result<Box<Message>, Failed> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(packet.bytes.len()).map_err(io::Error::other)?;
    let framed = [length.to_be_bytes().as_slice(), &packet.bytes].concat();
    stream.write_all(&framed).await?;
    loop {
        let mut bytes = vec![0; usize::from(stream.read_u16().await?)];
        stream.read_exact(&mut bytes).await?;
        match packet.hear(&bytes) {
            Heard::Answer(message) => return Ok(message),
            Heard::NotOurs => {}
            Heard::Truncated => return Err(Failed::Garbage("an answer that is cut off even over TCP".to_owned())),
            Heard::Garbage(what) => return Err(Failed::Garbage(what)),
        }
    }
}
