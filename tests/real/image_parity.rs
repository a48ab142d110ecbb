//! `image-parity` against three docker-registries, one of them behind a password, and ECR in three regions (moto).
//!
//! What each tag holds stands in `tests/real/servers/images`, which pushes them with skopeo, and in `ecr.py`.

use crate::run::{Run, run};

/// A look at `mirrors` of the new image.
fn parity(mirrors: &str, expect: &str) -> Run {
    compare("upstream.test/coder:latest", mirrors, expect)
}

fn compare(source: &str, mirrors: &str, expect: &str) -> Run {
    run(&format!(
        "connections:
  mirror-c: {{ kind: registry, url: https://mirror-c.test, username: workshop, password: {{ env: MIRROR_PASSWORD }} }}
  refused: {{ kind: registry, url: https://mirror-c.test, username: workshop, password: {{ env: WRONG_PASSWORD }} }}
  aws: {{ kind: ecr, account: \"123456789012\" }}
  other-account: {{ kind: ecr, account: \"210987654321\" }}
checks:
  look:
    probe: image-parity
    with:
      source: {{ image: \"{source}\" }}
      mirrors: [{mirrors}]
    expect: {{ {expect} }}
"
    ))
}

fn in_registry_b(tag: &str) -> String {
    format!("{{ image: \"mirror-b.test/coder:{tag}\" }}")
}

fn in_ecr(regions: &str) -> String {
    format!("{{ ecr: aws, regions: [{regions}], repository: coder, tag: latest }}")
}

#[test]
fn whole_copies_in_two_registries_are_the_same_image() {
    let mirrors = format!("{}, {{ image: mirror-c.test/coder:latest, registry: mirror-c }}", in_registry_b("latest"));
    let run = parity(&mirrors, "level: index, platform: [linux/amd64, linux/arm64]");
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn last_weeks_image_is_stale_at_every_level() {
    for level in ["index", "platform", "config"] {
        let run = parity(&in_registry_b("stale"), &format!("level: {level}"));
        assert_eq!((run.of("look"), run.code), (("fail", vec!["mirror-stale"]), 1), "{level}");
    }
}

#[test]
fn one_platform_copied_alone_is_the_same_manifest_under_another_digest() {
    for (level, codes) in [("config", vec![]), ("platform", vec![]), ("index", vec!["mirror-flattened"])] {
        let run = parity(&in_registry_b("flat"), &format!("level: {level}"));
        assert_eq!(run.codes("look"), codes, "{level}");
    }
}

#[test]
fn a_copy_through_docker_keeps_only_the_config() {
    for (level, codes) in
        [("config", vec![]), ("platform", vec!["mirror-flattened"]), ("index", vec!["mirror-flattened"])]
    {
        let run = parity(&in_registry_b("converted"), &format!("level: {level}"));
        assert_eq!(run.codes("look"), codes, "{level}");
    }
}

#[test]
fn a_platform_that_nodes_run_must_be_in_every_copy() {
    let one = parity(&in_registry_b("half"), "platform: linux/amd64");
    assert_eq!((one.of("look"), one.code), (("pass", vec![]), 0));
    for tag in ["half", "flat"] {
        let both = parity(&in_registry_b(tag), "platform: [linux/amd64, linux/arm64]");
        assert_eq!((both.of("look"), both.code), (("fail", vec!["platform-missing"]), 1), "{tag}");
    }
}

#[test]
fn a_tag_that_is_not_there_is_missing() {
    let run = parity(&in_registry_b("next-week"), "");
    assert_eq!((run.of("look"), run.code), (("fail", vec!["image-missing"]), 1));
}

#[test]
fn a_source_that_is_not_there_is_no_pass_for_its_mirrors() {
    let run = compare("upstream.test/coder:next-week", &in_registry_b("latest"), "");
    assert_eq!((run.outcome("look"), run.code), ("fail", 1));
}

#[test]
fn a_refused_password_is_unknown_and_not_missing() {
    let refused = parity("{ image: mirror-c.test/coder:latest, registry: refused }", "");
    assert_eq!((refused.outcome("look"), refused.code), ("unknown", 3), "{:?}", refused.codes("look"));
    let anonymous = parity("{ image: mirror-c.test/coder:latest }", "");
    assert_eq!((anonymous.outcome("look"), anonymous.code), ("unknown", 3), "{:?}", anonymous.codes("look"));
}

#[test]
fn a_pin_holds_or_is_broken() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let run = parity(&in_registry_b("latest"), &format!("digest: \"{digest}\""));
    assert_eq!((run.outcome("look"), run.code), ("fail", 1));
    assert!(run.codes("look").contains(&"pin-differs"), "{:?}", run.codes("look"));
}

#[test]
fn ecr_in_one_region_is_whole_and_in_another_stale() {
    let whole = parity(&in_ecr("us-east-2"), "level: index");
    assert_eq!((whole.of("look"), whole.code), (("pass", vec![]), 0));
    let both = parity(&in_ecr("us-east-2, us-west-2"), "");
    assert_eq!((both.of("look"), both.code), (("fail", vec!["mirror-stale"]), 1));
    let subject = both.findings("look")[0]["subject"].as_str().expect("a subject");
    assert!(subject.contains("us-west-2") && both.findings("look").len() == 1, "{:#}", both.item("look"));
}

#[test]
fn a_tag_or_a_repository_that_a_region_lacks_is_missing_there() {
    let tag = parity(&in_ecr("eu-west-2"), "");
    assert_eq!((tag.of("look"), tag.code), (("fail", vec!["image-missing"]), 1));
    let repository = parity("{ ecr: aws, regions: [us-east-2], repository: goose, tag: latest }", "");
    assert_eq!((repository.of("look"), repository.code), (("fail", vec!["image-missing"]), 1));
}

#[test]
fn answers_of_another_account_do_not_count() {
    let run = parity("{ ecr: other-account, regions: [us-east-2], repository: coder, tag: latest }", "");
    assert_eq!((run.outcome("look"), run.code), ("unknown", 3), "{:?}", run.codes("look"));
}
