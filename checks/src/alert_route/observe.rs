//! Asks each Alertmanager how it is set and what it keeps quiet.

use super::{AlertRoute, Evidence, Manager, Set, config::config};
use crate::{
    clients::connections::Endpoint,
    contract::{Context, Unobserved, Why},
};
use futures::future::join_all;

/// The most silences that are kept.
const SILENCES: usize = 500;

pub(super) async fn observe(probe: &AlertRoute, cx: &Context) -> Result<Evidence, Unobserved> {
    let asked_at = cx.now();
    let all = probe.managers.iter().map(|endpoint| manager(probe, cx, endpoint));
    let managers: Vec<Manager> = join_all(all).await;
    // Nobody answers: one thing in the way.
    if managers.iter().all(|manager| manager.set.is_err())
        && let Some(Manager { set: Err(missing), .. }) = managers.first()
    {
        return Err(missing.clone());
    }
    Ok(Evidence { asked_at, alerts: probe.alerts.clone(), managers })
}

async fn manager(probe: &AlertRoute, cx: &Context, endpoint: &Endpoint) -> Manager {
    let url = endpoint.url.as_str().trim_end_matches('/').to_owned();
    Manager { url, set: set(probe, cx, endpoint).await }
}

async fn set(probe: &AlertRoute, cx: &Context, endpoint: &Endpoint) -> Result<Set, Unobserved> {
    let configured = cx.alertmanager_config(endpoint).await?;
    let mut listed = cx.silences(endpoint).await?;
    let config = config(&configured.original).map_err(|reason| {
        Unobserved::new(Why::Malformed, &configured.asked, reason).by_hand(configured.by_hand.clone())
    })?;
    listed.silences.retain(|silence| silence.status.state != "expired");
    let is_out = |silence: &crate::clients::alertmanager::Silence| {
        probe.alerts.values().all(|labels| silence.matchers.iter().any(|matcher| matcher.rules_out(labels)))
    };
    listed.silences.retain(|silence| !is_out(silence));
    if listed.silences.len() > SILENCES {
        let detail =
            format!("{} silences may hold back these alerts; at most {SILENCES} are kept", listed.silences.len());
        return Err(Unobserved::new(Why::TooLarge, listed.asked, detail));
    }
    listed.silences.sort_by(|a, b| (a.starts_at, &a.id).cmp(&(b.starts_at, &b.id)));
    Ok(Set {
        version: configured.status.version,
        cluster: configured.status.cluster,
        peers: configured.peers,
        route: config.route,
        receivers: config.receivers,
        intervals: config.intervals,
        inhibitions: config.inhibitions,
        silences: listed.silences,
    })
}
