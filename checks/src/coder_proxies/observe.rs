//! Looks at the server's lists, and then at each proxy where the checklist or the list says that it is.

use super::{
    CoderProxies, Wanted,
    evidence::{Answer, Evidence, Member, Proxy, Region, Status},
};
use crate::{
    clients::{
        coder::{
            buildinfo::{Build, build},
            proxies::{self, proxies, regions},
            told::Told,
        },
        http::Via,
    },
    contract::{Context, Unobserved},
};
use futures::future::join_all;
use jiff::Timestamp;
use url::Url;

/// The most letters of a text from outside.
const MOST_TEXT: usize = 160;
/// The most complaints of one proxy that are kept.
const MOST_COMPLAINTS: usize = 10;

pub(super) async fn observe(probe: &CoderProxies, cx: &Context) -> Result<Evidence, Unobserved> {
    let token = cx.reveal(&probe.token)?;
    let (asked_at, endpoint) = (cx.now(), &probe.endpoint);
    let views = join_all((0..probe.samples).map(|_| proxies(cx, endpoint, &token, probe.samples > 1)));
    let server = builds(cx, probe, &endpoint.url, &endpoint.via);
    let (views, regions, server) = futures::join!(views, regions(cx, endpoint, &token), server);
    let answers: Vec<Result<Answer, Unobserved>> = views.into_iter().map(|view| view.map(answer)).collect();
    let regions: Result<Vec<Region>, Unobserved> = regions.map(|told| told.value.iter().map(region).collect());
    let members = join_all(probe.wanted.iter().map(|wanted| member(cx, probe, wanted, &answers, &regions))).await;
    Ok(Evidence { url: endpoint.url.to_string(), asked_at, server, answers, regions, members })
}

async fn member(
    cx: &Context,
    probe: &CoderProxies,
    wanted: &Wanted,
    answers: &[Result<Answer, Unobserved>],
    regions: &Result<Vec<Region>, Unobserved>,
) -> Member {
    let listed = || {
        let rows = answers.iter().flatten().flat_map(|answer| &answer.proxies);
        let row = rows.filter(|row| !row.deleted).find(|row| row.name == wanted.name).map(|row| &row.url);
        let region = || regions.iter().flatten().find(|region| region.name == wanted.name).map(|region| &region.url);
        let url = row.or_else(region).and_then(|url| Url::parse(url).ok())?;
        (matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none())
            .then_some(url)
    };
    let url = wanted.url.clone().or_else(listed);
    let seen = match &url {
        Some(url) => builds(cx, probe, url, &probe.endpoint.via).await,
        None => Vec::new(),
    };
    Member {
        site: wanted.site.clone(),
        name: wanted.name.clone(),
        domain: wanted.domain.clone(),
        url: url.map(|url| url.to_string()),
        is_named: wanted.url.is_some(),
        builds: seen,
    }
}

async fn builds(cx: &Context, probe: &CoderProxies, url: &Url, via: &Via) -> Vec<Result<Build, Unobserved>> {
    let fresh = probe.samples > 1;
    join_all((0..probe.samples).map(|_| build(cx, url, via, fresh))).await
}

fn answer(told: Told<Vec<proxies::Proxy>>) -> Answer {
    Answer { clock: told.clock, proxies: told.value.into_iter().map(proxy).collect() }
}

fn proxy(row: proxies::Proxy) -> Proxy {
    Proxy {
        name: short(&row.name),
        healthy: row.healthy,
        url: short(&row.path_app_url),
        wildcard: short(&row.wildcard_hostname),
        deleted: row.deleted,
        derp_only: row.derp_only,
        version: short(&row.version),
        status: row.status.map(status),
    }
}

fn status(written: proxies::Status) -> Status {
    let report = written.report.unwrap_or_default();
    let complaints = |written: Option<Vec<String>>| {
        written.unwrap_or_default().iter().take(MOST_COMPLAINTS).map(|words| short(words)).collect()
    };
    // Go writes a time that was never set as the first second of the year 1.
    let is_time = |time: &Timestamp| time.as_second() > 0;
    Status {
        status: short(&written.status),
        checked_at: written.checked_at.filter(is_time),
        errors: complaints(report.errors),
        warnings: complaints(report.warnings),
    }
}

fn region(row: &proxies::Proxy) -> Region {
    Region {
        name: short(&row.name),
        healthy: row.healthy,
        url: short(&row.path_app_url),
        wildcard: short(&row.wildcard_hostname),
    }
}

fn short(words: &str) -> String {
    crate::contract::short(words, MOST_TEXT)
}
