//! Registry against the world: sound, with one thing wrong at a time, and with each fault.

mod faults;
mod images;
mod limit;
mod rules;

use crate::image_parity::{Bench, connections, node};
use gonogo_checks::{
    contract::{Context, Finding, Item, Place, text::Node},
    kind,
};
use gonogo_world::{
    State,
    ecr::Repository,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use serde_json::Value;

/// An item at a site of the workshop.
fn item(site: &str, with: &str, expect: &str) -> Box<dyn Item> {
    made(site, with, expect).unwrap_or_else(|problems| panic!("{problems}"))
}

fn made(site: &str, with: &str, expect: &str) -> Result<Box<dyn Item>, String> {
    let place = Place::new(Some(site.to_owned()), vec![site.to_owned()], connections());
    let mut problems = Vec::new();
    let of: &Node = &node(with);
    let item = (kind("registry").expect("in the catalogue").item)(of, &node(expect), &place, &mut problems);
    item.ok_or_else(|| format!("{problems:?}"))
}

/// Looks and judges.
async fn judge(bench: &Bench, with: &str, expect: &str) -> Vec<Finding> {
    judge_at(bench, &bench.context(), "us-west-2", with, expect).await.1
}

async fn judge_at(bench: &Bench, cx: &Context, site: &str, with: &str, expect: &str) -> (Value, Vec<Finding>) {
    let item = item(site, with, expect);
    let seen = item.observe(cx).await.expect("evidence");
    let found = item.judge(&seen, &bench.window()).expect("its own evidence");
    (seen, found)
}

fn codes(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|finding| finding.code).collect()
}

async fn sound() -> Bench {
    Bench::start(workshop::repaired).await
}

async fn broken(breaks: impl FnOnce(&mut State, Times)) -> Bench {
    Bench::start(|times| {
        let mut state = workshop::repaired(times);
        breaks(&mut state, times);
        state
    })
    .await
}

/// A repository of the workshop in us-west-2.
fn repository<'a>(state: &'a mut State, name: &str) -> &'a mut Repository {
    let region = state.aws.regions.get_mut("us-west-2").expect("a region");
    region.repositories.get_mut(name).expect("a repository")
}

#[test]
fn what_contradicts_itself_is_refused_with_its_place() {
    for (with, words) in [
        ("{}", "nothing to look at"),
        ("{ platforms: [linux/amd64] }", "nothing to look at"),
        ("{ images: [{ image: a.io/x }] }", "none is named"),
        ("{ images: [{}], platforms: [linux/amd64] }", "needs `image` or `ecr`"),
        ("{ images: [{ image: a.io/x, ecr: mirror }], platforms: [linux/amd64] }", "not both"),
        ("{ images: [{ image: a.io/x, tag: y }], platforms: [linux/amd64] }", "`tag` goes with `ecr`"),
        ("{ images: [{ ecr: mirror, repository: x }], platforms: [linux/amd64] }", "a `tag` or a `digest`"),
        ("{ images: [{ ecr: mirror, tag: x }], platforms: [linux/amd64] }", "name of its repository"),
        ("{ images: [{ ecr: nobody, repository: x, tag: y }], platforms: [linux/amd64] }", "nobody"),
        ("{ images: [{ image: a.io/x, upstream: b.io/x }], platforms: [linux/amd64] }", "goes with `ecr`"),
        ("{ images: [{ image: a.io/x }], platforms: [linux/amd64], nodes: {} }", "not both"),
        ("{ rollback: [{ image: 'a.io/x:y' }], platforms: [linux/amd64] }", "needs its `digest`"),
        ("{ limit: {}, platforms: [linux/amd64] }", "goes with `images`"),
        ("{ limit: {}, nodes: {} }", "goes with `images`"),
        ("{ pull_through: [{ ecr: mirror, prefix: 'A B', upstream: ghcr.io }] }", "no prefix"),
        ("{ pull_through: [{ ecr: mirror, prefix: a, upstream: 'https://ghcr.io' }] }", "a host"),
        ("{ replication: [{ ecr: mirror, repository: x, tag: y, to: [] }] }", "no region needs it"),
        ("{ replication: [{ ecr: mirror, repository: x, tag: y, to: [us-west-2] }] }", "copied from"),
    ] {
        let problems = made("us-west-2", with, "{}").err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.contains(words), "{with}: {problems}");
    }
}

#[test]
fn the_rights_that_it_needs_are_named() {
    let with = "{ images: [{ ecr: mirror, repository: base-ws, tag: latest }], nodes: {},
        pull_through: [{ ecr: mirror, prefix: ghcr, upstream: ghcr.io }],
        replication: [{ ecr: mirror, repository: base-ws, tag: latest, to: [eu-west-2] }], limit: {} }";
    let rights: Vec<String> = item("us-west-2", with, "{}").access().iter().map(ToString::to_string).collect();
    let on = "on arn:aws:ecr:us-west-2:123456789012:repository/base-ws";
    let wanted = [
        format!("aws: ecr:BatchCheckLayerAvailability {on}"),
        format!("aws: ecr:BatchGetImage {on}"),
        format!("aws: ecr:DescribeImageReplicationStatus {on}"),
        format!("aws: ecr:DescribeImages {}", on.replace("us-west-2", "eu-west-2")),
        format!("aws: ecr:DescribeImages {on}"),
        "aws: ecr:DescribePullThroughCacheRules in us-west-2".to_owned(),
        "aws: ecr:DescribeRegistry in us-west-2".to_owned(),
        format!("aws: ecr:GetDownloadUrlForLayer {on}"),
        "aws: ecr:ValidatePullThroughCacheRule in us-west-2".to_owned(),
        "kubernetes: list nodes".to_owned(),
        "registry: pull docker.io/ratelimitpreview/test".to_owned(),
    ];
    assert_eq!(rights, wanted);
}
