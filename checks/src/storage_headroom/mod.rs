//! `storage-headroom`: is there room on every node for the crowd's workspaces?
//!
//! Each node's kubelet is asked through the API server, or one Prometheus query is made. `kubectl top nodes` was rejected,
//! though checklists name it: it knows processors and memory only. Requests and `allocatable` were too: they are constants.

mod evidence;
mod fill;
mod judge;
pub(crate) mod kubelet;
mod series;
mod settings;

pub use evidence::{Evidence, Filesystem, Node, Source, Standing};
pub use settings::{Expect, FromPrometheus, Nodes, Settings};

use crate::{
    clients::connections::{Cluster, Endpoint},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};

/// Bytes.
const ABOVE: Code = Code::fail("storage-above-limit", "a node's disk is fuller than the event allows");
/// Bytes, nearly.
const NEAR: Code = Code::warn("storage-near-limit", "a node's disk is within the warning margin");
/// Inodes.
const INODES: Code = Code::fail("inodes-above-limit", "a node has used more of its inodes than the event allows");
/// What it will be.
const PROJECTED: Code = Code::fail("storage-projected", "the crowd's workspaces would fill a node");
/// Already evicting.
const PRESSURE: Code = Code::fail("disk-pressure", "a node is under disk pressure: its kubelet evicts pods");
/// Not enough nodes.
const TOO_FEW: Code = Code::fail("too-few-nodes", "fewer nodes than expected take workspaces");
/// Fields that are not there.
const UNMEASURED: Code = Code::unknown("storage-unmeasured", "a node does not say how full one of its disks is");
/// Old numbers.
const OLD: Code = Code::unknown("sample-stale", "how full a disk is was measured too long ago");
/// An empty vector.
const NO_SERIES: Code = Code::unknown("no-series", "the Prometheus query gives no series at all");
/// Prometheus doubts itself.
const DOUBTED: Code = Code::warn("query-warning", "Prometheus warns that its answer may be in part");

/// The probe, ready to look.
pub struct StorageHeadroom {
    way: Way,
}

enum Way {
    Kubelets { cluster: Cluster, nodes: Nodes },
    Prometheus { endpoint: Box<Endpoint>, queries: FromPrometheus },
}

impl Probe for StorageHeadroom {
    const KIND: &'static str = "storage-headroom";
    const CODES: &'static [Code] =
        &[ABOVE, NEAR, INODES, PROJECTED, PRESSURE, TOO_FEW, UNMEASURED, OLD, NO_SERIES, DOUBTED];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let way = match (settings.nodes, settings.prometheus) {
            (Some(_), Some(_)) => {
                return Err(Invalid::new("", "`nodes` asks kubelets and `prometheus` asks Prometheus: choose one"));
            }
            (nodes, None) => Way::Kubelets { cluster: place.cluster()?, nodes: nodes.unwrap_or_default() },
            (None, Some(queries)) => {
                queries.check()?;
                let endpoint = place.endpoint(&queries.connection, "prometheus", "prometheus.connection")?;
                Way::Prometheus { endpoint: Box::new(endpoint), queries }
            }
        };
        Ok(Self { way })
    }

    fn access(&self) -> Vec<Access> {
        match &self.way {
            Way::Kubelets { .. } => {
                ["list nodes", "get nodes/proxy"].map(|right| Access::new("kubernetes", right)).to_vec()
            }
            Way::Prometheus { .. } => vec![Access::new("prometheus", "query")],
        }
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        match &self.way {
            Way::Kubelets { cluster, nodes } => kubelet::observe(cx, cluster, nodes).await,
            Way::Prometheus { endpoint, queries } => series::observe(cx, endpoint, queries).await,
        }
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    /// When a disk was measured is compared with when it was asked for.
    fn reads_clock(_expect: &Expect) -> bool {
        true
    }
}
