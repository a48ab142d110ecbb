//! A server of plain HTTP on loopback that tests tell what to answer, and that notes what it was asked.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// A request as it came: the number of its connection, and its text.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) connection: usize,
    pub(super) text: String,
}

impl Came {
    /// A header's value.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let lines = self.text.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// `GET /path`.
    pub(super) fn line(&self) -> String {
        self.text.split(" HTTP/").next().unwrap_or_default().to_owned()
    }
}

/// The server.
#[derive(Clone)]
pub(super) struct Stub {
    pub(super) socket: SocketAddr,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Stub {
    /// Answers the `n`th request (from 0) with the bytes that `answer` makes of it.
    pub(super) async fn new(answer: impl Fn(&Came, usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let stub = Self { socket: listener.local_addr().expect("an address"), came: Arc::default() };
        let (came, answer) = (stub.came.clone(), Arc::new(answer));
        tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                tokio::spawn(serve(stream, connection, came.clone(), answer.clone()));
            }
        });
        stub
    }

    pub(super) fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An answer with these further header lines (each with its line break) and this body.
pub(super) fn answer(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

async fn serve(
    mut stream: TcpStream,
    connection: usize,
    came: Arc<Mutex<Vec<Came>>>,
    answer: Arc<impl Fn(&Came, usize) -> String + Send + Sync + 'static>,
) {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while let Ok(read) = stream.read(&mut buffer).await {
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        if read == 0 || !text.contains("\r\n\r\n") {
            if read == 0 {
                return;
            }
            continue;
        }
        let request = Came { connection, text: std::mem::take(&mut text) };
        let number = {
            let mut came = came.lock().unwrap_or_else(PoisonError::into_inner);
            came.push(request.clone());
            came.len() - 1
        };
        if stream.write_all(answer(&request, number).as_bytes()).await.is_err() {
            return;
        }
    }
}
