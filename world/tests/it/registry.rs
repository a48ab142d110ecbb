//! Registries: which digest comes for which `Accept`, and who gets in.

use gonogo_world::registry::{Auth, Image, Layers, Registry};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::client::{client, get, head};
use crate::recording::{assert_like, assert_same};

const ALL: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                   application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

fn with(host: &str, registry: Registry) -> State {
    let mut state = State::empty(Timestamp::UNIX_EPOCH);
    state.registries.insert(host.to_owned(), registry);
    state
}

fn open() -> Registry {
    let mut registry = Registry::open();
    registry.push("workshop/app", "v1", &Image::multi_arch("one"));
    registry.push("workshop/list", "v1", &Image::docker_list("one"));
    registry
}

#[tokio::test]
async fn an_index_is_given_only_to_those_who_accept_it() {
    let world = World::start(with("registry.test", open())).await.expect("a world");
    let client = client(&world, &[]);
    let url = "https://registry.test/v2/workshop/app/manifests/v1";
    let index = Image::multi_arch("one").digest();

    let seen = head(&client, url, &[("accept", ALL)]).await;
    assert_like(&seen, "registry/head-index-accept-all.http");
    assert_eq!(seen.header("docker-content-digest"), Some(index.as_str()));
    assert_like(&get(&client, url, &[("accept", ALL)]).await, "registry/get-index.http");
    let refused = [("accept", OCI_MANIFEST)];
    assert_like(&head(&client, url, &refused).await, "registry/head-index-accept-manifest-only.http");
    assert_like(&head(&client, url, &[]).await, "registry/head-index-no-accept.http");
    assert_same(&get(&client, url, &[]).await, "registry/get-index-no-accept.http");
    let docker = [("accept", DOCKER_MANIFEST)];
    assert_same(&get(&client, url, &docker).await, "registry/get-index-accept-docker2-only.http");
}

#[tokio::test]
async fn a_manifest_list_turns_silently_into_its_amd64_child() {
    let world = World::start(with("registry.test", open())).await.expect("a world");
    let client = client(&world, &[]);
    let url = "https://registry.test/v2/workshop/list/manifests/v1";
    let image = Image::docker_list("one");
    let child = image.platform("linux/amd64").expect("amd64").manifest.digest();

    let list = head(&client, url, &[("accept", ALL)]).await;
    assert_like(&list, "registry/dockerlist-head-accept-list.http");
    assert_eq!(list.header("docker-content-digest"), Some(image.digest().as_str()));
    let flat = head(&client, url, &[("accept", DOCKER_MANIFEST)]).await;
    assert_like(&flat, "registry/dockerlist-head-accept-v2-only.http");
    assert_eq!(flat.header("docker-content-digest"), Some(child.as_str()));
    assert_like(&head(&client, url, &[]).await, "registry/dockerlist-head-no-accept.http");
    assert_same(&get(&client, url, &[]).await, "registry/dockerlist-get-no-accept.http");
}

#[tokio::test]
async fn a_digest_is_that_of_the_bytes_with_or_without_the_header() {
    let mut registry = open();
    registry.omits_digest = true;
    let world = World::start(with("registry.test", registry)).await.expect("a world");
    let client = client(&world, &[]);
    let base = "https://registry.test/v2/workshop/app";

    let index = get(&client, &format!("{base}/manifests/v1"), &[("accept", ALL)]).await;
    assert_eq!(index.header("docker-content-digest"), None);
    let digest = format!("sha256:{:x}", Sha256::digest(&index.body));
    assert_eq!(digest, Image::multi_arch("one").digest());
    let entries = index.json()["manifests"].clone();
    let child = entries[0]["digest"].as_str().expect("a child").to_owned();
    let manifest = get(&client, &format!("{base}/manifests/{child}"), &[("accept", ALL)]).await;
    assert_eq!(format!("sha256:{:x}", Sha256::digest(&manifest.body)), child);
    let config = manifest.json()["config"]["digest"].as_str().expect("a config").to_owned();
    let blob = get(&client, &format!("{base}/blobs/{config}"), &[]).await;
    assert_eq!(format!("sha256:{:x}", Sha256::digest(&blob.body)), config);
    assert_eq!(entries[2]["platform"]["os"], "unknown");
}

#[tokio::test]
async fn what_is_missing_is_told_in_the_recorded_words() {
    let world = World::start(with("registry.test", open())).await.expect("a world");
    let client = client(&world, &[]);
    let url = |rest: &str| format!("https://registry.test/v2/{rest}");

    assert_same(
        &get(&client, &url("workshop/app/manifests/nope"), &[("accept", ALL)]).await,
        "registry/get-404-tag.http",
    );
    assert_like(&head(&client, &url("workshop/app/manifests/nope"), &[]).await, "registry/head-404-tag.http");
    assert_same(
        &get(&client, &url("workshop/none/manifests/v1"), &[("accept", ALL)]).await,
        "registry/get-404-repo.http",
    );
    assert_same(&get(&client, &url("workshop/none/tags/list"), &[]).await, "registry/get-tags-404-repo.http");
    assert_same(&get(&client, &url("workshop/app/tags/list"), &[]).await, "registry/tags-list.http");
    assert_same(&get(&client, &url(""), &[]).await, "registry/v2-ping.http");
}

