//! The workshop's names: a zone of its own with two name servers, and the zones of others as resolvers know them.

use super::{EMEA, GATEWAY as GATEWAY_HOST, OREGON, PLACES, SERVER};
use crate::dns::{Dns, Server, Zone};

/// The gateway's address.
pub(super) const GATEWAY: &str = "203.0.113.40";
/// The Alertmanager's address.
pub(super) const ALERTMANAGER: &str = "203.0.113.41";
/// The source registry's address.
pub(super) const GHCR: &str = "198.51.100.10";
/// ECR's and STS's address in each region.
pub(super) const AWS: [(&str, &str); 3] =
    [("198.51.100.20", "198.51.100.21"), ("198.51.100.30", "198.51.100.31"), ("198.51.100.40", "198.51.100.41")];

/// The zone that the workshop's own names are in.
pub(super) const ZONE: &str = "coder.com";
const NAME_SERVERS: [(&str, &str); 2] = [("ns1.coder.com", "192.0.2.1"), ("ns2.coder.com", "192.0.2.2")];

pub(super) fn dns() -> Dns {
    let dns = Dns::default().zone(coder()).zone(amazon());
    let dns = dns.zone(Zone::new("ghcr.io").address("ghcr.io", GHCR));
    NAME_SERVERS.iter().fold(dns, |dns, (name, address)| dns.server(Server::new(name, address)))
}

fn coder() -> Zone {
    let zone = NAME_SERVERS
        .iter()
        .fold(Zone::new(ZONE), |zone, (name, address)| zone.name_server(name).address(name, address));
    let zone = [&SERVER, &OREGON, &EMEA].iter().fold(zone, |zone, place| {
        zone.alias(place.host, place.balancer).alias(&format!("*.{}", place.host), place.balancer)
    });
    zone.address(GATEWAY_HOST, GATEWAY).address(super::schedules::ALERTMANAGER, ALERTMANAGER)
}

fn amazon() -> Zone {
    let zone = PLACES.iter().fold(Zone::new("amazonaws.com"), |zone, place| {
        place.addresses.iter().fold(zone, |zone, address| zone.address(place.balancer, address))
    });
    PLACES.iter().zip(AWS).fold(zone, |zone, (place, (ecr, sts))| {
        zone.address(&format!("api.ecr.{}.amazonaws.com", place.region), ecr)
            .address(&format!("sts.{}.amazonaws.com", place.region), sts)
    })
}
