//! The probe `coder-proxies` against the world: builds, views, names, rights.

use crate::coder_stage::{SITES, Stage, refused};
use gonogo_world::{
    Fault, Rule, System,
    coder::Region,
    incidents::{Times, workshop_2024_09_30::Cause},
};
use jiff::{SignedDuration, Timestamp};

const KIND: &str = "coder-proxies";
const OREGON: &str = "oregon-proxy.ai.coder.com";

/// The settings, as the planner hands them over.
fn with(samples: u8, has_urls: bool) -> String {
    let proxy = |(site, name, domain): &(&str, &str, &str)| {
        let url = if has_urls { format!(", url: \"https://{domain}\"") } else { String::new() };
        format!("{site}: {{ name: {name}, domain: {domain}{url} }}")
    };
    let proxies = SITES.iter().map(proxy).collect::<Vec<_>>().join(", ");
    format!("{{ connection: coder, samples: {samples}, proxies: {{ {proxies} }} }}")
}

async fn codes(stage: &Stage) -> Vec<String> {
    stage.codes(KIND, &with(1, true), "{}").await
}

fn oregon(stage: &Stage, change: impl FnOnce(&mut Region)) {
    stage.deployment(|coder| change(coder.region_mut(OREGON).expect("a region")));
}

#[tokio::test]
async fn the_repaired_world_has_nothing_in_the_way_however_often_it_is_asked() {
    let stage = Stage::repaired().await;
    for (samples, has_urls) in [(1, true), (1, false), (3, true)] {
        let (evidence, found) = stage.look(KIND, &with(samples, has_urls), "{}").await.expect("evidence");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(evidence["answers"].as_array().map(Vec::len), Some(usize::from(samples)));
        assert_eq!(evidence["members"][1]["builds"].as_array().map(Vec::len), Some(usize::from(samples)));
    }
}

#[tokio::test]
async fn the_incidents_proxies_run_last_months_build() {
    let stage = Stage::repaired().await;
    let now = Timestamp::now();
    stage.world.edit(|state| Cause::StaleMirror.inject(state, &Times { now, starts: now, ends: now }));
    assert_eq!(codes(&stage).await, ["version-differs@us-west-2", "version-differs@eu-west-2"]);
}

#[tokio::test]
async fn another_build_of_the_same_release_differs() {
    let stage = Stage::repaired().await;
    oregon(&stage, |region| "v2.20.0-devel+9d01e77".clone_into(&mut region.version));
    assert_eq!(codes(&stage).await, ["version-differs@us-west-2"]);
    oregon(&stage, |region| {
        region.registration.version = Some("v2.20.0-devel+4b2f1c9".to_owned());
    });
    assert_eq!(codes(&stage).await, ["version-differs@us-west-2"], "its own word counts too");
}

#[tokio::test]
async fn a_name_that_leads_to_the_server_is_no_proxy() {
    let stage = Stage::repaired().await;
    oregon(&stage, |region| region.is_proxy = false);
    assert!(codes(&stage).await.contains(&"not-this-proxy@us-west-2".to_owned()));
}

#[tokio::test]
async fn the_servers_view_is_judged_by_its_age_its_words_and_its_warnings() {
    let stage = Stage::repaired().await;
    oregon(&stage, |region| region.registration.checked = Some(SignedDuration::from_mins(3)));
    assert_eq!(codes(&stage).await, ["proxy-check-stale@us-west-2"]);
    oregon(&stage, |region| region.registration.checked = None);
    assert_eq!(codes(&stage).await, ["proxy-check-stale@us-west-2"], "the year 1 is never");
    oregon(&stage, |region| {
        region.registration.checked = Some(SignedDuration::from_secs(20));
        region.registration.warnings = vec!["version mismatch".to_owned()];
    });
    assert_eq!(codes(&stage).await, ["proxy-warning@us-west-2"]);
    oregon(&stage, |region| {
        region.registration.warnings.clear();
        region.is_healthy = false;
        region.registration.errors = vec!["request to proxy failed:\n\u{1b}[31m dial tcp".to_owned()];
    });
    let (_, found) = stage.look(KIND, &with(1, true), "{}").await.expect("evidence");
    assert_eq!(found[0].code, "proxy-unhealthy");
    assert_eq!(found[0].seen, "unreachable: request to proxy failed: [31m dial tcp", "no control characters");
}

