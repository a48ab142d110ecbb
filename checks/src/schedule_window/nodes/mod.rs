//! The source `nodes`: which of Karpenter's nodes go away within the window, and what keeps the others.
//!
//! Pods that keep their node (`karpenter.sh/do-not-disrupt` on a pod) are not read: whoever runs one is not the owner of the
//! node, and it ends with the pod.

mod budget;
mod judge;
mod object;

pub use budget::Budget;
pub use object::{Claim, Pool, Standing};

pub(super) use judge::{judge, moments, working};

use super::settings::Nodes;
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Kubectl, Selector, is_name, path, right},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How `kubectl` reaches the cluster.
    pub cluster: Kubectl,
    /// What was asked.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The pools that the checklist names; empty for all.
    #[serde(default)]
    pub wanted: Vec<String>,
    /// True where the pools need have no node now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub none_expected: bool,
    /// The pools, by name.
    pub pools: Vec<Pool>,
    /// Their nodes, by pool and name.
    pub claims: Vec<Claim>,
}

/// One source of this kind.
pub(in crate::schedule_window) struct Looking {
    cluster: Cluster,
    pools: Vec<String>,
    is_none_expected: bool,
}

const POOLS: &str = "nodepools";
const CLAIMS: &str = "nodeclaims";

fn karpenter(plural: &str) -> String {
    path("karpenter.sh/v1", None, &[plural])
}

impl Looking {
    pub(in crate::schedule_window) fn new(settings: Nodes, place: &Place) -> Result<Self, Invalid> {
        let Nodes { pools, none_expected: is_none_expected } = settings;
        if let Some(index) = pools.iter().position(|pool| !is_name(pool)) {
            let at = format!("nodes.pools.{index}");
            return Err(Invalid::new(&at, format!("`{}` is no name of Kubernetes", pools[index])));
        }
        Ok(Self { cluster: place.cluster()?, pools, is_none_expected })
    }

    pub(in crate::schedule_window) fn access() -> Vec<Access> {
        let paths = [karpenter(POOLS), karpenter(CLAIMS), path("v1", None, &["nodes"])];
        paths.iter().map(|path| Access::new("kubernetes", right("list", path))).collect()
    }

    pub(in crate::schedule_window) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let (all, pools, claims) = (Selector::default(), karpenter(POOLS), karpenter(CLAIMS));
        let nodes = path("v1", None, &["nodes"]);
        let (pools, claims, nodes) = futures::try_join!(
            api.list::<object::PoolObject>(&pools, &all),
            api.list::<object::ClaimObject>(&claims, &all),
            api.list::<object::Node>(&nodes, &all)
        )?;
        let is_meant = |pool: &str| self.pools.is_empty() || self.pools.iter().any(|wanted| wanted == pool);
        let mut seen: Vec<Claim> = claims.iter().map(|claim| claim.seen(&nodes)).collect();
        seen.retain(|claim| is_meant(&claim.pool));
        seen.sort_by(|a, b| (&a.pool, &a.name).cmp(&(&b.pool, &b.name)));
        let mut kept: Vec<Pool> = pools.iter().map(object::PoolObject::seen).collect();
        kept.retain(|pool| is_meant(&pool.name));
        kept.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Evidence {
            cluster: api.kubectl().clone(),
            asked: claims.asked.clone(),
            asked_at: claims.asked_at.min(pools.asked_at).min(nodes.asked_at),
            wanted: self.pools.clone(),
            none_expected: self.is_none_expected,
            pools: kept,
            claims: seen,
        })
    }
}
