//! The OCI client: sign-in, absence, and what may not leave a host.

use super::{Bench, codes, node, workshop};
use gonogo_checks::{
    clients::{
        connections::{Connections, Endpoint},
        registry::{Held, ImageName, Repository},
    },
    contract::{Place, SecretRef, Unobserved, Vault, Why},
};
use gonogo_world::registry::{Auth, Image, Registry};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const HOST: &str = "registry.example.com";

fn endpoint(url: &str, keys: &str) -> Endpoint {
    let named = [("r".to_owned(), node(&format!("{{ kind: registry, url: '{url}'{keys} }}")))];
    let mut problems = Vec::new();
    let connections = Connections::read(&named, &[], &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    let place = Place::new(None, Vec::new(), connections);
    place.endpoint("r", "registry", "registry").expect("an endpoint")
}

const USER: &str = ", username: probe, password: { env: PASSWORD }";

fn vault(password: &str) -> Vault {
    let mut vault = Vault::default();
    vault.keep(SecretRef::Env("PASSWORD".to_owned()), password.to_owned().into());
    vault
}

fn private(mut registry: Registry) -> impl FnOnce(gonogo_world::incidents::Times) -> gonogo_world::State {
    move |times| {
        let mut state = workshop::repaired(times);
        registry.push("coder/coder", "v1", &Image::multi_arch("private"));
        if let Some(repository) = registry.repositories.get_mut("coder/coder") {
            repository.is_private = matches!(registry.auth, Auth::Token(_));
        }
        state.registries.insert(HOST.to_owned(), registry);
        state
    }
}

fn basic() -> Registry {
    let auth = Auth::Basic { realm: "r".into(), user: "probe".into(), password: "right".into() };
    Registry { auth, ..Registry::open() }
}

async fn find(bench: &Bench, vault: Vault, keys: Option<&str>, image: &str) -> Result<Held, Unobserved> {
    let image: ImageName = format!("{HOST}/{image}").parse().expect("a name");
    let endpoint = keys.map(|keys| endpoint(&format!("https://{HOST}"), keys));
    let repository = Repository::of(&image, endpoint.as_ref()).expect("the same host");
    repository.find(&bench.context_with(vault), &image.reference.to_string()).await
}

#[tokio::test]
async fn basic_is_shown_only_when_asked_for_and_a_wrong_password_is_no_absence() {
    let bench = Bench::start(private(basic())).await;
    assert!(matches!(find(&bench, vault("right"), Some(USER), "coder/coder:v1").await, Ok(Held::Found(_))));
    let missing = find(&bench, vault("wrong"), Some(USER), "coder/coder:v1").await.expect_err("refused");
    assert_eq!(missing.why, Why::Unauthorised);
    let missing = find(&bench, Vault::default(), None, "coder/coder:v1").await.expect_err("refused");
    assert_eq!(missing.why, Why::Unauthorised, "{missing:?}");
}

#[tokio::test]
async fn absence_is_said_only_after_the_list_of_tags_was_read() {
    let bench = Bench::start(private(basic())).await;
    let seen = find(&bench, vault("right"), Some(USER), "coder/coder:v2").await;
    assert_eq!(seen, Ok(Held::Missing("other tags: v1".to_owned())));
    let seen = find(&bench, vault("right"), Some(USER), "coder/none:v1").await;
    assert_eq!(seen, Ok(Held::Missing(format!("no repository {HOST}/coder/none"))));
}

#[tokio::test]
async fn a_private_image_is_hidden_and_not_missing() {
    let bench = Bench::start(workshop::repaired).await;
    bench.world.edit(|state| {
        let ghcr = state.registries.get_mut("ghcr.io").expect("there");
        ghcr.repositories.get_mut("coder/coder-preview").expect("there").is_private = true;
    });
    let (_, found) = bench.judge(&super::with(), super::EXPECT).await;
    assert_eq!(codes(&found), [("image-hidden", "-")]);
    let (_, found) = bench.judge(&super::with().replace("coder-preview:latest", "nothing:latest"), super::EXPECT).await;
    assert_eq!(codes(&found), [("image-hidden", "-")], "ghcr.io says the same of what is not there");
}

#[tokio::test]
async fn a_registry_without_the_digest_header_is_read_and_hashed() {
    let bench = Bench::start(private(Registry { omits_digest: true, ..Registry::open() })).await;
    let Ok(Held::Found(found)) = find(&bench, Vault::default(), None, "coder/coder:v1").await else {
        panic!("not found")
    };
    assert_eq!(found.digest.as_str(), Image::multi_arch("private").digest());
}

#[tokio::test]
async fn an_open_registry_is_asked_once_for_each_side_and_a_token_is_shared_by_the_run() {
    let bench = Bench::start(private(Registry::open())).await;
    bench.world.edit(|state| {
        let registry = state.registries.get_mut(HOST).expect("there");
        registry.push("mirror/coder", "v1", &Image::multi_arch("private"));
    });
    let with = format!("source: {{ image: {HOST}/coder/coder:v1 }}\nmirrors: [{{ image: {HOST}/mirror/coder:v1 }}]");
    let (_, found) = bench.judge(&with, "{}").await;
    assert_eq!(found, []);
    assert_eq!(bench.world.requests().len(), 2, "{:?}", bench.world.requests());

    let cx = bench.context();
    for expect in ["{ pods: 2 }", "{ pods: 1 }"] {
        let (_, found) = bench.judge_in(&cx, &super::with(), expect).await;
        assert_eq!(found, []);
    }
    let tokens = bench.world.requests().iter().filter(|asked| asked.path.starts_with("/token")).count();
    assert_eq!(tokens, 1);
}

/// A server that answers each request as `answer` says, and remembers their heads.
pub async fn server(
    address: &str,
    answer: impl Fn(&str, SocketAddr) -> String + Send + 'static,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(address).await.expect("a port");
    let socket = listener.local_addr().expect("bound");
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let heads = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            let mut part = [0; 4096];
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut part).await {
                    Ok(length) if length > 0 => head.extend_from_slice(&part[..length]),
                    _ => break,
                }
            }
            let head = String::from_utf8_lossy(&head).to_lowercase();
            let reply = answer(&head, socket);
            heads.lock().expect("not poisoned").push(head);
            let _ = stream.write_all(reply.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (socket, seen)
}

