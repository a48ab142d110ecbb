//! What the whole checklist asks of others: nothing twice, and no more than is written here.

use crate::rig::{Rig, example, times};
use gonogo_world::{Asked, System, incidents::workshop_2024_09_30::repaired};
use std::collections::BTreeMap;

/// How many requests the example makes of each system: a growth is to be wanted, not to happen.
const ASKED: [(System, usize); 15] = [
    // A token, and HEADs before it and after it; a chain that is tried three times; what pulls are left.
    (System::Registry, 9),
    // Whose account it is; in each of three regions the mirror, and five images with every part: which there are, each
    // manifest, the layers, the rules of copying.
    (System::Ecr, 138),
    // Whether the estate's state is there, and its lock.
    (System::S3, 2),
    // One secret, the gateway's key and its user; in each of three regions two quotas, what of each is used and whether more
    // was asked for.
    (System::Aws, 21),
    // Whether it is ready, three times for each of two checks; its models, its keys.
    (System::Litellm, 8),
    // A page and a wildcard at each of three regions, their builds three times, proxies, daemons, jobs, licences, people.
    (System::Coder, 38),
    // Dashboards, and what the runbook links to.
    (System::Web, 5),
    (System::Gcp, 2),
    // A token, an App, an organisation of two hundred.
    (System::Github, 7),
    // Three wildcards and three names at two name servers and three resolvers, in both families, and how to get there.
    (System::Dns, 217),
    // Three clusters: which one it is, its nodes, their kubelets and claims, its pods, pools, quotas, deployments,
    // autoscalers, schedules, certificates, releases, copies of a key, storage classes, what was changed, what kinds it serves,
    // and each object that the runbook names.
    (System::Kubernetes, 184),
    // Its status and its silences, and the page that the runbook links to.
    (System::Alertmanager, 3),
    (System::Cloudflare, 9),
    (System::Pagerduty, 2),
    (System::Prometheus, 27),
];

/// The most questions to name servers that may be asked again because an answer was late.
const LATE: usize = 4;

/// What is the same question.
fn key(asked: &Asked) -> (System, &str, &str, &str, &str, &str) {
    (asked.system, &asked.instance, &asked.method, &asked.host, &asked.path, &asked.body)
}

/// A question that may be asked twice, for a reason that lies in the protocol.
fn may_be_repeated(times: &[&Asked]) -> bool {
    let statuses: Vec<_> = times.iter().map(|asked| asked.status).collect();
    match times[0].system {
        // A chain is tried three times, each time anew; else a challenge says where a token is had, and the same request
        // with the token is the next.
        System::Registry if times[0].path == "/v2/" => times.len() == 3,
        System::Registry => statuses == [Some(401), Some(200)],
        // Where an alias leads is asked by the probe, and by the way to a page when its alias has no IPv6 address.
        System::Dns => times[0].method == "AAAA" && times[0].host.ends_with(".amazonaws.com") && times.len() == 2,
        // One answer is one replica's: these are asked afresh, several times.
        System::Coder if times[0].path.starts_with("/api/v2/") => {
            ["/buildinfo", "/workspaceproxies"].iter().any(|path| times[0].path.ends_with(path))
        }
        System::Litellm => times[0].path == "/health/readiness",
        // What the runbook names is asked for as it stands there: a page as a browser would, an object for its name alone.
        System::Coder | System::Alertmanager | System::Kubernetes => times.len() == 2,
        // Whose the account is, and whose the key.
        System::Ecr => times[0].path == "/#GetCallerIdentity" && times.len() == 2,
        _ => false,
    }
}

#[test]
fn the_whole_example_asks_every_question_once() {
    let times = times();
    let rig = Rig::workshop(repaired(times), times);
    assert_eq!(rig.report(&example(), &[]).code, 0);
    let requests = rig.world.requests();
    let (mut same, mut counts) = (BTreeMap::<_, Vec<&Asked>>::new(), BTreeMap::new());
    for asked in &requests {
        same.entry(key(asked)).or_default().push(asked);
        *counts.entry(asked.system).or_insert(0) += 1;
    }
    let repeated = same.values().filter(|times| times.len() > 1 && !may_be_repeated(times));
    // A datagram that is late on a busy machine is asked for again; a look that is not shared would be many of them.
    let (late, repeated): (Vec<_>, Vec<_>) =
        repeated.partition(|times| times[0].system == System::Dns && times.len() == 2);
    assert!(repeated.is_empty() && late.len() <= LATE, "asked more than once: {repeated:#?} {late:#?}");
    if let Some(questions) = counts.get_mut(&System::Dns) {
        *questions -= late.len();
    }
    assert_eq!(counts, BTreeMap::from(ASKED), "{} requests in all", requests.len());
}
