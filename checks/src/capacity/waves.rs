//! How long it takes until everyone's workspace is ready, when all are asked for at once.
//!
//! One provisioner makes one workspace at a time: with P of them N attendees are served in ⌈N/P⌉ waves.

use super::evidence::{Evidence, Provisioned};
use crate::{
    contract::{
        Unobserved,
        values::{Period, TooMany},
    },
    replicas,
};

/// How many are made at once, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slots {
    /// So many, and how that is known: `10 for 15 attendees (up to 15)`, `10 ready in us-east-2`.
    Known {
        /// How many.
        count: u64,
        /// How that is known.
        because: String,
    },
    /// The table of numbers ends too early.
    TooMany(TooMany),
    /// It could not be seen.
    Unseen(Box<Unobserved>),
    /// The counts are from before the last change.
    Stale(String),
}

/// The waves of one crowd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waves {
    /// How many are made at once.
    pub slots: u64,
    /// How many waves.
    pub count: u64,
    /// How long one build takes.
    pub build: Period,
    /// How long it takes from the end of the last build until its workspace is connected.
    pub start: Period,
}

impl Waves {
    /// How long it takes in all, where new nodes take `launch` to be ready. The last wave may be the one that waits for a node.
    #[must_use]
    pub fn takes(&self, launch: Period) -> Period {
        let waves = u32::try_from(self.count).unwrap_or(u32::MAX);
        Period(self.build.0.saturating_mul(waves).saturating_add(self.start.0).saturating_add(launch.0))
    }
}

impl Evidence {
    /// How many workspaces are made at once for so many attendees; `None` where nobody says.
    #[must_use]
    pub fn slots(&self, attendees: u32) -> Option<Slots> {
        let provisioning = self.provisioning.as_ref()?;
        Some(match &provisioning.slots {
            Some(slots) => match slots.need(Some(attendees)) {
                Ok(need) => Slots::Known { count: need.count.into(), because: need.because },
                Err(too_many) => Slots::TooMany(too_many),
            },
            None => provisioning.counted(),
        })
    }

    /// The waves of so many attendees; `None` where it is not known how many are made at once, or none are.
    #[must_use]
    pub fn waves(&self, attendees: u32) -> Option<Waves> {
        let Some(Slots::Known { count: slots, .. }) = self.slots(attendees).filter(Slots::is_some) else { return None };
        let provisioning = self.provisioning.as_ref()?;
        let count = u64::from(attendees).div_ceil(slots);
        Some(Waves { slots, count, build: provisioning.build, start: provisioning.start })
    }
}

impl Slots {
    fn is_some(&self) -> bool {
        matches!(self, Self::Known { count, .. } if *count > 0)
    }
}

impl Provisioned {
    /// Those that are ready, over all sites.
    fn counted(&self) -> Slots {
        let (mut count, mut words) = (0_u64, Vec::new());
        for provisioners in &self.counted {
            let seen = match &provisioners.seen {
                Ok(seen) => seen,
                Err(missing) => return Slots::Unseen(Box::new(missing.clone())),
            };
            if let Some(stale) = seen.workloads.iter().find(|workload| workload.is_stale()) {
                return Slots::Stale(stale.word());
            }
            let ready: u64 = seen.workloads.iter().map(replicas::Workload::counted).map(u64::from).sum();
            words.push(format!("{ready} ready in {}", provisioners.site));
            count = count.saturating_add(ready);
        }
        Slots::Known { count, because: words.join(", ") }
    }
}
