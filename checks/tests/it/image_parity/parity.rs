//! The incident's stale mirrors, and what else may stand between a source and its pods.

use super::*;
use gonogo_checks::contract::text::Step;
use gonogo_world::{System, incidents::workshop_2024_09_30::Cause};

pub fn stale(times: Times) -> gonogo_world::State {
    let mut state = workshop::repaired(times);
    Cause::StaleMirror.inject(&mut state, &times);
    state
}

#[tokio::test]
async fn the_repaired_world_passes_with_one_token_and_one_head_for_the_source() {
    let bench = Bench::start(workshop::repaired).await;
    let (seen, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(found, [], "{:#}", seen.expect("seen"));
    let asked: Vec<String> = bench
        .world
        .requests()
        .iter()
        .filter(|asked| asked.system == System::Registry)
        .map(|asked| {
            format!(
                "{} {} {}",
                asked.method,
                asked.path.split('?').next().unwrap_or_default(),
                asked.status.unwrap_or(0)
            )
        })
        .collect();
    let head = "HEAD /v2/coder/coder-preview/manifests/latest";
    assert_eq!(asked, [format!("{head} 401"), "GET /token 200".to_owned(), format!("{head} 200")]);
}

#[tokio::test]
async fn stale_mirrors_are_found_with_the_copy_that_mends_them() {
    let bench = Bench::start(stale).await;
    let (seen, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(
        codes(&found),
        [
            ("mirror-stale", "us-west-2"),
            ("mirror-stale", "eu-west-2"),
            ("pods-differ", "us-west-2"),
            ("pods-differ", "eu-west-2")
        ],
        "{:#}",
        seen.expect("seen")
    );
    let remedy = found[0].remedy.clone().expect("a remedy").command.expect("a command");
    assert!(
        remedy
            .as_str()
            .starts_with("skopeo copy --all --preserve-digests docker://ghcr.io/coder/coder-preview@sha256:")
    );
    assert!(
        remedy.as_str().ends_with(" docker://123456789012.dkr.ecr.us-west-2.amazonaws.com/coder-preview:latest"),
        "{remedy}"
    );
    let pods = found[2].remedy.clone().expect("a remedy");
    assert_eq!(pods.command, None, "restarting pods does not mend a stale mirror");
    assert!(pods.says.contains("mend coder-preview:latest in us-west-2 first"), "{}", pods.says);
    assert!(found[2].seen.contains("2 of 2 run"), "{}", found[2].seen);
}

#[tokio::test]
async fn pods_behind_a_right_mirror_are_the_ones_to_be_renewed() {
    let bench = Bench::start(stale).await;
    bench.world.edit(|state| {
        let current = state.aws.regions["us-east-2"].repositories["coder-preview"].clone();
        for region in state.aws.regions.values_mut() {
            region.repositories.insert("coder-preview".to_owned(), current.clone());
        }
    });
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(codes(&found), [("pods-differ", "us-west-2"), ("pods-differ", "eu-west-2")]);
    let remedy = found[0].remedy.clone().expect("a remedy");
    let command = remedy.command.expect("a command");
    // The pods' policy is `IfNotPresent`: a restart alone would start what the node has.
    let wanted = " --context us-west-2 -n coder-proxy set image deployment/coder 'coder=123456789012.dkr.ecr.us-west-2";
    assert!(command.as_str().contains(wanted), "{command}");
    assert!(remedy.disrupts.is_some());
}

#[tokio::test]
async fn one_account_is_asked_once_whose_it_is() {
    let bench = Bench::start(workshop::repaired).await;
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(found, []);
    let sts = bench.world.requests().iter().filter(|asked| asked.host.starts_with("sts.")).count();
    assert_eq!(sts, 1);
}

#[tokio::test]
async fn another_account_than_the_named_one_proves_nothing() {
    let bench = Bench::start(workshop::repaired).await;
    bench.world.edit(|state| {
        for identity in state.aws.identities.values_mut() {
            identity.account = "999999999999".to_owned();
        }
    });
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(
        codes(&found),
        [("wrong-system", "us-east-2"), ("wrong-system", "us-west-2"), ("wrong-system", "eu-west-2")]
    );
    let ecr = bench.world.requests().iter().filter(|asked| asked.host.starts_with("api.ecr.")).count();
    assert_eq!(ecr, 0, "no answer of another account is even asked for");
}

#[tokio::test]
async fn a_forbidden_mirror_is_not_a_missing_one() {
    let bench = Bench::start(workshop::repaired).await;
    bench.world.edit(|state| {
        for identity in state.aws.identities.values_mut() {
            identity.denied = vec!["ecr:DescribeImages".to_owned()];
        }
    });
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert!(found.iter().all(|finding| finding.code == "forbidden"), "{found:?}");
    assert!(
        found[0].seen.contains("ecr:DescribeImages on arn:aws:ecr:us-east-2:123456789012:repository/coder-preview"),
        "{}",
        found[0].seen
    );
}

#[tokio::test]
async fn a_missing_tag_and_a_missing_repository_are_told_apart() {
    let bench = Bench::start(workshop::repaired).await;
    bench.world.edit(|state| {
        state.aws.regions.get_mut("us-west-2").expect("there").repositories.clear();
        let east = state.aws.regions.get_mut("us-east-2").expect("there");
        east.repositories.get_mut("coder-preview").expect("there").images.tags.clear();
    });
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(codes(&found), [("image-missing", "us-east-2"), ("image-missing", "us-west-2")]);
    assert_eq!(found[0].seen, "coder-preview has no such tag");
    assert_eq!(found[1].seen, "no repository coder-preview");
    let command = |i: usize| found[i].remedy.clone().and_then(|remedy| remedy.command).expect("a command");
    assert!(command(0).as_str().starts_with("skopeo copy --all"));
    assert_eq!(
        command(1).as_str(),
        "aws --profile workshop-ro --region us-west-2 ecr create-repository --repository-name coder-preview"
    );
}

#[tokio::test]
async fn a_flattened_mirror_is_the_same_image_unless_more_is_asked() {
    use gonogo_world::registry::{Image, Layers};
    for layers in [Layers::Kept, Layers::Recompressed] {
        let bench = Bench::start(workshop::repaired).await;
        bench.world.edit(|state| {
            let image = Image::multi_arch("v2.20.0-devel+4b2f1c9");
            assert_eq!(
                state.registries["ghcr.io"].repositories["coder/coder-preview"].tags["latest"],
                image.digest(),
                "the world's current image"
            );
            let flat = image.flattened("linux/amd64", layers);
            let west = state.aws.regions.get_mut("us-west-2").expect("there");
            let mirror = west.repositories.get_mut("coder-preview").expect("there");
            mirror.push("latest", &flat, bench.times.now);
        });
        let (seen, found) = bench.judge(&with(), EXPECT).await;
        assert_eq!(found, [], "{:#}", seen.expect("seen"));
        let (_, found) = bench.judge(&with(), "{ pods: 2, level: index }").await;
        assert_eq!(codes(&found), [("mirror-flattened", "us-west-2")]);
        let (_, found) = bench.judge(&with(), "{ pods: 2, platform: [linux/amd64, linux/arm64] }").await;
        assert_eq!(codes(&found), [("platform-missing", "us-west-2")], "{found:?}");
    }
}

#[tokio::test]
async fn a_mirror_whose_bytes_are_not_its_digest_proves_nothing() {
    let bench = Bench::start(stale).await;
    bench.world.edit(|state| {
        let west = state.aws.regions.get_mut("us-west-2").expect("there");
        let mirror = west.repositories.get_mut("coder-preview").expect("there");
        for stored in mirror.images.contents.values_mut() {
            let mut bytes = stored.content.bytes.to_vec();
            bytes.push(b' ');
            stored.content.bytes = bytes.into();
        }
    });
    let with = with().replace(", eu-west-2]", "]");
    let (_, found) = bench.judge(&with, EXPECT).await;
    let west = found.iter().find(|finding| finding.site.as_deref() == Some("us-west-2")).expect("a finding");
    assert_eq!(west.code, "malformed", "{west:?}");
    assert!(west.seen.contains("its bytes are"), "{}", west.seen);
}

#[tokio::test]
async fn what_was_pushed_last_under_another_tag_does_not_count() {
    use gonogo_world::registry::Image;
    let bench = Bench::start(workshop::repaired).await;
    bench.world.edit(|state| {
        let west = state.aws.regions.get_mut("us-west-2").expect("there");
        let mirror = west.repositories.get_mut("coder-preview").expect("there");
        mirror.push("nightly", &Image::multi_arch("newer"), bench.times.now);
    });
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(found, []);
    // The other way round: the right image was pushed last, and `latest` still is the old one.
    let bench = Bench::start(stale).await;
    bench.world.edit(|state| {
        let current = Image::multi_arch("v2.20.0-devel+4b2f1c9");
        for region in state.aws.regions.values_mut() {
            region.repositories.get_mut("coder-preview").expect("there").push("nightly", &current, bench.times.now);
        }
    });
    let (_, found) = bench.judge(&with(), EXPECT).await;
    assert_eq!(found.iter().filter(|finding| finding.code == "mirror-stale").count(), 2);
}

#[tokio::test]
async fn a_cluster_without_the_pods_is_never_a_pass() {
    let bench = Bench::start(workshop::repaired).await;
    let with = with().replace("us-west-2: { namespace: coder-proxy", "us-west-2: { namespace: coder-proxi");
    let (_, found) = bench.judge(&with, EXPECT).await;
    assert_eq!(codes(&found), [("too-few-pods", "us-west-2")]);
    assert_eq!(found[0].seen, "no namespace coder-proxi");
}

#[test]
fn settings_that_compare_nothing_or_contradict_each_other_are_refused() {
    let source = "source: { image: ghcr.io/coder/coder-preview:latest }";
    for (rest, at) in [
        ("", ""),
        ("mirrors: [{}]", "mirrors.0"),
        ("mirrors: [{ ecr: mirror, image: a.io/b }]", "mirrors.0"),
        ("mirrors: [{ image: a.io/b, tag: x }]", "mirrors.0.tag"),
        ("mirrors: [{ ecr: mirror, repository: x }]", "mirrors.0"),
        ("mirrors: [{ ecr: mirror, regions: [us-east-2] }]", "mirrors.0.repository"),
        ("mirrors: [{ ecr: none, regions: [us-east-2], repository: x }]", "mirrors.0.ecr"),
        ("running: { us-east-2: { namespace: coder, selector: '' } }", "running.us-east-2.selector"),
        ("running: { mars: { namespace: coder, selector: a=b } }", ""),
    ] {
        let settings: gonogo_checks::image_parity::Settings =
            gonogo_checks::contract::text::read(&node(&format!("{source}\n{rest}")), &mut Vec::new())
                .expect("settings");
        let refused =
            <gonogo_checks::image_parity::ImageParity as gonogo_checks::contract::Probe>::new(settings, &place());
        let steps = refused.err().unwrap_or_else(|| panic!("{rest} was taken")).at;
        let word = |step: &Step| match step {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        };
        let path: Vec<String> = steps.iter().map(word).collect();
        assert_eq!(path.join("."), at, "{rest}");
    }
}
