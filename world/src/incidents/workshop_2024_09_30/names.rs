//! The workshop's names: a zone of its own with two name servers, and the zones of others as resolvers know them.

use super::{EMEA, GATEWAY as GATEWAY_HOST, OREGON, PLACES, SERVER};
use crate::dns::{Dns, Server, Zone};

/// The gateway's address.
pub(super) const GATEWAY: &str = "203.0.113.40";
/// The Alertmanager's address.
pub(super) const ALERTMANAGER: &str = "203.0.113.41";
/// The source registry's address.
pub(super) const GHCR: &str = "198.51.100.10";
/// Amazon's addresses in a region.
#[derive(Clone, Copy)]
pub(super) struct Amazon {
    pub(super) ecr: &'static str,
    pub(super) sts: &'static str,
    pub(super) quotas: &'static str,
    pub(super) metrics: &'static str,
    pub(super) secrets: &'static str,
}

/// Amazon's addresses in each region.
pub(super) const AWS: [Amazon; 3] = [
    Amazon {
        ecr: "198.51.100.20",
        sts: "198.51.100.21",
        quotas: "198.51.100.22",
        metrics: "198.51.100.23",
        secrets: "198.51.100.24",
    },
    Amazon {
        ecr: "198.51.100.30",
        sts: "198.51.100.31",
        quotas: "198.51.100.32",
        metrics: "198.51.100.33",
        secrets: "198.51.100.34",
    },
    Amazon {
        ecr: "198.51.100.40",
        sts: "198.51.100.41",
        quotas: "198.51.100.42",
        metrics: "198.51.100.43",
        secrets: "198.51.100.44",
    },
];

/// The zone that the workshop's own names are in.
pub(super) const ZONE: &str = "coder.com";
/// Its serial: a counter, as Cloudflare's are, which tells no time.
const SERIAL: u32 = 2_371_000_417;
/// Its name servers.
pub(super) const NAME_SERVERS: [(&str, &str); 2] = [("ns1.coder.com", "192.0.2.1"), ("ns2.coder.com", "192.0.2.2")];

pub(super) fn dns() -> Dns {
    let dns = Dns::default().zone(coder()).zone(amazon());
    let dns = dns.zone(Zone::new("ghcr.io").address("ghcr.io", GHCR));
    NAME_SERVERS.iter().fold(dns, |dns, (name, address)| dns.server(Server::new(name, address)))
}

fn coder() -> Zone {
    let zone = NAME_SERVERS
        .iter()
        .fold(Zone::new(ZONE).serial(SERIAL), |zone, (name, address)| zone.name_server(name).address(name, address));
    let zone = [&SERVER, &OREGON, &EMEA].iter().fold(zone, |zone, place| {
        zone.alias(place.host, place.balancer).alias(&format!("*.{}", place.host), place.balancer)
    });
    zone.address(GATEWAY_HOST, GATEWAY)
        .address(super::schedules::ALERTMANAGER, ALERTMANAGER)
        .address(super::estate::GRAFANA, super::estate::ADDRESS)
}

fn amazon() -> Zone {
    let zone = PLACES.iter().fold(Zone::new("amazonaws.com"), |zone, place| {
        place.addresses.iter().fold(zone, |zone, address| zone.address(place.balancer, address))
    });
    PLACES.iter().zip(AWS).fold(zone, |zone, (place, amazon)| {
        let hosts = [
            ("api.ecr", amazon.ecr),
            ("sts", amazon.sts),
            ("servicequotas", amazon.quotas),
            ("monitoring", amazon.metrics),
            ("secretsmanager", amazon.secrets),
        ];
        hosts.into_iter().fold(zone, |zone, (service, address)| {
            zone.address(&format!("{service}.{}.amazonaws.com", place.region), address)
        })
    })
}