#[tokio::test]
async fn a_deleted_proxy_is_missing_and_a_new_one_is_unnamed() {
    let stage = Stage::repaired().await;
    oregon(&stage, |region| region.registration.is_deleted = true);
    assert_eq!(codes(&stage).await, ["proxy-missing@us-west-2"]);
    oregon(&stage, |region| {
        region.registration.is_deleted = false;
        "portland".clone_into(&mut region.name);
    });
    assert_eq!(codes(&stage).await, ["proxy-missing@us-west-2", "unnamed-proxy"]);
}

#[tokio::test]
async fn wildcards_are_there_and_of_the_right_domain() {
    let stage = Stage::repaired().await;
    oregon(&stage, |region| region.registration.wildcard.clear());
    assert_eq!(codes(&stage).await, ["wildcard-unset@us-west-2"]);
    oregon(&stage, |region| "*.oregon.example.com".clone_into(&mut region.registration.wildcard));
    assert_eq!(codes(&stage).await, ["wrong-domain@us-west-2"]);
}

#[tokio::test]
async fn a_narrow_token_is_shown_no_proxies_and_that_is_no_absence() {
    let stage = Stage::repaired().await;
    stage.deployment(|coder| coder.tokens[0].scopes = vec!["user:read".to_owned()]);
    assert_eq!(codes(&stage).await, ["forbidden@us-west-2", "forbidden@eu-west-2"]);
}

#[tokio::test]
async fn what_breaks_on_the_way_is_unknown_where_it_broke() {
    let stage = Stage::repaired().await;
    let cases = [
        ("/workspaceproxies", Fault::Status(403, None), vec!["forbidden"]),
        ("/workspaceproxies", Fault::MalformedJson, vec!["malformed"]),
        ("/regions", Fault::Status(500, None), vec!["server-error"]),
        ("oregon-proxy.ai.coder.com/api/v2/buildinfo", Fault::WrongType, vec!["malformed@us-west-2"]),
        ("oregon-proxy.ai.coder.com/api/v2/buildinfo", Fault::Status(404, None), vec!["not-found@us-west-2"]),
    ];
    for (path, fault, wanted) in cases {
        stage.world.inject(Rule::on(System::Coder, fault).path(path)).expect("a rule");
        assert_eq!(codes(&stage).await, wanted, "{path} {fault:?}");
        stage.world.clear_faults().expect("no faults");
    }
}

#[tokio::test]
async fn one_bad_answer_of_several_counts() {
    let stage = Stage::repaired().await;
    let once = Rule { times: Some(1), ..Rule::on(System::Coder, Fault::Status(403, None)).path("/workspaceproxies") };
    stage.world.inject(once).expect("a rule");
    assert_eq!(stage.codes(KIND, &with(3, true), "{}").await, ["forbidden"]);
}

#[test]
fn settings_that_would_look_at_nothing_or_at_the_wrong_thing_are_refused() {
    let with = |proxies: &str| format!("{{ connection: coder, proxies: {{ {proxies} }} }}");
    let cases = [
        (with(""), "no proxy is named"),
        (with("mars: { name: oregon }"), "`mars` is no site"),
        (with("us-west-2: { name: a }, eu-west-2: { name: a }"), "name one proxy, `a`"),
        (with("us-west-2: { name: a b }"), "`a b` is no proxy's name"),
        (with("us-west-2: { name: a, domain: \"*.a.example\" }"), "`*.a.example` is no domain"),
        (with("us-west-2: { name: a, url: \"ftp://a.example\" }"), "no URL of a proxy"),
        (with("us-west-2: { name: a, url: \"https://me:secret@a.example\" }"), "no URL of a proxy"),
        (
            "{ connection: coder, samples: 0, proxies: { us-west-2: { name: a } } }".to_owned(),
            "0 is no number of samples",
        ),
        ("{ connection: bare, proxies: { us-west-2: { name: a } } }".to_owned(), "connection `bare` has no token"),
    ];
    for (with, message) in cases {
        let said = refused(KIND, &with);
        assert!(said.contains(message), "{with}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
}
