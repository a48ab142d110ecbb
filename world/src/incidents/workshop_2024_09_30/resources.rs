//! What volumes are made of in every region.

use serde_json::{Value, json};

use crate::kubernetes::Cluster;

/// Adds three storage classes, of which one is the default.
pub(super) fn put(cluster: &mut Cluster) {
    for (name, provisioner, is_default) in [
        ("gp2", "ebs.csi.aws.com", false),
        ("gp3", "ebs.csi.aws.com", true),
        ("gp3-automode", "ebs.csi.eks.amazonaws.com", false),
    ] {
        cluster.put(class(name, provisioner, is_default));
    }
}

fn class(name: &str, provisioner: &str, is_default: bool) -> Value {
    let mut class = json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": { "name": name },
        "provisioner": provisioner,
        "parameters": { "type": name.split('-').next() },
        "reclaimPolicy": "Delete",
        "allowVolumeExpansion": true,
        "volumeBindingMode": "WaitForFirstConsumer",
    });
    if is_default {
        class["metadata"]["annotations"] = json!({ "storageclass.kubernetes.io/is-default-class": "true" });
    }
    class
}
