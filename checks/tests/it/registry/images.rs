//! Images in registries and in ECR: whole, or with something lacking.

use super::{Bench, broken, codes, judge, judge_at, repository, sound};
use gonogo_world::registry::{Image, Layers, Registry};

const BOTH: &str = "platforms: [linux/amd64, linux/arm64]";
const IN_ECR: &str =
    "{ images: [{ ecr: mirror, repository: base-ws, tag: latest }], platforms: [linux/amd64, linux/arm64] }";
const AT_GHCR: &str =
    "{ images: [{ image: ghcr.io/coder/coder-preview:latest }], platforms: [linux/amd64, linux/arm64] }";

/// The digest of a layer of the image under `latest`, for a platform.
fn layer(image: &Image, platform: &str) -> String {
    image.platform(platform).expect("the platform").layers[0].digest()
}

fn base() -> Image {
    Image::multi_arch("base-ws of November")
}

#[tokio::test]
async fn whole_images_pass_in_ecr_and_behind_a_token() {
    let bench = sound().await;
    assert_eq!(judge(&bench, IN_ECR, "{}").await, []);
    assert_eq!(judge(&bench, AT_GHCR, "{}").await, []);
    let digest = base().digest();
    let by_digest = format!("{{ images: [{{ ecr: mirror, repository: base-ws, digest: '{digest}' }}], {BOTH} }}");
    assert_eq!(judge(&bench, &by_digest, "{}").await, []);
}

#[tokio::test]
async fn a_lost_layer_is_found_where_every_digest_is_right() {
    let lost = layer(&base(), "linux/arm64");
    let bench = broken(|state, _| {
        let lost = layer(&base(), "linux/arm64");
        repository(state, "base-ws").images.lose(&lost);
        let ghcr = state.registries.get_mut("ghcr.io").expect("there");
        let held = ghcr.repositories.get_mut("coder/coder-preview").expect("there");
        let image = held.contents.iter().find(|(_, one)| one.content.media_type.ends_with("tar+gzip"));
        let digest = image.map(|(digest, _)| digest.clone()).expect("a layer");
        held.lose(&digest);
    })
    .await;
    let found = judge(&bench, IN_ECR, "{}").await;
    assert_eq!(codes(&found), ["blob-missing"]);
    assert!(found[0].seen.contains(&lost) && found[0].expected.contains("linux/arm64"), "{found:?}");
    assert_eq!(codes(&judge(&bench, AT_GHCR, "{}").await), ["blob-missing"]);
    let amd = IN_ECR.replace(", linux/arm64", "");
    assert_eq!(judge(&bench, &amd, "{}").await, [], "nobody runs the platform whose layer is lost");
}

#[tokio::test]
async fn a_lost_manifest_of_a_platform_is_found() {
    let child = base().platform("linux/arm64").expect("arm64").manifest.digest();
    let bench = broken(|state, _| repository(state, "base-ws").images.lose(&child)).await;
    assert_eq!(codes(&judge(&bench, IN_ECR, "{}").await), ["manifest-missing"]);
}

#[tokio::test]
async fn one_platforms_image_answers_for_its_configs_platform_only() {
    let bench = broken(|state, times| {
        let one = base().flattened("linux/amd64", Layers::Recompressed);
        repository(state, "base-ws").push("latest", &one, times.now);
        let mut open = Registry::open();
        open.push("app", "v1", &one);
        state.registries.insert("open.test".to_owned(), open);
    })
    .await;
    let open = format!("{{ images: [{{ image: 'open.test/app:v1' }}], {BOTH} }}");
    for with in [IN_ECR, open.as_str()] {
        let (seen, found) = judge_at(&bench, &bench.context(), "us-west-2", with, "{}").await;
        assert_eq!(codes(&found), ["platform-missing"], "{with}");
        assert!(found[0].expected.contains("linux/arm64") && found[0].seen.contains("linux/amd64"), "{found:?}");
        assert!(!seen.to_string().contains("world-signature"), "the address of a layer is a secret");
        assert_eq!(judge(&bench, &with.replace(", linux/arm64", ""), "{}").await, []);
    }
}

#[tokio::test]
async fn missing_tags_and_repositories_are_told_apart_and_a_refusal_from_both() {
    let bench = sound().await;
    for (image, code, words) in [
        ("{ ecr: mirror, repository: base-ws, tag: v2 }", "image-missing", "no such tag"),
        ("{ ecr: mirror, repository: nothing, tag: v2 }", "image-missing", "no repository nothing"),
        ("{ image: ghcr.io/coder/coder-preview:v2 }", "image-missing", "other tags: latest"),
        ("{ image: ghcr.io/coder/nothing:v2 }", "image-hidden", "403"),
    ] {
        let found = judge(&bench, &format!("{{ images: [{image}], {BOTH} }}"), "{}").await;
        assert_eq!(codes(&found), [code], "{image}");
        assert!(found[0].seen.contains(words), "{found:?}");
    }
}

