//! Through a proxy that tunnels: the certificate at the tunnel's end is judged.

use super::stage::{Stage, item_via, window};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// A proxy that leads every tunnel to `target`.
async fn proxy(target: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let socket = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = vec![0; 4096];
                let read = near.read(&mut head).await.unwrap_or_default();
                assert!(
                    head[..read].starts_with(b"CONNECT web.test:443 "),
                    "the name and its port are the proxy's to resolve"
                );
                let mut far = TcpStream::connect(target).await.expect("the target");
                near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("the client listens");
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    socket
}

async fn codes(change: impl FnOnce(&mut gonogo_world::web::Site)) -> Vec<&'static str> {
    let stage = Stage::web(&["203.0.113.50"], |mut site| {
        change(&mut site);
        site
    })
    .await;
    let socket = proxy(stage.world.connect()["203.0.113.50"]).await;
    let connections = format!("{{ portal: {{ kind: http, url: https://web.test/, proxy: 'http://{socket}' }} }}");
    let item = item_via(&connections, "{ connection: portal }", "{ certificate: { valid_past_event: 7d } }");
    stage.find(&*item).await.iter().map(|finding| finding.code).collect()
}

#[tokio::test]
async fn a_good_certificate_passes_and_one_that_ends_early_is_found() {
    assert_eq!(codes(|_| ()).await, [""; 0]);
    let ends = window().ends;
    assert_eq!(codes(|site| site.certificate = site.certificate.clone().until(ends)).await, ["certificate-ends-early"]);
}

#[tokio::test]
async fn a_certificate_that_clients_refuse_is_named_through_a_proxy_too() {
    assert_eq!(codes(|site| site.certificate = site.certificate.clone().expired()).await, ["certificate-expired"]);
}
