//! Nodes.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{second, uid};

/// A node. `ip-10-0-1-7` has the address 10.0.1.7; other names have one made of the name.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// `InternalIP`; `None` is a node that nobody can reach.
    pub address: Option<IpAddr>,
    /// `amd64` or `arm64`.
    pub architecture: String,
    /// The zone.
    pub zone: String,
    /// The kind of machine.
    pub instance_type: String,
    /// Labels besides the ordinary ones.
    pub labels: BTreeMap<String, String>,
    /// Whether it is ready.
    pub is_ready: bool,
    /// Whether its disk is under pressure.
    pub is_disk_pressed: bool,
    /// Whether pods may be put on it.
    pub is_schedulable: bool,
}

impl Node {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: Some(address_of(name)),
            architecture: "amd64".to_owned(),
            zone: "us-east-2a".to_owned(),
            instance_type: "m6i.4xlarge".to_owned(),
            labels: BTreeMap::new(),
            is_ready: true,
            is_disk_pressed: false,
            is_schedulable: true,
        }
    }

    pub(super) fn json(&self, release: &str, since: Timestamp) -> Value {
        let region = self.zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
        let mut labels = json!({
            "kubernetes.io/arch": self.architecture,
            "kubernetes.io/hostname": self.name,
            "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": self.instance_type,
            "topology.kubernetes.io/region": region,
            "topology.kubernetes.io/zone": self.zone,
        });
        for (key, value) in &self.labels {
            labels[key] = json!(value);
        }
        let mut spec = json!({ "providerID": format!("aws:///{}/i-{}", self.zone, &uid(&[&self.name])[..8]) });
        let mut taints = Vec::new();
        if !self.is_schedulable {
            spec["unschedulable"] = json!(true);
            taints.push(json!({ "key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule" }));
        }
        if !self.is_ready {
            taints.push(json!({ "key": "node.kubernetes.io/not-ready", "effect": "NoSchedule" }));
        }
        if !taints.is_empty() {
            spec["taints"] = json!(taints);
        }
        json!({
            "kind": "Node",
            "apiVersion": "v1",
            "metadata": { "name": self.name, "labels": labels },
            "spec": spec,
            "status": self.status(release, since),
        })
    }

    fn status(&self, release: &str, since: Timestamp) -> Value {
        let mut addresses = vec![json!({ "type": "Hostname", "address": self.name })];
        if let Some(address) = self.address {
            addresses.insert(0, json!({ "type": "InternalIP", "address": address.to_string() }));
        }
        let id = uid(&["machine", &self.name]).replace('-', "");
        json!({
            "capacity": {
                "cpu": "16", "ephemeral-storage": "104845292Ki", "hugepages-2Mi": "0", "memory": "64Gi", "pods": "110",
            },
            "allocatable": {
                "cpu": "15890m", "ephemeral-storage": "96625421107", "hugepages-2Mi": "0", "memory": "62313Mi", "pods": "110",
            },
            "conditions": self.conditions(since),
            "addresses": addresses,
            "daemonEndpoints": { "kubeletEndpoint": { "Port": 10250 } },
            "nodeInfo": {
                "machineID": id,
                "systemUUID": id,
                "bootID": uid(&["boot", &self.name]),
                "kernelVersion": "6.1.141-165.249.amzn2023.x86_64",
                "osImage": "Amazon Linux 2023.8",
                "containerRuntimeVersion": "containerd://2.1.4",
                "kubeletVersion": release,
                "kubeProxyVersion": "",
                "operatingSystem": "linux",
                "architecture": self.architecture,
            },
        })
    }

    fn conditions(&self, since: Timestamp) -> Value {
        let condition = |kind: &str, is_true: bool, reason: &str, message: &str| {
            json!({
                "type": kind,
                "status": if is_true { "True" } else { "False" },
                "lastHeartbeatTime": second(since),
                "lastTransitionTime": second(since),
                "reason": reason,
                "message": message,
            })
        };
        let disk = if self.is_disk_pressed {
            ("KubeletHasDiskPressure", "kubelet has disk pressure")
        } else {
            ("KubeletHasNoDiskPressure", "kubelet has no disk pressure")
        };
        let ready = if self.is_ready {
            ("KubeletReady", "kubelet is posting ready status")
        } else {
            ("KubeletNotReady", "container runtime network not ready: NetworkReady=false")
        };
        let memory = "kubelet has sufficient memory available";
        json!([
            condition("MemoryPressure", false, "KubeletHasSufficientMemory", memory),
            condition("DiskPressure", self.is_disk_pressed, disk.0, disk.1),
            condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            condition("Ready", self.is_ready, ready.0, ready.1),
        ])
    }
}

fn address_of(name: &str) -> IpAddr {
    let first = name.split('.').next().unwrap_or(name);
    let named = first.strip_prefix("ip-").map(|rest| rest.replace('-', ".")).and_then(|text| text.parse().ok());
    named.unwrap_or_else(|| {
        let sum = name.bytes().fold(0_u16, |sum, byte| sum.wrapping_mul(31).wrapping_add(u16::from(byte)));
        let [high, low] = sum.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(10, 77, high, low))
    })
}
