//! Looking: whose account it is, then every quota with its use and with what more was asked for.

use super::{
    CloudQuota,
    evidence::{Evidence, Found, Line, Usage},
};
use crate::{
    clients::aws::{Metric, ServiceQuota},
    contract::{Context, Unobserved},
};
use futures::{future::join_all, join};

pub(super) async fn observe(probe: &CloudQuota, cx: &Context) -> Result<Evidence, Unobserved> {
    let identity = cx.aws_identity(&probe.account, Some(&probe.region)).await?;
    let lines = join_all(probe.quotas.iter().map(|(name, quota)| line(probe, name, quota, cx)));
    let growth = async {
        match &probe.growing {
            Some(growing) => Some(growing.look(cx).await),
            None => None,
        }
    };
    let (quotas, new_nodes) = join!(lines, growth);
    Ok(Evidence {
        account: identity.account.clone(),
        profile: probe.account.profile.clone(),
        region: probe.region.clone(),
        unit: probe.unit.clone(),
        quotas,
        new_nodes,
    })
}

async fn line(probe: &CloudQuota, name: &str, quota: &ServiceQuota, cx: &Context) -> Line {
    let increases = async { if probe.has_increases { Some(quota.increases(cx).await) } else { None } };
    let (found, increases) = join!(quota.quota(cx), increases);
    let found = found.map(|found| found.map_or_else(|says| Found::Missing { says }, Found::Quota));
    let usage = match &found {
        Ok(Found::Quota(found)) => match &found.usage {
            Some(metric) => Some(usage(probe, metric, cx).await),
            None => None,
        },
        _ => None,
    };
    Line {
        name: name.to_owned(),
        service: quota.service.clone(),
        code: quota.code.clone(),
        // Where there is no quota, nobody asked for more of it.
        increases: increases.filter(|_| matches!(found, Ok(Found::Quota(_)))),
        quota: found,
        usage,
    }
}

async fn usage(probe: &CloudQuota, metric: &Metric, cx: &Context) -> Result<Usage, Unobserved> {
    let (latest, asked_at) = metric.latest(cx, &probe.account, &probe.region).await?;
    Ok(Usage { metric: metric.clone(), asked_at, latest })
}
