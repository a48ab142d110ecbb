//! Rows of `images.yaml`: what runs, and what will be pulled.

use super::Row;
use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30::Cause},
    kubernetes::Image as Running,
    registry::{Image, Layers},
};

pub const ROWS: &[Row] = &[
    Row { id: "B01", item: "server-image@us-west-2", code: "too-few-pods", breaks: one_proxy_only },
    Row { id: "B01", item: "server-image@us-east-2", code: "pin-differs", breaks: latest_moves },
    Row { id: "B02", item: "server-image@us-west-2", code: "pods-differ", breaks: stale_mirror },
    Row { id: "B03", item: "server-image@eu-west-2", code: "mirror-stale", breaks: stale_mirror },
    Row { id: "B05", item: "workspace-images@eu-west-2", code: "blob-missing", breaks: a_layer_is_lost },
    Row { id: "B05", item: "workspace-images@us-west-2", code: "platform-missing", breaks: one_platform_is_pushed },
    Row { id: "B05", item: "workspace-images@us-east-2", code: "image-missing", breaks: a_repository_is_gone },
    Row { id: "B06", item: "pull-through@us-west-2", code: "pull-through-invalid", breaks: a_secret_is_old },
    Row { id: "B06", item: "pull-through@eu-west-2", code: "no-pull-through-rule", breaks: a_rule_is_gone },
    Row { id: "B06", item: "workspace-image-copies@us-east-2", code: "not-replicated", breaks: copies_never_begun },
    Row { id: "B07", item: "pull-limit", code: "limit-too-low", breaks: ten_an_hour },
    Row { id: "B08", item: "rollback@us-west-2", code: "image-missing", breaks: the_version_before_is_deleted },
    Row { id: "B08", item: "rollback@eu-west-2", code: "rollback-is-current", breaks: everything_is_rolled_back },
];

fn stale_mirror(state: &mut State, times: &Times) {
    Cause::StaleMirror.inject(state, times);
}

fn one_proxy_only(state: &mut State, _: &Times) {
    let digest = state.registries["ghcr.io"].repositories["coder/coder-preview"].tags["latest"].clone();
    let cluster = state.clusters.get_mut("us-west-2").expect("a cluster");
    cluster.put_deployment("coder-proxy", "coder", |coder| {
        coder.scale(1);
        coder.runs(
            &Running::new("coder", "123456789012.dkr.ecr.us-west-2.amazonaws.com/coder-preview:latest").at(&digest),
        );
    });
}

fn latest_moves(state: &mut State, _: &Times) {
    let source = state.registries.get_mut("ghcr.io").expect("the source");
    source.push("coder/coder-preview", "latest", &Image::multi_arch("pushed a minute ago"));
}

fn repository<'a>(state: &'a mut State, region: &str, name: &str) -> &'a mut gonogo_world::ecr::Repository {
    let region = state.aws.regions.get_mut(region).expect("a region");
    region.repositories.get_mut(name).expect("a repository")
}

fn a_layer_is_lost(state: &mut State, _: &Times) {
    let repository = repository(state, "eu-west-2", "base-ws");
    let layers = |blob: &gonogo_world::registry::Stored| blob.content.media_type.contains("layer.v1.tar");
    let lost = repository.images.contents.iter().find(|(_, blob)| layers(blob)).map(|(digest, _)| digest.clone());
    repository.images.lose(&lost.expect("a layer"));
}

fn one_platform_is_pushed(state: &mut State, times: &Times) {
    let one = Image::multi_arch("from a laptop").flattened("linux/arm64", Layers::Recompressed);
    repository(state, "us-west-2", "claude-ws").push("latest", &one, times.now);
}

fn a_repository_is_gone(state: &mut State, _: &Times) {
    state.aws.regions.get_mut("us-east-2").expect("a region").repositories.remove("goose-ws");
}

fn a_secret_is_old(state: &mut State, _: &Times) {
    let region = state.aws.regions.get_mut("us-west-2").expect("a region");
    region.pull_through.get_mut("docker-hub").expect("a rule").failure = Some("The credentials are not valid".into());
}

fn a_rule_is_gone(state: &mut State, _: &Times) {
    state.aws.regions.get_mut("eu-west-2").expect("a region").pull_through.remove("quay");
}

fn copies_never_begun(state: &mut State, _: &Times) {
    repository(state, "us-east-2", "base-ws").copied.clear();
}

fn ten_an_hour(state: &mut State, _: &Times) {
    let hub = state.registries.get_mut("registry-1.docker.io").expect("Docker Hub");
    let allowance = hub.allowance.as_mut().expect("a limit");
    (allowance.limit, allowance.window, allowance.remaining) = (10, Some(3600), 10);
}

fn the_version_before_is_deleted(state: &mut State, _: &Times) {
    let repository = repository(state, "us-west-2", "coder-preview");
    let digest = repository.images.tags.remove("previous").expect("the version before");
    repository.images.lose(&digest);
}

fn everything_is_rolled_back(state: &mut State, _: &Times) {
    let repository = repository(state, "eu-west-2", "coder-preview");
    let digest = repository.images.tags["previous"].clone();
    repository.images.tags.insert("latest".to_owned(), digest);
}
