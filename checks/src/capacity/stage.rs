//! One site, ready to be looked at: its nodes and pods, the pools that may grow, the caps on its namespace.

use super::{
    amounts::{Amounts, Resource},
    asks::{asks, claims, is_daemon, is_held},
    caps, disks,
    evidence::{Node, Picture, Pool, Site, Waiting},
    pool,
    settings::{Footprint, Ground},
    toleration::{shown, untolerated},
    volumes::{self, Attachable},
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{self, Api, Pod, Selector, path, right},
    },
    contract::{Access, Context, Invalid, Place, Unobserved, text::Step, values::Quantity},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One site, ready to be looked at.
#[derive(Clone, Debug)]
pub struct Stage {
    cluster: Cluster,
    ground: Ground,
    /// Whether attendees write to their nodes' disks.
    has_disks: bool,
    /// Whether attendees have volumes attached.
    has_volumes: bool,
}

impl Stage {
    /// The site `site` of `ground`, for attendees who each ask for `each`.
    ///
    /// # Errors
    /// The site has no cluster, or what a new node is is not said though it is needed.
    pub fn new(site: &str, ground: Ground, each: &Footprint, place: &Place) -> Result<Self, Invalid> {
        let mut cluster = place.cluster_of(site)?;
        site.clone_into(&mut cluster.site);
        let wrong = |key: &str, message: &str, help: &str| at_site(site, key, message).help(help);
        if !kubernetes::is_name(&ground.namespace) {
            let message = format!("`{}` is no name of Kubernetes", ground.namespace);
            return Err(wrong("namespace", &message, "a name has lower-case letters, digits, `-` and `.`"));
        }
        match (&ground.new_node, ground.pools.is_empty()) {
            (None, false) => {
                let help = "add `new_node: { cpu: 15.9, memory: 29Gi, capacity: { cpu: 16, memory: 32Gi } }`";
                return Err(wrong(
                    "pools",
                    "pools make new nodes, and `new_node` does not say what such a node is",
                    help,
                ));
            }
            (Some(_), true) => {
                let help = "add `pools: [NAME]`, or take `new_node` away";
                return Err(wrong("new_node", "no pool is named that would make it", help));
            }
            (Some(new), false) if each.disk().is_some() && new.disk.is_none() => {
                let help = "add `disk: { size: 100Gi, used: 20Gi }`: its size, and what images take of it";
                return Err(wrong("new_node", "attendees write to its disk, and how large that is is not said", help));
            }
            (Some(new), false) if each.ephemeral_storage.is_some() && new.ephemeral_storage.is_none() => {
                let help = "add `ephemeral_storage: 90Gi`: what is allocatable of it";
                return Err(wrong(
                    "new_node",
                    "attendees ask for ephemeral storage, and it does not say how much it has",
                    help,
                ));
            }
            _ => {}
        }
        let (has_disks, has_volumes) = (each.disk().is_some(), each.volumes > 0);
        Ok(Self { cluster, ground, has_disks, has_volumes })
    }

    /// The least rights that looking needs.
    #[must_use]
    pub fn access(&self) -> Vec<Access> {
        let namespace = Some(self.ground.namespace.as_str());
        let lists = [path("v1", None, &["nodes"]), path("v1", None, &["pods"])];
        let caps = ["resourcequotas", "limitranges"].map(|name| path("v1", namespace, &[name]));
        let mut rights: Vec<String> = lists.iter().chain(&caps).map(|path| right("list", path)).collect();
        if !self.ground.pools.is_empty() {
            rights.push("get nodepools.karpenter.sh".to_owned());
        }
        if self.has_volumes {
            rights.push("list csinodes.storage.k8s.io".to_owned());
        }
        if self.has_disks {
            rights.push("get nodes/proxy".to_owned());
        }
        rights.push("get namespaces".to_owned());
        rights.into_iter().map(|right| Access::new("kubernetes", right)).collect()
    }

    /// Looks; what could not be seen stands in the place of what was.
    pub async fn look(&self, cx: &Context) -> Site {
        let began = cx.now();
        let seen = self.picture(cx).await;
        let (asked_at, seen) = match seen {
            Ok((picture, asked_at)) => (asked_at, Ok(picture)),
            Err(missing) => (began, Err(missing)),
        };
        Site {
            site: self.cluster.site.clone(),
            share: self.ground.share,
            namespace: self.ground.namespace.clone(),
            new_node: self.ground.new_node.clone(),
            asked_at,
            seen,
        }
    }

