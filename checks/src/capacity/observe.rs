//! Looks at all sites, and counts the provisioners, at once.

use super::{
    Capacity, Makers,
    evidence::{Evidence, Provisioned, Provisioners},
    stage::Stage,
};
use crate::contract::{Context, Probe as _};
use futures::future::{OptionFuture, join_all};

pub(super) async fn observe(probe: &Capacity, cx: &Context) -> Evidence {
    let stages: Vec<_> = probe.stages.iter().map(|stage| Stage::look(stage, cx)).collect();
    let counted: OptionFuture<_> = probe.provisioning.as_ref().map(|makers| count(makers, cx)).into();
    let (sites, provisioning) = futures::join!(join_all(stages), counted);
    Evidence { each_attendee: probe.each_attendee.clone(), sites, provisioning }
}

async fn count(makers: &Makers, cx: &Context) -> Provisioned {
    let counted = makers
        .counted
        .iter()
        .map(|(site, replicas)| async move { Provisioners { site: site.clone(), seen: replicas.observe(cx).await } });
    Provisioned {
        slots: makers.slots.clone(),
        counted: join_all(counted).await,
        build: makers.build,
        start: makers.start,
    }
}
