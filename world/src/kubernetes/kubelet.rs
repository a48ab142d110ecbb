//! What the kubelets say of their nodes' storage, through the API server's proxy.

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::Version;
use super::status::{Status, no_page};
use crate::serve::Reply;

const GIB: u64 = 1024 * 1024 * 1024;
/// Longer than anyone waits; the connection ends with the client or with the world.
const FOR_EVER: Duration = Duration::from_hours(24);

/// How a kubelet answers for its summary.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there are a few nodes; a box would be in the way of whoever writes a state"
)]
pub enum NodeStats {
    /// It answers.
    Ok(Summary),
    /// It takes the request and never answers; nor does the API server.
    Hang,
    /// Nothing listens on the node.
    Refused,
    /// It has no such page: 404 in plain text.
    Missing,
    /// The node has no address by which it could be asked.
    NoAddress,
    /// It fails: 500 in plain text.
    Failing,
}

/// The parts of a summary that say how full a node is. What is `None` is not in the answer at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The root filesystem.
    pub nodefs: Option<Disk>,
    /// The filesystem of images, `runtime.imageFs`; often the same one.
    pub imagefs: Option<Disk>,
    /// The filesystem of containers' writable layers, `runtime.containerFs`; only where it is apart.
    pub containerfs: Option<Disk>,
    /// When it was measured; `None` is ten seconds before it is asked for.
    pub time: Option<Timestamp>,
}

/// One filesystem. What is `None` is not in the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// Bytes in all.
    pub capacity: Option<u64>,
    /// Bytes that may still be written.
    pub available: Option<u64>,
    /// Bytes that are used. With `available` it need not make the capacity.
    pub used: Option<u64>,
    /// Inodes in all.
    pub inodes: Option<u64>,
    /// Inodes that are free.
    pub inodes_free: Option<u64>,
}

impl Disk {
    /// A filesystem of 100 GiB, of which this share (0 to 1) cannot be written any more; a tenth of its inodes is used.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of 100 GiB, to the byte that a float can hold"
    )]
    pub fn used(share: f64) -> Self {
        let capacity = 100 * GIB;
        let taken = (capacity as f64 * share.clamp(0.0, 1.0)).round() as u64;
        Self {
            capacity: Some(capacity),
            available: Some(capacity - taken),
            // A part of what cannot be written is the filesystem's own.
            used: Some(taken - taken / 20),
            inodes: Some(6_553_600),
            inodes_free: Some(5_898_240),
        }
    }

    fn json(&self, time: &str) -> Value {
        let inodes_used = self.inodes.zip(self.inodes_free).map(|(all, free)| all.saturating_sub(free));
        let numbers = [
            ("availableBytes", self.available),
            ("capacityBytes", self.capacity),
            ("usedBytes", self.used),
            ("inodesFree", self.inodes_free),
            ("inodes", self.inodes),
            ("inodesUsed", inodes_used),
        ];
        let mut fields = Map::new();
        fields.insert("time".to_owned(), json!(time));
        fields.extend(numbers.into_iter().filter_map(|(name, number)| Some((name.to_owned(), json!(number?)))));
        Value::Object(fields)
    }
}

impl NodeStats {
    /// One filesystem for everything, this share (0 to 1) of it used.
    #[must_use]
    pub fn used(share: f64) -> Self {
        Self::split(share, share)
    }

    /// A root filesystem and one for images, with the share of each that is used.
    #[must_use]
    pub fn split(nodefs: f64, imagefs: f64) -> Self {
        let [nodefs, imagefs] = [nodefs, imagefs].map(|share| Some(Disk::used(share)));
        Self::Ok(Summary { nodefs, imagefs, ..Summary::default() })
    }

    /// The answer for `/stats/summary` of a node at an address.
    pub(super) fn answer(&self, node: &str, address: Option<IpAddr>, version: &Version, now: Timestamp) -> Reply {
        match (self, address) {
            (Self::Ok(summary), _) => Reply::json(200, &summary.json(node, now)),
            (Self::Hang, _) => Reply::new(504, "").after(FOR_EVER),
            (Self::Missing, _) => no_page(),
            (Self::Failing, _) => {
                let line = "Internal Error: failed to list pod stats: rpc error: code = Unavailable";
                Reply::new(500, line).header("content-type", "text/plain")
            }
            (Self::Refused, Some(address)) => {
                let code = version.unreachable_kubelet();
                let reason = if code == 503 { "ServiceUnavailable" } else { "" };
                let message =
                    format!("error trying to reach service: dial tcp {address}:10250: connect: connection refused");
                Status::new(reason, message).reply(code)
            }
            (Self::NoAddress | Self::Refused, _) => {
                Status::new("", "no preferred addresses found; known addresses: []").reply(500)
            }
        }
    }
}

impl Summary {
    fn json(&self, node: &str, now: Timestamp) -> Value {
        let fresh = now.checked_sub(SignedDuration::from_secs(10)).unwrap_or(now);
        let time = super::build::second(self.time.unwrap_or(fresh));
        let mut body = json!({
            "node": {
                "nodeName": node,
                "systemContainers": [],
                "startTime": time,
                "cpu": { "time": time, "usageNanoCores": 412_345_678, "usageCoreNanoSeconds": 912_345_678_901_u64 },
                "memory": {
                    "time": time,
                    "availableBytes": 9 * GIB,
                    "usageBytes": 7 * GIB,
                    "workingSetBytes": 6 * GIB,
                    "rssBytes": 5 * GIB,
                    "pageFaults": 10,
                    "majorPageFaults": 1,
                },
                "rlimit": { "time": time, "maxpid": 4_194_304, "curproc": 812 },
            },
            "pods": [],
        });
        if let Some(disk) = &self.nodefs {
            body["node"]["fs"] = disk.json(&time);
        }
        for (name, disk) in [("imageFs", &self.imagefs), ("containerFs", &self.containerfs)] {
            if let Some(disk) = disk {
                body["node"]["runtime"][name] = disk.json(&time);
            }
        }
        body
    }
}
