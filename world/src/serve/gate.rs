//! A loopback port that can really refuse connections, and be opened again under the same number.
//!
//! A port that is bound but not listened on is refused by the kernel and cannot be taken by anyone else. Closing the
//! listener and hoping to get the port back was rejected: another socket may take it meanwhile.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

const BACKLOG: u32 = 1024;

#[derive(Debug)]
enum Door {
    Open(TcpListener),
    Shut(TcpSocket),
    /// Between the two, or after a failure to reopen.
    Gone,
}

#[derive(Debug)]
struct State {
    door: Door,
    waiting: Option<Waker>,
}

/// The port.
#[derive(Debug)]
pub(crate) struct Gate {
    socket: SocketAddr,
    state: Mutex<State>,
}

impl Gate {
    /// Listens on a free port of 127.0.0.1.
    pub(crate) fn open() -> io::Result<Self> {
        let listener = hold(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?.listen(BACKLOG)?;
        Ok(Self {
            socket: listener.local_addr()?,
            state: Mutex::new(State { door: Door::Open(listener), waiting: None }),
        })
    }

    /// The address that clients connect to.
    pub(crate) fn socket(&self) -> SocketAddr {
        self.socket
    }

    /// From its return on, connections are refused by the kernel, or accepted again.
    pub(crate) fn set_refusing(&self, refuse: bool) -> io::Result<()> {
        let mut state = self.lock();
        state.door = match (std::mem::replace(&mut state.door, Door::Gone), refuse) {
            (Door::Open(listener), true) => {
                drop(listener);
                Door::Shut(hold(self.socket)?)
            }
            (Door::Shut(held), false) => Door::Open(held.listen(BACKLOG)?),
            (Door::Gone, false) => Door::Open(hold(self.socket)?.listen(BACKLOG)?),
            (same, _) => same,
        };
        if let Some(waiting) = state.waiting.take() {
            waiting.wake();
        }
        Ok(())
    }

    /// The next connection, whenever the gate is open.
    pub(crate) async fn accept(&self) -> io::Result<TcpStream> {
        std::future::poll_fn(|context| self.poll_accept(context)).await
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        let mut state = self.lock();
        state.waiting = Some(context.waker().clone());
        match &state.door {
            Door::Open(listener) => listener.poll_accept(context).map_ok(|(stream, _)| stream),
            Door::Shut(_) | Door::Gone => Poll::Pending,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
