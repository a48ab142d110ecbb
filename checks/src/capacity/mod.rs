//! `capacity`: can every site carry its attendees, with room to spare, and is everyone served in time?
//!
//! A relation: the crowd is one and its sites share it. Workspaces are packed node by node as the scheduler would; adding
//! up what is free was rejected, since a pod takes no part of two nodes. What attendees ask for is declared, not
//! measured: the sizes that people may choose are known, and idle workspaces prove nothing.

mod amounts;
mod asks;
mod caps;
mod code;
mod cure;
mod disks;
mod evidence;
mod found;
mod judge;
mod margin;
mod observe;
mod packed;
mod packing;
mod pool;
mod quota;
mod ranges;
mod reckon;
mod settings;
mod stage;
mod toleration;
mod unmeasured;
mod volumes;
mod waves;
mod working;

pub use amounts::{Amounts, Resource};
pub use evidence::{Evidence, Node, Picture, Pool, PoolState, Provisioned, Provisioners, Quota, Range, Site, Waiting};
pub use margin::{Limit, Margin};
pub use packed::{Packed, Room};
pub use packing::pack;
pub use quota::{Capped, Claim};
pub use reckon::{Reckoning, carried, reckon};
pub use settings::{Counted, Expect, Footprint, Ground, Limits, Machine, NewDisk, NewNode, Provisioning, Settings};
pub use stage::Stage;
pub use toleration::Toleration;
pub use waves::{Slots, Waves};

use crate::{
    contract::{
        Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window,
        text::Step,
        values::{Period, Scaled},
    },
    replicas::{self, Replicas},
};

/// The probe, ready to look.
pub struct Capacity {
    each_attendee: Footprint,
    stages: Vec<Stage>,
    provisioning: Option<Makers>,
}

/// Who makes the workspaces, ready to be counted.
struct Makers {
    slots: Option<Scaled>,
    counted: Vec<(String, Replicas)>,
    build: Period,
    start: Period,
}

impl Probe for Capacity {
    const KIND: &'static str = "capacity";
    const CODES: &'static [Code] = code::ALL;
    const RELATION: bool = true;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let Settings { each_attendee, place: grounds, provisioning } = settings;
        each_attendee.check()?;
        if grounds.is_empty() {
            return Err(Invalid::new("place", "there is no site to carry anyone").help("add `sites: all` to `place`"));
        }
        let shares: f64 = grounds.values().map(|ground| ground.share.share()).sum();
        if shares < 1.0 - 1e-9 {
            let message = format!("the sites' shares add up to {:.0} %: nobody carries the others", shares * 100.0);
            return Err(Invalid::new("place", message).help("raise a `share`; without it a site carries all"));
        }
        let stage = |(site, ground): (String, Ground)| Stage::new(&site, ground, &each_attendee, place);
        let stages = grounds.into_iter().map(stage).collect::<Result<_, _>>()?;
        let provisioning = provisioning.map(|provisioning| provisioners(provisioning, place)).transpose()?;
        Ok(Self { each_attendee, stages, provisioning })
    }

    fn access(&self) -> Vec<Access> {
        let counted = self.provisioning.iter().flat_map(|provisioning| &provisioning.counted);
        let counted = counted.flat_map(|(_, replicas)| replicas.access());
        let mut all: Vec<Access> = self.stages.iter().flat_map(Stage::access).chain(counted).collect();
        all.sort();
        all.dedup();
        all
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(observe::observe(self, cx).await)
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        working::working(expect, evidence, window)
    }

    /// When a disk was measured is compared with when it was asked for.
    fn reads_clock(_expect: &Expect) -> bool {
        true
    }
}

fn provisioners(provisioning: Provisioning, place: &Place) -> Result<Makers, Invalid> {
    let Provisioning { slots, counted, build, start } = provisioning;
    match (&slots, counted.is_empty()) {
        (Some(_), false) => {
            let message = "`slots` says how many there will be and `counted` counts those there are: choose one";
            return Err(Invalid::new("provisioning", message));
        }
        (None, true) => {
            return Err(Invalid::new("provisioning", "how many workspaces are made at once is not said").help(
                "add `slots: 10`, or `counted: { sites: […], namespace: coder-ws, deployment: coder-provisioner }`",
            ));
        }
        _ => {}
    }
    let counted = counted.into_iter().map(|(site, counted)| ready(site, counted, place)).collect::<Result<_, _>>()?;
    Ok(Makers { slots, counted, build, start })
}

fn ready(site: String, counted: Counted, place: &Place) -> Result<(String, Replicas), Invalid> {
    let mut cluster = place.cluster_of(&site)?;
    site.clone_into(&mut cluster.site);
    let Counted { namespace, deployment, statefulset, selector } = counted;
    let settings = replicas::Settings { namespace, deployment, statefulset, selector, autoscalers: false };
    let within = |mut invalid: Invalid| {
        let above = ["provisioning", "counted", &site].map(|step| Step::Key(step.to_owned()));
        invalid.at.splice(0..0, above);
        invalid
    };
    let replicas = Replicas::counting(cluster, &settings).map_err(within)?;
    Ok((site, replicas))
}

impl Footprint {
    fn check(&self) -> Result<(), Invalid> {
        for (key, amount) in [("cpu", self.cpu), ("memory", self.memory)] {
            if amount.is_zero() {
                let message = format!("an attendee who asks for no {key} fits anywhere, and would prove nothing");
                return Err(Invalid::new(&format!("each_attendee.{key}"), message)
                    .help("write the largest size that can be chosen: `cpu: 4`, `memory: 8Gi`"));
            }
        }
        Ok(())
    }
}
