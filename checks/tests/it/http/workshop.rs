//! The incident's own checks: routing and healthz, as the example has them.

use super::stage::Stage;
use gonogo_world::{
    ca::Leaf,
    incidents::{Times, workshop_2024_09_30},
};
use jiff::SignedDuration;

const HOSTS: [&str; 3] = ["ai.coder.com", "oregon-proxy.ai.coder.com", "emea-proxy.ai.coder.com"];
const ROUTING: &str = "{ status: 400, body: { contains: Could not parse subdomain application URL },
    certificate: { valid_past_event: 7d } }";
const HEALTHZ: &str = "{ status: 200, body: { equals: OK }, certificate: { valid_past_event: 7d } }";

fn times() -> Times {
    let window = super::stage::window();
    Times { now: window.now, starts: window.starts, ends: window.ends }
}

#[tokio::test]
async fn in_the_repaired_world_every_region_routes_and_answers() {
    let stage = Stage::of(workshop_2024_09_30::repaired(times())).await;
    for host in HOSTS {
        let with = format!("{{ url: https://x7kq2m9vb4.{host}/ }}");
        assert_eq!(stage.check(&with, ROUTING).await, [], "{host}");
        assert_eq!(stage.check(&format!("{{ url: https://{host}/healthz }}"), HEALTHZ).await, [], "{host}");
    }
}

#[tokio::test]
async fn before_it_the_stale_proxies_answer_sub_domains_with_the_dashboard() {
    let stage = Stage::of(workshop_2024_09_30::before(times())).await;
    for (host, codes) in HOSTS.iter().zip([&[][..], &["wrong-status"], &["wrong-status"]]) {
        let with = format!("{{ url: https://x7kq2m9vb4.{host}/ }}");
        assert_eq!(stage.codes(&with, ROUTING).await, codes, "{host}");
        assert_eq!(stage.check(&format!("{{ url: https://{host}/healthz }}"), HEALTHZ).await, [], "{host}");
    }
}

#[tokio::test]
async fn a_wildcard_certificate_that_ends_within_the_week_after_is_found() {
    let stage = Stage::of(workshop_2024_09_30::repaired(times())).await;
    stage.world.edit(|state| {
        let region = &mut state.coder.regions[1];
        let names = [region.host.clone(), format!("*.{}", region.host)];
        region.certificate = Leaf::for_names(names).until(times().ends + SignedDuration::from_hours(48));
    });
    let with = "{ url: https://x7kq2m9vb4.oregon-proxy.ai.coder.com/ }";
    assert_eq!(stage.codes(with, ROUTING).await, ["certificate-ends-early"]);
    assert_eq!(stage.check("{ url: https://x7kq2m9vb4.emea-proxy.ai.coder.com/ }", ROUTING).await, []);
}
