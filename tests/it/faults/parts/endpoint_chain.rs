//! Chains: a page, a name, a Service behind its proxy, and what stands behind it.
//!
//! Their own limits are long, so that a wait is ended by the item's deadline: what a link that waits is called is shown beside the probe.

use super::Part;
use gonogo_world::{
    State,
    System::{Dns, Kubernetes, Web},
    dns::Zone,
    incidents::Times,
    kubernetes::Backend,
    web::{Page, Site},
};

const WELL: &str = "all is well with this page\n";
const ADDRESS: &str = "203.0.113.62";

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "chain",
        (Web, "chain.test", ""),
        "probe: endpoint-chain, with: { url: \"https://chain.test/\", timeout: 30s }, expect: { body: { contains: well } }",
    ),
    Part::new(
        "chain-by-name",
        (Dns, "", "web.chained.test"),
        "probe: endpoint-chain, with: { url: \"https://web.chained.test/\", timeout: 30s }, expect: { body: { contains: well } }",
    ),
    Part::new(
        "chain-inside",
        (Kubernetes, "chain-inside", "/proxy/"),
        "probe: endpoint-chain, sites: [{site}], with: { via: { namespace: app, service: page, port: 80 }, timeout: 30s }, expect: { body: { contains: well } }",
    ),
    Part::new(
        "chain-endpoints",
        (Kubernetes, "chain-endpoints", "/endpointslices?"),
        "probe: endpoint-chain, sites: [{site}], with: { via: { namespace: app, service: page, port: 80 } }, expect: { body: { contains: well } }",
    ),
    Part::new(
        "chain-cluster",
        (Kubernetes, "chain-cluster", ""),
        "probe: endpoint-chain, sites: [{site}], with: { via: { namespace: app, service: page, port: 80 } }, expect: { body: { contains: well } }",
    ),
];

/// A page that is led to, one that is found by its name, and one behind a Service in each of the clusters.
pub fn add(state: &mut State, _: Times) {
    let address = ADDRESS.parse().expect("an address");
    for (host, addresses) in [("chain.test", vec![]), ("web.chained.test", vec![address])] {
        let site = Site { otherwise: Page::text(200, WELL), ..Site::at(host, &addresses) };
        state.web.insert(host.to_owned(), site);
    }
    let zone = Zone::new("chained.test").address("web.chained.test", ADDRESS);
    state.dns = std::mem::take(&mut state.dns).zone(zone);
    for part in PARTS.iter().filter(|part| part.system == Kubernetes) {
        let cluster = state.clusters.get_mut(part.name).expect("the part's cluster");
        cluster.put_service("app", "page", 80, &["10.0.0.5"], Backend::page("/", Page::text(200, WELL)));
    }
}
