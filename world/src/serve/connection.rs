//! The accept loop, and one connection from its first byte to its last.

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::spoil::{Body, Spoilt, spoil, whole};
use super::wire::{Cut, Wire};
use super::{Gate, Reply, Request, Stand};
use crate::ca::Leaf;
use crate::fault::Fault;
use crate::scene::{Asked, Scene};

const CONNECTIONS: usize = 1024;
const REQUEST_LIMIT: usize = 1024 * 1024;
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Accepts until the scene is over.
pub(super) async fn accept(scene: Arc<Scene>, stand: Arc<Stand>, gate: Arc<Gate>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let stream = tokio::select! {
            () = scene.over.cancelled() => return,
            stream = gate.accept() => stream,
        };
        // An error here is of the connection that was to be accepted, or of a gate that is being shut.
        let Ok(stream) = stream else {
            tokio::task::yield_now().await;
            continue;
        };
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let (scene, stand) = (Arc::clone(&scene), Arc::clone(&stand));
        tokio::spawn(async move {
            let over = scene.over.clone();
            tokio::select! {
                () = over.cancelled() => {}
                () = serve(scene, stand, stream) => {}
            }
            drop(place);
        });
    }
}

async fn serve(scene: Arc<Scene>, stand: Arc<Stand>, stream: TcpStream) {
    let (wire, cut) = Wire::new(stream);
    let leaf = stand.behind.certificate(&scene.state());
    let names = stand.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let leaf = match scene.faults.take_at_accept(stand.system, &names) {
        Some(Fault::Refuse) => return,
        Some(Fault::Reset) => return cut.reset(),
        Some(Fault::Hang) => return hang(wire).await,
        Some(Fault::ExpiredCertificate) => leaf.map(Leaf::expired),
        Some(Fault::WrongCertificate) => leaf.map(|_| Leaf::for_names(["wrong.invalid"])),
        Some(Fault::UntrustedCertificate) => leaf.map(Leaf::untrusted),
        _ => leaf,
    };
    let Some(leaf) = leaf else {
        return talk(scene, stand, wire, cut).await;
    };
    let server = match scene.ca.server(&leaf) {
        Ok(server) => server,
        Err(error) => return tracing::error!(%error, instance = stand.instance, "no certificate"),
    };
    let handshake = TlsAcceptor::from(server).accept(wire);
    match tokio::time::timeout(HEAD_TIMEOUT, handshake).await {
        Ok(Ok(tls)) => talk(scene, stand, tls, cut).await,
        Ok(Err(error)) => tracing::debug!(%error, instance = stand.instance, "no handshake"),
        Err(_) => {}
    }
}

async fn hang(wire: Wire) {
    // The connection must stay open for as long as nobody speaks on it.
    std::future::pending::<()>().await;
    drop(wire);
}

async fn talk<S>(scene: Arc<Scene>, stand: Arc<Stand>, stream: S, cut: Cut)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request| respond(Arc::clone(&scene), Arc::clone(&stand), cut.clone(), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, instance = stand.instance, "connection ended early");
    }
}

/// hyper closes the connection without a byte when this is an error: the way to an unanswered request.
#[derive(Debug, thiserror::Error)]
#[error("the connection was ended on purpose")]
struct Ended;

async fn respond(
    scene: Arc<Scene>,
    stand: Arc<Stand>,
    cut: Cut,
    request: http::Request<Incoming>,
) -> Result<Response<Body>, Ended> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, REQUEST_LIMIT).collect().await else {
        return Ok(whole(Reply::text(413, "request too large\n")));
    };
    let now = scene.now();
    let request = Request::new(parts, body.to_bytes(), stand.address, now);
    let seen = Asked::new(&stand, &request);
    let names = stand.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fault = scene.faults.take(stand.system, &names, &seen.place());
    let number = scene.note(seen);
    let due = stand.behind.answer(&mut scene.state(), &request);
    tokio::time::sleep(due.delay).await;
    let refusal = |status| stand.behind.refusal(status, &request);
    match spoil(fault, &request, due, refusal) {
        Spoilt::Sent(response) => {
            scene.answered(number, response.status());
            Ok(dated(&scene, response))
        }
        Spoilt::Closed => Err(Ended),
        Spoilt::Reset => {
            cut.reset();
            Err(Ended)
        }
        Spoilt::Hung => std::future::pending().await,
    }
}

fn dated(scene: &Scene, mut response: Response<Body>) -> Response<Body> {
    if let Some(date) = scene.skewed_date() {
        response.headers_mut().insert(http::header::DATE, date);
    }
    response
}
