//! The UDP side of a port, which can refuse too: the kernel then answers "port unreachable", as a host does where no server runs.
//!
//! A socket that is connected to somebody else takes nobody's datagrams and still holds the port; dropping it would let another
//! socket take the number while the port is shut.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket as Held};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::ReadBuf;
use tokio::net::UdpSocket;

/// The largest datagram there is.
const LARGEST: usize = 65_535;
/// Nobody speaks from here: the discard port.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9);

#[derive(Debug)]
pub(super) struct Datagrams {
    address: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` only between closing and opening again. Used under the lock alone, so that dropping it frees the port.
    open: Option<Twice>,
    is_refusing: bool,
    waiting: Option<Waker>,
}

/// One socket twice: a blocking handle to connect it by, and tokio's to wait on.
#[derive(Debug)]
struct Twice {
    held: Held,
    socket: UdpSocket,
}

impl Twice {
    fn bind(address: SocketAddr) -> io::Result<Self> {
        let held = Held::bind(address)?;
        held.set_nonblocking(true)?;
        let socket = UdpSocket::from_std(held.try_clone()?)?;
        Ok(Self { held, socket })
    }
}

impl Datagrams {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        let state = State { open: Some(Twice::bind(address)?), is_refusing: false, waiting: None };
        Ok(Self { address, state: Mutex::new(state) })
    }

    /// From its return on, datagrams are refused by the kernel, or taken again.
    pub(super) fn set_refusing(&self, refuse: bool) -> io::Result<()> {
        let mut state = self.lock();
        if state.is_refusing == refuse && state.open.is_some() {
            return Ok(());
        }
        match &state.open {
            Some(open) if refuse => open.held.connect(NOBODY)?,
            _ => {
                state.open = None;
                state.open = Some(Twice::bind(self.address)?);
            }
        }
        state.is_refusing = refuse;
        if let Some(waiting) = state.waiting.take() {
            waiting.wake();
        }
        Ok(())
    }

    /// The next datagram, whenever the port is open.
    pub(super) async fn receive(&self) -> (Vec<u8>, SocketAddr) {
        let mut room = vec![0; LARGEST];
        std::future::poll_fn(|context| self.poll_receive(context, &mut room)).await
    }

    fn poll_receive(&self, context: &mut Context<'_>, room: &mut [u8]) -> Poll<(Vec<u8>, SocketAddr)> {
        let mut state = self.lock();
        state.waiting = Some(context.waker().clone());
        let Some(open) = &state.open else {
            return Poll::Pending;
        };
        loop {
            let mut packet = ReadBuf::new(room);
            match open.socket.poll_recv_from(context, &mut packet) {
                Poll::Ready(Ok(peer)) => return Poll::Ready((packet.filled().to_vec(), peer)),
                // A peer that went away before its answer came shows here; it is of no concern to the next one.
                Poll::Ready(Err(_)) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Sends at once or not at all, as the network does.
    pub(super) fn send(&self, bytes: &[u8], peer: SocketAddr) {
        let state = self.lock();
        let Some(open) = &state.open else { return };
        if let Err(error) = open.socket.try_send_to(bytes, peer) {
            tracing::debug!(%error, "datagram not sent");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
