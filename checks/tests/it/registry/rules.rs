//! Pull-through rules and copies, as ECR tells of them.

use super::{broken, codes, judge, judge_at, sound};

const RULES: &str = "{ pull_through: [{ ecr: mirror, prefix: docker-hub, upstream: registry-1.docker.io }] }";
const MAY: &str = "{ importable: ['docker-hub/*'] }";
const COPIES: &str = "{ replication: [{ ecr: mirror, repository: base-ws, tag: latest, to: [us-west-2, eu-west-2] }] }";

#[tokio::test]
async fn a_rule_is_there_gets_in_and_may_be_used() {
    let bench = sound().await;
    assert_eq!(judge(&bench, RULES, MAY).await, []);
    assert_eq!(codes(&judge(&bench, RULES, "{}").await), ["import-unproven"]);
    assert_eq!(codes(&judge(&bench, RULES, "{ importable: ['cache/*'] }").await), ["import-refused"]);
    let other = RULES.replace("registry-1.docker.io", "quay.io");
    assert_eq!(codes(&judge(&bench, &other, MAY).await), ["upstream-differs"]);
    let none = RULES.replace("docker-hub", "ecr-public");
    assert_eq!(codes(&judge(&bench, &none, "{ importable: ['*'] }").await), ["no-pull-through-rule"]);
}

#[tokio::test]
async fn a_rule_whose_secret_is_old_says_so_within_a_200() {
    let bench = broken(|state, _| {
        let rules = &mut state.aws.regions.get_mut("us-west-2").expect("a region").pull_through;
        rules.get_mut("docker-hub").expect("a rule").failure = Some("The credentials are not valid".to_owned());
    })
    .await;
    let found = judge(&bench, RULES, MAY).await;
    assert_eq!(codes(&found), ["pull-through-invalid"]);
    assert!(found[0].seen.contains("not valid"), "{found:?}");
}

#[tokio::test]
async fn copies_count_where_they_are_complete() {
    let at = "us-east-2";
    let bench = sound().await;
    assert_eq!(judge_at(&bench, &bench.context(), at, COPIES, "{}").await.1, []);
    let other = COPIES.replace("base-ws", "coder-preview");
    let found = judge_at(&bench, &bench.context(), at, &other, "{}").await.1;
    assert_eq!(codes(&found), ["not-replicated", "not-replicated"], "no rule covers it");
    let none = COPIES.replace("latest", "v9");
    assert_eq!(codes(&judge_at(&bench, &bench.context(), at, &none, "{}").await.1), ["image-missing"]);
}

#[tokio::test]
async fn an_empty_list_a_failure_and_a_copy_under_way_are_no_success() {
    for (status, code) in [
        (None, "not-replicated"),
        (Some("FAILED"), "replication-failed"),
        (Some("IN_PROGRESS"), "replication-unfinished"),
    ] {
        let bench = broken(|state, _| {
            let region = state.aws.regions.get_mut("us-east-2").expect("a region");
            let repository = region.repositories.get_mut("base-ws").expect("a repository");
            let digest = repository.images.tags["latest"].clone();
            match status {
                None => {
                    repository.copied.get_mut(&digest).expect("copies").remove("eu-west-2");
                }
                Some(status) => repository.copy(&digest, "eu-west-2", status, Some("ImageManifestNotFound")),
            }
        })
        .await;
        let found = judge_at(&bench, &bench.context(), "us-east-2", COPIES, "{}").await.1;
        assert_eq!(codes(&found), [code]);
        assert_eq!(found[0].subject, "base-ws:latest in eu-west-2");
    }
}

#[tokio::test]
async fn a_copy_counts_where_it_still_is_and_in_the_account_that_needs_it() {
    let at = "us-east-2";
    let gone = broken(|state, _| {
        let region = state.aws.regions.get_mut("eu-west-2").expect("a region");
        region.repositories.get_mut("base-ws").expect("a repository").images.tags.remove("latest");
    })
    .await;
    let found = judge_at(&gone, &gone.context(), at, COPIES, "{}").await.1;
    assert_eq!(codes(&found), ["not-replicated"]);
    assert_eq!(found[0].subject, "base-ws:latest in eu-west-2");
    let elsewhere = broken(|state, _| {
        state.aws.regions.get_mut(at).expect("a region").replicates_into = Some("999999999999".to_owned());
    })
    .await;
    let found = judge_at(&elsewhere, &elsewhere.context(), at, COPIES, "{}").await.1;
    assert_eq!(codes(&found), ["not-replicated", "not-replicated"]);
    assert!(found[0].seen.contains("in account 123456789012"), "{found:?}");
}

#[tokio::test]
async fn a_right_that_is_lacking_is_named() {
    for (denied, with, at) in [
        ("ecr:DescribePullThroughCacheRules", RULES, "us-west-2"),
        ("ecr:ValidatePullThroughCacheRule", RULES, "us-west-2"),
        ("ecr:DescribeRegistry", COPIES, "us-east-2"),
        ("ecr:DescribeImageReplicationStatus", COPIES, "us-east-2"),
    ] {
        let bench = broken(|state, _| {
            state.aws.identities.values_mut().for_each(|identity| identity.denied.push(denied.to_owned()));
        })
        .await;
        let found = judge_at(&bench, &bench.context(), at, with, MAY).await.1;
        assert_eq!(codes(&found), ["forbidden"], "{denied}");
        assert!(found[0].seen.contains(denied), "{found:?}");
    }
}
