//! Looks at the workloads that are meant, and at what scales them.

use super::{
    Autoscaler, Evidence, Kind, Replicas, Target, Workload,
    autoscaler::{self, path as autoscalers_path},
    workload,
};
use crate::{
    clients::kubernetes::{Api, Selector, path},
    contract::{Context, Unobserved, Why},
};
use jiff::Timestamp;

pub(super) async fn observe(probe: &Replicas, cx: &Context) -> Result<Evidence, Unobserved> {
    let asked_at = cx.now();
    let api = cx.cluster(&probe.cluster).await?;
    let (workloads, autoscalers) = futures::join!(workloads(&api, probe), autoscalers(&api, probe));
    let (workloads, seen_at): (Vec<Workload>, Option<Timestamp>) = workloads?;
    let has_namespace = if workloads.is_empty() { Some(api.has_namespace(&probe.namespace).await) } else { None };
    let of_these = |list: Vec<Autoscaler>| {
        let is_ours = |scaler: &Autoscaler| workloads.iter().any(|workload| scaler.scales(workload));
        list.into_iter().filter(is_ours).collect()
    };
    Ok(Evidence {
        cluster: api.kubectl().clone(),
        namespace: probe.namespace.clone(),
        target: probe.target.clone(),
        asked_at: seen_at.unwrap_or(asked_at),
        has_namespace,
        autoscalers: autoscalers.map(|seen| seen.map(of_these)),
        workloads,
    })
}

async fn workloads(api: &Api, probe: &Replicas) -> Result<(Vec<Workload>, Option<Timestamp>), Unobserved> {
    match &probe.target {
        Target::Deployment(name) => one(api, probe, Kind::Deployment, name).await,
        Target::StatefulSet(name) => one(api, probe, Kind::StatefulSet, name).await,
        Target::Selector(selector) => {
            let (deployments, sets) = futures::try_join!(
                all(api, probe, Kind::Deployment, selector),
                all(api, probe, Kind::StatefulSet, selector)
            )?;
            let asked_at = deployments.1.min(sets.1);
            Ok((deployments.0.into_iter().chain(sets.0).collect(), asked_at))
        }
    }
}

async fn one(
    api: &Api,
    probe: &Replicas,
    kind: Kind,
    name: &str,
) -> Result<(Vec<Workload>, Option<Timestamp>), Unobserved> {
    let path = path("apps/v1", Some(&probe.namespace), &[kind.plural(), name]);
    let seen = api.find::<workload::Object>(&path).await?;
    let asked_at = seen.as_ref().map(|seen| seen.asked_at);
    Ok((seen.iter().map(|seen| seen.seen(kind)).collect(), asked_at))
}

async fn all(
    api: &Api,
    probe: &Replicas,
    kind: Kind,
    selector: &str,
) -> Result<(Vec<Workload>, Option<Timestamp>), Unobserved> {
    let path = path("apps/v1", Some(&probe.namespace), &[kind.plural()]);
    let seen = api.list::<workload::Object>(&path, &Selector::labels(selector)).await?;
    let mut found: Vec<Workload> = seen.iter().map(|object| object.seen(kind)).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((found, Some(seen.asked_at)))
}

async fn autoscalers(api: &Api, probe: &Replicas) -> Option<Result<Vec<Autoscaler>, Unobserved>> {
    if !probe.has_autoscalers {
        return None;
    }
    let list = async |version| {
        let path = autoscalers_path(version, &probe.namespace);
        let seen = api.list::<autoscaler::Object>(&path, &Selector::default()).await?;
        let mut found: Vec<Autoscaler> = seen.iter().map(autoscaler::Object::seen).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    };
    Some(match list("v2").await {
        Err(Unobserved { why: Why::NotFound, .. }) => list("v1").await,
        seen => seen,
    })
}