fn reply(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n")
}

async fn ask_local(bench: &Bench, registry: SocketAddr) -> Result<Held, Unobserved> {
    let image: ImageName = format!("{registry}/a/b:v1").parse().expect("a name");
    let endpoint = endpoint(&format!("http://{registry}"), USER);
    let repository = Repository::of(&image, Some(&endpoint)).expect("the same host");
    repository.find(&bench.context_with(vault("right")), "v1").await
}

#[tokio::test]
async fn a_credential_does_not_follow_a_redirect_to_another_host() {
    let bench = Bench::start(workshop::repaired).await;
    let (elsewhere, seen) =
        server("127.0.0.2:0", |_, _| reply("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n")).await;
    let (registry, _) = server("127.0.0.1:0", move |head, _| {
        if head.contains("authorization: basic") {
            reply("307 Temporary Redirect", &format!("Location: http://{elsewhere}/v2/a/b/manifests/v1\r\n"))
        } else {
            reply("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n")
        }
    })
    .await;
    let missing = ask_local(&bench, registry).await.expect_err("refused");
    assert_eq!(missing.why, Why::Unauthorised, "{missing:?}");
    let seen = seen.lock().expect("not poisoned");
    assert_eq!(seen.len(), 1);
    assert!(!seen[0].contains("authorization"), "{}", seen[0]);
}

#[tokio::test]
async fn a_credential_is_not_shown_to_a_token_service_of_another_house() {
    let bench = Bench::start(workshop::repaired).await;
    let (elsewhere, seen) = server("127.0.0.2:0", |_, _| reply("200 OK", "")).await;
    let (registry, _) = server("127.0.0.1:0", move |_, _| {
        reply("401 Unauthorized", &format!("WWW-Authenticate: Bearer realm=\"http://{elsewhere}/token\"\r\n"))
    })
    .await;
    let missing = ask_local(&bench, registry).await.expect_err("refused");
    assert_eq!(missing.why, Why::Unauthorised, "{missing:?}");
    assert!(missing.detail.contains("another house"), "{}", missing.detail);
    assert_eq!(seen.lock().expect("not poisoned").len(), 0);
}

#[tokio::test]
async fn a_digest_that_is_not_the_one_asked_for_proves_nothing() {
    let bench = Bench::start(workshop::repaired).await;
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    let header =
        format!("Content-Type: application/vnd.oci.image.index.v1+json\r\nDocker-Content-Digest: {}\r\n", digest("a"));
    let (registry, _) = server("127.0.0.1:0", move |_, _| reply("200 OK", &header)).await;
    let image: ImageName = format!("{registry}/a/b@{}", digest("b")).parse().expect("a name");
    let repository = Repository::of(&image, None).expect("a registry");
    let missing = repository.find(&bench.context(), &digest("b")).await.expect_err("another digest");
    assert_eq!(missing.why, Why::Malformed);
}

#[test]
fn a_connection_to_another_host_than_the_images_is_refused() {
    let image: ImageName = "ghcr.io/coder/coder:v1".parse().expect("a name");
    let refused = Repository::of(&image, Some(&endpoint("https://registry.example.com", USER)));
    assert!(refused.expect_err("another host").contains("registry.example.com"));
}
