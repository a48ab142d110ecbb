//! `registry` against three docker-registries, one of them behind a password.
//!
//! What each tag holds stands in `tests/real/servers/images`. ECR's own calls are not here: moto knows none of those that tell
//! of layers, rules and copies.

use crate::run::{Run, run};

const BOTH: &str = "linux/amd64, linux/arm64";

fn look(with: &str, expect: &str) -> Run {
    run(&format!(
        "connections:
  mirror-c: {{ kind: registry, url: https://mirror-c.test, username: workshop, password: {{ env: MIRROR_PASSWORD }} }}
  refused: {{ kind: registry, url: https://mirror-c.test, username: workshop, password: {{ env: WRONG_PASSWORD }} }}
checks:
  look:
    probe: registry
    with: {{ {with} }}
    expect: {{ {expect} }}
"
    ))
}

fn image(name: &str, platforms: &str) -> Run {
    look(&format!("images: [{{ image: \"{name}\" }}], platforms: [{platforms}]"), "")
}

#[test]
fn an_image_for_two_platforms_is_whole() {
    let run = image("upstream.test/coder:latest", BOTH);
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn a_layer_that_was_deleted_is_found_though_every_digest_is_right() {
    let run = image("mirror-b.test/holed:latest", BOTH);
    assert_eq!((run.of("look"), run.code), (("fail", vec!["blob-missing"]), 1));
    let other = image("mirror-b.test/holed:latest", "linux/arm64");
    assert_eq!((other.of("look"), other.code), (("pass", vec![]), 0), "the other platform is whole");
}

#[test]
fn a_platform_that_an_index_lacks_is_missing() {
    let run = image("mirror-b.test/coder:half", BOTH);
    assert_eq!((run.of("look"), run.code), (("fail", vec!["platform-missing"]), 1));
}

#[test]
fn one_platforms_image_answers_for_what_its_config_says() {
    for tag in ["flat", "converted"] {
        let name = format!("mirror-b.test/coder:{tag}");
        let own = image(&name, "linux/amd64");
        assert_eq!((own.of("look"), own.code), (("pass", vec![]), 0), "{tag}");
        let other = image(&name, "linux/arm64");
        assert_eq!((other.of("look"), other.code), (("fail", vec!["platform-missing"]), 1), "{tag}");
    }
}

#[test]
fn a_missing_tag_and_a_missing_repository_are_told_apart() {
    for (name, words) in [("coder:next-week", "other tags"), ("goose:latest", "no repository")] {
        let run = image(&format!("mirror-b.test/{name}"), BOTH);
        assert_eq!((run.of("look"), run.code), (("fail", vec!["image-missing"]), 1), "{name}");
        let seen = run.findings("look")[0]["seen"].as_str().expect("words");
        assert!(seen.contains(words), "{seen}");
    }
}

#[test]
fn behind_a_password_it_is_whole_with_the_right_one_and_unknown_without() {
    let with = |registry: &str| {
        format!("images: [{{ image: \"mirror-c.test/coder:latest\"{registry} }}], platforms: [{BOTH}]")
    };
    let right = look(&with(", registry: mirror-c"), "");
    assert_eq!((right.of("look"), right.code), (("pass", vec![]), 0));
    for registry in ["", ", registry: refused"] {
        let run = look(&with(registry), "");
        assert_eq!((run.outcome("look"), run.code), ("unknown", 3), "{:?}", run.codes("look"));
    }
}

#[test]
fn a_registry_that_tells_no_limit_is_no_pass() {
    let with = "limit: { image: \"upstream.test/coder:latest\" }";
    let run = look(with, "pulls: { nodes: 5, images: 3 }");
    assert_eq!((run.of("look"), run.code), (("unknown", vec!["limit-unknown"]), 3));
    let known = look(with, "pulls: { nodes: 5, images: 3, unlimited: true }");
    assert_eq!((known.of("look"), known.code), (("pass", vec![]), 0));
}
