//! A client that is nothing but a socket: what was sent and what came back, with no library's opinion between.

use std::net::SocketAddr;
use std::time::Duration;

use gonogo_world::World;
use gonogo_world::dns::DEFAULT_RESOLVER;
use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query};
use hickory_proto::rr::{Name, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

/// The time after which a loopback server is taken to be silent, where silence is expected.
const SILENCE: Duration = Duration::from_millis(250);
/// The time that an answer may take, however busy the machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A question: recursive unless said otherwise.
pub fn question(name: &str, kind: RecordType) -> Message {
    let mut name = Name::from_ascii(name).expect("a name");
    name.set_fqdn(true);
    let mut message = Message::new(4711, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name, kind));
    message
}

/// The same, not recursive, as a prober asks an authoritative server.
pub fn iterative(name: &str, kind: RecordType) -> Message {
    let mut message = question(name, kind);
    message.metadata.recursion_desired = false;
    message
}

/// The same, with room for large answers.
pub fn roomy(mut message: Message) -> Message {
    let mut edns = Edns::new();
    edns.set_max_payload(1232);
    message.set_edns(edns);
    message
}

/// Whether nothing comes over UDP, not even a refusal.
pub async fn is_silent(server: SocketAddr, message: &Message) -> bool {
    let waited = tokio::time::timeout(SILENCE, raw(server, message)).await;
    waited.is_err()
}

/// Asks over UDP; `None` is a refusal, or no message.
pub async fn udp(server: SocketAddr, message: &Message) -> Option<Message> {
    Message::from_vec(&raw(server, message).await.ok()?).ok()
}

/// Asks over UDP; the bytes that came.
pub async fn raw(server: SocketAddr, message: &Message) -> std::io::Result<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    socket.connect(server).await?;
    socket.send(&message.to_vec().map_err(std::io::Error::other)?).await?;
    let mut packet = vec![0; 65_535];
    let length = tokio::time::timeout(PATIENCE, socket.recv(&mut packet)).await??;
    packet.truncate(length);
    Ok(packet)
}

/// Asks over TCP; `None` is a connection that was closed.
pub async fn tcp(server: SocketAddr, message: &Message) -> Option<Message> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    let bytes = message.to_vec().ok()?;
    stream.write_u16(u16::try_from(bytes.len()).ok()?).await.ok()?;
    stream.write_all(&bytes).await.ok()?;
    let mut packet = vec![0; usize::from(stream.read_u16().await.ok()?)];
    stream.read_exact(&mut packet).await.ok()?;
    Message::from_vec(&packet).ok()
}

/// Where an address of the world's DNS really is.
pub fn at(world: &World, address: &str) -> SocketAddr {
    if address == DEFAULT_RESOLVER {
        return world.resolvers()[0];
    }
    world.connect()[address]
}

/// A section's records as `owner TYPE data`, TTLs left out.
pub fn lines(records: &[Record]) -> Vec<String> {
    let line = |record: &Record| {
        let data = record.data.to_string();
        let first = data.split(' ').next().unwrap_or_default();
        format!("{} {} {first}", record.name, record.record_type())
    };
    records.iter().map(line).collect()
}