#[tokio::test]
async fn wrong_credentials_are_answered_like_none() {
    let mut registry = open();
    registry.auth = Auth::Basic { realm: "test-realm".to_owned(), user: "u".to_owned(), password: "p".to_owned() };
    let world = World::start(with("registry.test", registry)).await.expect("a world");
    let client = client(&world, &[]);
    let url = "https://registry.test/v2/workshop/app/manifests/v1";

    assert_same(&get(&client, url, &[("accept", ALL)]).await, "registry/get-401-noauth.http");
    let wrong = [("accept", ALL), ("authorization", "Basic dTp4")];
    assert_same(&get(&client, url, &wrong).await, "registry/get-401-badpass.http");
    assert_like(&head(&client, url, &[]).await, "registry/head-401-noauth.http");
    let right = [("accept", ALL), ("authorization", "Basic dTpw")];
    assert_like(&head(&client, url, &right).await, "registry/head-200-auth.http");
}

#[tokio::test]
async fn tags_come_page_by_page() {
    let mut registry = Registry::open();
    for tag in ["a", "b", "c"] {
        registry.push("app", tag, &Image::multi_arch(tag));
    }
    let world = World::start(with("registry.test", registry)).await.expect("a world");
    let client = client(&world, &[]);

    let first = get(&client, "https://registry.test/v2/app/tags/list?n=2", &[]).await;
    assert_eq!(first.json()["tags"], serde_json::json!(["a", "b"]));
    assert_eq!(first.header("link"), Some(r#"</v2/app/tags/list?last=b&n=2>; rel="next""#));
    let last = get(&client, "https://registry.test/v2/app/tags/list?last=b&n=2", &[]).await;
    assert_eq!(last.json()["tags"], serde_json::json!(["c"]));
    assert_eq!(last.header("link"), None);
}

fn ghcr() -> Registry {
    let mut registry = Registry::ghcr();
    registry.push("coder/coder-preview", "latest", &Image::multi_arch("one"));
    registry
}

#[tokio::test]
async fn a_token_is_good_for_its_repository_until_it_expires() {
    let mut registry = ghcr();
    if let Auth::Token(tokens) = &mut registry.auth {
        tokens.lifetime = SignedDuration::ZERO;
    }
    let world = World::start(with("ghcr.io", registry)).await.expect("a world");
    let client = client(&world, &[]);
    let url = "https://ghcr.io/v2/coder/coder-preview/manifests/latest";
    let scope = "https://ghcr.io/token?service=ghcr.io&scope=repository:coder/coder-preview:pull";

    let challenge = head(&client, url, &[("accept", ALL)]).await;
    let wanted =
        r#"Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:coder/coder-preview:pull""#;
    assert_eq!((challenge.status, challenge.header("www-authenticate")), (401, Some(wanted)));
    let token = get(&client, scope, &[]).await.json()["token"].as_str().expect("a token").to_owned();
    let bearer = format!("Bearer {token}");
    let expired = head(&client, url, &[("accept", ALL), ("authorization", &bearer)]).await;
    assert_eq!(expired.status, 401);

    world.edit(|state| match &mut state.registries.get_mut("ghcr.io").expect("ghcr").auth {
        Auth::Token(tokens) => tokens.lifetime = SignedDuration::from_mins(5),
        _ => panic!("ghcr.io asks for tokens"),
    });
    let token = get(&client, scope, &[]).await.json()["token"].as_str().expect("a token").to_owned();
    let bearer = format!("Bearer {token}");
    let headers = [("accept", ALL), ("authorization", bearer.as_str())];
    assert_eq!(head(&client, url, &headers).await.status, 200);
    let other = "https://ghcr.io/v2/coder/other/manifests/latest";
    assert_eq!(head(&client, other, &headers).await.status, 403);
}

#[tokio::test]
async fn a_missing_package_is_denied_and_not_missing() {
    let world = World::start(with("ghcr.io", ghcr())).await.expect("a world");
    let client = client(&world, &[]);
    let denied = get(&client, "https://ghcr.io/token?service=ghcr.io&scope=repository:coder/none:pull", &[]).await;
    assert_eq!((denied.status, denied.json()["errors"][0]["code"].as_str()), (403, Some("DENIED")));
}

#[tokio::test]
async fn blobs_are_elsewhere_and_refuse_a_forwarded_credential() {
    let world = World::start(with("ghcr.io", ghcr())).await.expect("a world");
    let client = client(&world, &[]);
    let scope = "https://ghcr.io/token?service=ghcr.io&scope=repository:coder/coder-preview:pull";
    let bearer = format!("Bearer {}", get(&client, scope, &[]).await.json()["token"].as_str().expect("a token"));
    let image = Image::multi_arch("one");
    let config = image.platform("linux/arm64").expect("arm64").config.digest();
    let blob = format!("https://ghcr.io/v2/coder/coder-preview/blobs/{config}");

    let moved = get(&client, &blob, &[("authorization", &bearer)]).await;
    let elsewhere = moved.header("location").expect("a redirect").to_owned();
    assert_eq!(moved.status, 307);
    assert_eq!(get(&client, &elsewhere, &[("authorization", &bearer)]).await.status, 400);
    let body = get(&client, &elsewhere, &[]).await.body;
    assert_eq!(format!("sha256:{:x}", Sha256::digest(&body)), config);
}

#[test]
fn a_flattened_copy_keeps_the_config_and_perhaps_the_manifest() {
    let image = Image::multi_arch("one");
    let source = image.platform("linux/amd64").expect("amd64");
    let kept = image.flattened("linux/amd64", Layers::Kept);
    let anew = image.flattened("linux/amd64", Layers::Recompressed);
    assert_eq!(kept.digest(), source.manifest.digest());
    assert_ne!(anew.digest(), source.manifest.digest());
    assert_eq!(anew.platforms[0].config.digest(), source.config.digest());
    assert_ne!(Image::multi_arch("two").platforms[0].config.digest(), source.config.digest());
}