#[tokio::test]
async fn an_archived_image_and_a_batch_of_failures_are_no_pass() {
    let digest = base().digest();
    let bench = broken(|state, _| {
        repository(state, "base-ws").archived.insert(digest.clone());
    })
    .await;
    let found = judge(&bench, IN_ECR, "{}").await;
    assert_eq!(codes(&found), ["image-missing"]);
    assert!(found[0].seen.contains("archived"), "{found:?}");

    for (failure, code) in [("UpstreamAccessDenied", "forbidden"), ("ImageReferencedByManifestList", "malformed")] {
        let bench = broken(|state, _| {
            let refusal = (failure.to_owned(), "no".to_owned());
            repository(state, "base-ws").failures.insert(digest.clone(), refusal);
        })
        .await;
        assert_eq!(codes(&judge(&bench, IN_ECR, "{}").await), [code], "{failure}");
    }
}

#[tokio::test]
async fn ecr_is_never_asked_to_give_what_it_does_not_hold() {
    let bench = broken(|state, _| {
        let digest = base().digest();
        repository(state, "base-ws").images.lose(&digest);
    })
    .await;
    let found = judge(&bench, IN_ECR, "{}").await;
    assert_eq!(codes(&found), ["image-missing"]);
    let batches = |bench: &Bench| {
        let asked = bench.world.requests();
        asked.iter().filter(|asked| format!("{asked:?}").contains("BatchGetImage")).count()
    };
    assert_eq!(batches(&bench), 0);
    let bench = sound().await;
    assert_eq!(judge(&bench, IN_ECR, "{}").await, []);
    assert_eq!(batches(&bench), 3, "an index and two manifests, each found before it was asked for");
}

#[tokio::test]
async fn layers_are_asked_for_once_in_a_run_however_many_sites_ask() {
    let bench = sound().await;
    let cx = bench.context();
    for site in ["us-east-2", "us-west-2", "eu-west-2"] {
        assert_eq!(judge_at(&bench, &cx, site, AT_GHCR, "{}").await.1, []);
    }
    let blobs = bench.world.requests().iter().filter(|asked| asked.path.contains("/blobs/")).count();
    assert_eq!(blobs, 4, "a config and a layer for each of two platforms");
}

#[tokio::test]
async fn the_nodes_of_the_site_say_which_platforms_are_needed() {
    let with = "{ images: [{ ecr: mirror, repository: base-ws, tag: latest }], nodes: {} }";
    let bench = sound().await;
    assert_eq!(judge(&bench, with, "{}").await, []);
    let none = with.replace("nodes: {}", "nodes: { selector: pool=nothing }");
    assert_eq!(codes(&judge(&bench, &none, "{}").await), ["no-node-platforms"]);
    let bench = broken(|state, times| {
        let arm = Image::for_architectures("arm alone", &["arm64"]);
        repository(state, "base-ws").push("latest", &arm, times.now);
    })
    .await;
    let found = judge(&bench, with, "{}").await;
    assert_eq!(codes(&found), ["platform-missing"]);
    assert!(found[0].expected.contains("linux/amd64"), "{found:?}");
}

#[tokio::test]
async fn a_cache_is_compared_with_its_upstream_and_may_be_empty() {
    let with = |repository: &str, upstream: &str| {
        format!(
            "{{ images: [{{ ecr: mirror, repository: {repository}, tag: latest, upstream: '{upstream}' }}], {BOTH} }}"
        )
    };
    let bench = sound().await;
    let source = "ghcr.io/coder/coder-preview:latest";
    assert_eq!(judge(&bench, &with("coder-preview", source), "{}").await, []);
    assert_eq!(codes(&judge(&bench, &with("base-ws", source), "{}").await), ["cache-behind"]);
    assert_eq!(codes(&judge(&bench, &with("ghcr/coder/coder-preview", source), "{}").await), ["image-not-cached"]);
    let other = with("ghcr/coder/coder-preview", source).replace("linux/arm64", "linux/s390x");
    assert_eq!(codes(&judge(&bench, &other, "{}").await), ["image-not-cached", "platform-missing"]);
    let none = "ghcr.io/coder/coder-preview:v9";
    assert_eq!(codes(&judge(&bench, &with("ghcr/coder/coder-preview", none), "{}").await), ["image-missing"]);
}

#[tokio::test]
async fn the_version_before_is_a_way_back_until_it_is_the_one_that_runs() {
    let before = workshop_before();
    let with = format!(
        "{{ rollback: [{{ ecr: mirror, repository: coder-preview, tag: latest, digest: '{before}' }}], {BOTH} }}"
    );
    let bench = sound().await;
    assert_eq!(judge(&bench, &with, "{}").await, []);
    let bench = broken(|state, _| {
        let tags = &mut repository(state, "coder-preview").images.tags;
        let before = tags["previous"].clone();
        tags.insert("latest".to_owned(), before);
    })
    .await;
    assert_eq!(codes(&judge(&bench, &with, "{}").await), ["rollback-is-current"]);
    let gone = with.replace(&before, &format!("sha256:{}", "0".repeat(64)));
    assert_eq!(codes(&judge(&bench, &gone, "{}").await), ["image-missing"]);
}

fn workshop_before() -> String {
    Image::multi_arch("v2.19.4-devel+77c0ffe").digest()
}
