//! A registry's limit, as Docker Hub tells it.

use super::{broken, codes, judge, judge_at, sound};
use gonogo_world::registry::Allowance;

const LIMIT: &str = "{ limit: {} }";
const PULLS: &str = "{ pulls: { nodes: 5, images: 3, from: [203.0.113.100] } }";

fn hub(state: &mut gonogo_world::State) -> &mut Option<Allowance> {
    &mut state.registries.get_mut("registry-1.docker.io").expect("Docker Hub").allowance
}

#[tokio::test]
async fn the_limit_is_read_by_head_with_a_token_of_another_host() {
    let bench = sound().await;
    let (seen, found) = judge_at(&bench, &bench.context(), "us-west-2", LIMIT, PULLS).await;
    assert_eq!(found, []);
    assert_eq!(seen["limit"]["told"]["Ok"]["limit"]["count"], 100, "{seen:#}");
    let asked = bench.world.requests();
    let pulls = asked.iter().filter(|asked| asked.path.contains("/manifests/") && asked.method != "HEAD").count();
    assert_eq!(pulls, 0, "a GET would count as a pull: {asked:?}");
}

#[tokio::test]
async fn little_left_a_low_limit_and_none_at_all_are_no_pass() {
    for (limit, remaining, code) in [(100, 20, "limit-used-up"), (10, 10, "limit-too-low"), (100, 0, "limit-used-up")] {
        let bench = broken(|state, _| {
            let allowance = hub(state).as_mut().expect("a limit");
            (allowance.limit, allowance.remaining, allowance.window) = (limit, remaining, None);
        })
        .await;
        assert_eq!(codes(&judge(&bench, LIMIT, PULLS).await), [code], "{remaining} of {limit}");
    }
    let bench = broken(|state, _| *hub(state) = None).await;
    assert_eq!(codes(&judge(&bench, LIMIT, PULLS).await), ["limit-unknown"]);
}

#[tokio::test]
async fn the_limit_of_another_address_is_not_the_nodes() {
    let bench = sound().await;
    let elsewhere = PULLS.replace("203.0.113.100", "203.0.113.200");
    assert_eq!(codes(&judge(&bench, LIMIT, &elsewhere).await), ["limit-elsewhere"]);
}