    async fn picture(&self, cx: &Context) -> Result<(Picture, Timestamp), Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let (all, namespace) = (Selector::default(), self.ground.namespace.as_str());
        let (nodes_path, pods_path) = (path("v1", None, &["nodes"]), path("v1", None, &["pods"]));
        let (nodes, pods, pools, caps, attachable) = futures::join!(
            api.list::<kubernetes::Node>(&nodes_path, &all),
            api.list::<Pod>(&pods_path, &all),
            self.pools(&api),
            caps::look(&api, namespace),
            self.attachable(&api),
        );
        let (nodes, pods) = (nodes?, pods?);
        let asked_at = nodes.asked_at.min(pods.asked_at);
        let held = Held::of(&pods);
        let (attachable, missing_volumes) = match attachable {
            Some(Ok(attachable)) => (Some(attachable), None),
            Some(Err(missing)) => (None, Some(missing)),
            None => (None, None),
        };
        let (ours, others): (Vec<_>, Vec<_>) =
            nodes.value.iter().partition(|node| has_labels(&node.metadata.labels, &self.ground.node_selector));
        let mut seen: Vec<Node> = ours.iter().map(|node| self.node(node, &held, attachable.as_ref())).collect();
        seen.sort_by(|a, b| a.name.cmp(&b.name));
        if self.has_disks {
            disks::look(&api, &mut seen).await;
        }
        // Where no node of ours tells, any node does.
        let telling = if ours.is_empty() { &others } else { &ours };
        let names = telling.iter().map(|node| node.metadata.name.as_str());
        let daemons =
            names.filter_map(|name| held.daemons.get(name)).fold(Amounts::default(), |most, own| most.larger(own));
        let has_namespace = if caps.is_silent() { Some(api.has_namespace(namespace).await) } else { None };
        let picture = Picture {
            cluster: api.kubectl().clone(),
            nodes: seen,
            others: others.len(),
            daemons,
            waiting: self.waiting(&pods),
            pools,
            quotas: caps.quotas,
            ranges: caps.ranges,
            has_namespace,
            volumes: missing_volumes,
        };
        Ok((picture, asked_at))
    }

    async fn pools(&self, api: &Api) -> Vec<Pool> {
        let looks = self.ground.pools.iter().map(|name| pool::look(api, name, &self.ground));
        futures::future::join_all(looks).await
    }

    async fn attachable(&self, api: &Api) -> Option<Result<Attachable, Unobserved>> {
        if self.has_volumes { Some(volumes::look(api).await) } else { None }
    }

    fn node(&self, node: &kubernetes::Node, held: &Held, attachable: Option<&Attachable>) -> Node {
        let name = node.metadata.name.clone();
        let mut allocatable = Amounts::read(&node.status.allocatable);
        let mut closed = closed(node, &self.ground);
        if let Some(attachable) = attachable {
            match attachable.most(&name) {
                Some(Some(most)) => allocatable.set(Resource::Volumes, most),
                Some(None) => {}
                None => closed = closed.or_else(|| Some("has no driver that attaches volumes".to_owned())),
            }
        }
        let mut requested = held.requested.get(&name).cloned().unwrap_or_default();
        if self.has_volumes {
            let volumes = held.claims.get(&name).map_or(0, BTreeSet::len);
            requested.set(Resource::Volumes, Quantity::of(u64::try_from(volumes).unwrap_or(u64::MAX)));
        }
        Node { name, closed, allocatable, requested, disks: None, disks_asked_at: None }
    }

    /// The pods that wait for a node, by what they ask for, but for those that must have another node.
    fn waiting(&self, pods: &[Pod]) -> Vec<Waiting> {
        let is_waiting = |pod: &&Pod| {
            let is_placed = !pod.spec.node_name.is_empty() || pod.metadata.deletion_timestamp.is_some();
            !is_placed && is_held(pod) && !contradicts(&pod.spec.node_selector, &self.ground.node_selector)
        };
        let mut waiting: Vec<Waiting> = Vec::new();
        for pod in pods.iter().filter(is_waiting) {
            let asks = asks(pod);
            match waiting.iter_mut().find(|waiting| waiting.asks == asks) {
                Some(waiting) => waiting.count += 1,
                None => waiting.push(Waiting { asks, count: 1 }),
            }
        }
        waiting
    }
}

/// What the pods of each node hold.
#[derive(Default)]
struct Held {
    requested: BTreeMap<String, Amounts>,
    daemons: BTreeMap<String, Amounts>,
    claims: BTreeMap<String, BTreeSet<String>>,
}

impl Held {
    fn of(pods: &[Pod]) -> Self {
        let mut held = Self::default();
        for pod in pods.iter().filter(|pod| is_held(pod) && !pod.spec.node_name.is_empty()) {
            let (node, asks) = (pod.spec.node_name.clone(), asks(pod));
            if is_daemon(pod) {
                held.daemons.entry(node.clone()).or_default().add(&asks);
            }
            held.claims.entry(node.clone()).or_default().extend(claims(pod));
            held.requested.entry(node).or_default().add(&asks);
        }
        held
    }
}

/// Why a node takes no workspaces; `None` for one that does.
fn closed(node: &kubernetes::Node, ground: &Ground) -> Option<String> {
    let states = [
        (node.metadata.deletion_timestamp.is_some(), "is being deleted"),
        (node.spec.unschedulable, "is cordoned"),
        (!node.has("Ready"), "is not ready"),
        (node.has("DiskPressure"), "is under disk pressure"),
        (node.has("PIDPressure"), "is short of process ids"),
        (node.has("NetworkUnavailable"), "has no network"),
    ];
    let state = states.into_iter().find(|(is_so, _)| *is_so).map(|(_, words)| words.to_owned());
    let tainted =
        || untolerated(&node.spec.taints, &ground.tolerates).map(|taint| format!("has the taint {}", shown(taint)));
    state.or_else(tainted)
}

fn has_labels(labels: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> bool {
    wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// True if and only if no node can have both.
pub(super) fn contradicts(labels: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> bool {
    wanted.iter().any(|(key, value)| labels.get(key).is_some_and(|other| other != value))
}

/// A site's name may hold dots, so its path is made step by step.
fn at_site(site: &str, key: &str, message: &str) -> Invalid {
    let mut invalid = Invalid::new("place", message);
    invalid.at.extend([site, key].map(|step| Step::Key(step.to_owned())));
    invalid
}
