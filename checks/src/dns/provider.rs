//! The zone at Cloudflare: the declared records in its spelling, and the look at what it has.

use super::{
    evidence::{AtProvider, DeclaredRecord, ZoneAtProvider},
    settings::{AtCloudflare, Wanted},
};
use crate::{
    clients::{
        cloudflare::{self, Cloudflare},
        connections::Endpoint,
    },
    contract::{Context, Invalid, Place, Secret, Unobserved, Why},
    dns_wildcard::{self, look::plain},
};
use futures::future::{join, try_join_all};
use hickory_proto::rr::Name;
use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// The most records that one check may declare.
const MOST_RECORDS: usize = 200;

/// A zone at Cloudflare, ready to be looked at.
pub(super) struct Provider {
    endpoint: Endpoint,
    token: Secret,
    zone: Name,
    declared: Vec<DeclaredRecord>,
}

impl Provider {
    pub(super) fn new(settings: &AtCloudflare, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "cloudflare", "cloudflare.connection")?;
        let token = endpoint.token().ok_or_else(|| {
            let message =
                format!("connection `{}` has no token, and Cloudflare tells strangers nothing", endpoint.name);
            Invalid::new("cloudflare.connection", message).help("add `token: { env: … }` to the connection")
        })?;
        let zone = dns_wildcard::domain(&settings.zone, "cloudflare.zone")?;
        if settings.records.is_empty() {
            return Err(Invalid::new("cloudflare.records", "no record is declared, so that none could differ")
                .help("add `{ name: ai.example.com, type: CNAME, content: lb.example.net }`"));
        }
        if settings.records.len() > MOST_RECORDS {
            return Err(Invalid::new("cloudflare.records", format!("more than {MOST_RECORDS} records")));
        }
        let mut declared = Vec::new();
        for (at, wanted) in settings.records.iter().enumerate() {
            let record = record(wanted, &zone, &format!("cloudflare.records.{at}"))?;
            if declared.contains(&record) {
                return Err(Invalid::new(&format!("cloudflare.records.{at}"), "this record is there twice"));
            }
            declared.push(record);
        }
        Ok(Self { endpoint, token, zone, declared })
    }

    pub(super) async fn look(&self, cx: &Context) -> AtProvider {
        AtProvider { zone: plain(&self.zone), declared: self.declared.clone(), seen: self.seen(cx).await }
    }

    async fn seen(&self, cx: &Context) -> Result<ZoneAtProvider, Unobserved> {
        let token = cx.reveal(&self.token)?;
        let cloudflare = Cloudflare::new(cx, &self.endpoint, &token);
        let (zone, _) = cloudflare.zone(&plain(&self.zone)).await?;
        let names: BTreeSet<&str> = self.declared.iter().map(|record| record.name.as_str()).collect();
        let records = try_join_all(names.into_iter().map(|name| cloudflare.records(&zone, name)));
        let (records, asked) = join(records, self.asked(cx)).await;
        let own = zone.vanity_name_servers.into_iter().flatten();
        Ok(ZoneAtProvider {
            status: zone.status,
            paused: zone.paused,
            name_servers: zone.name_servers.into_iter().chain(own).map(|server| server.to_ascii_lowercase()).collect(),
            asked,
            records: records?.into_iter().flat_map(|(records, _)| records).collect::<Vec<cloudflare::Record>>(),
        })
    }

    /// The name servers that the world asks for the zone.
    async fn asked(&self, cx: &Context) -> Result<Vec<String>, Unobserved> {
        let resolvers = cx.resolvers().await?;
        let Some(resolver) = resolvers.first() else {
            return Err(Unobserved::new(Why::Unconfigured, "this machine's resolvers", "there is none"));
        };
        let zone = cx.zone_of(*resolver, &self.zone).await?;
        if zone.name != plain(&self.zone) {
            return Ok(Vec::new());
        }
        Ok(zone.servers.into_iter().map(|server| server.name).collect())
    }
}

/// The record as Cloudflare would spell it.
fn record(wanted: &Wanted, zone: &Name, at: &str) -> Result<DeclaredRecord, Invalid> {
    let (star, rest) = match wanted.name.strip_prefix("*.") {
        Some(rest) => ("*.", rest),
        None => ("", wanted.name.as_str()),
    };
    let name = dns_wildcard::domain(rest, &format!("{at}.name"))?;
    if !zone.zone_of(&name) {
        let message = format!("`{}` is not in the zone {}", wanted.name.escape_debug(), plain(zone));
        return Err(Invalid::new(&format!("{at}.name"), message).help("write the whole name"));
    }
    let kind = wanted.kind.to_ascii_uppercase();
    if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = format!("`{}` is no type of record", wanted.kind.escape_debug());
        return Err(Invalid::new(&format!("{at}.type"), message));
    }
    let content = content(&kind, &wanted.content).ok_or_else(|| {
        let message = format!("`{}` is nothing that a record {kind} can say", wanted.content.escape_debug());
        Invalid::new(&format!("{at}.content"), message)
    })?;
    if wanted.proxied && !matches!(kind.as_str(), "A" | "AAAA" | "CNAME") {
        return Err(Invalid::new(&format!("{at}.proxied"), format!("a record {kind} cannot be proxied")));
    }
    let ttl = wanted.ttl.map(|ttl| ttl.0);
    Ok(DeclaredRecord { name: format!("{star}{}", plain(&name)), kind, content, ttl, proxied: wanted.proxied })
}

/// What a record of `kind` says, spelt in one way; `None` where it can say no such thing.
pub(super) fn content(kind: &str, text: &str) -> Option<String> {
    match kind {
        "A" => Ipv4Addr::from_str(text).ok().map(|address| address.to_string()),
        "AAAA" => Ipv6Addr::from_str(text).ok().map(|address| address.to_string()),
        "CNAME" | "NS" => dns_wildcard::domain(text, "").ok().map(|name| plain(&name)),
        // Cloudflare shows a text within quotes.
        "TXT" => Some(text.trim_matches('"').to_owned()),
        _ => Some(text.to_owned()).filter(|text| !text.is_empty()),
    }
}
