//! What the provisioners mount: a cache of Terraform's plugins, a place to work in and their configuration, side by side.

use serde_json::json;

use crate::kubernetes::Workload;

pub(super) fn of_provisioner(provisioner: &mut Workload) {
    provisioner.mounts("cache", "/home/coder/.cache/coder", json!({ "emptyDir": { "sizeLimit": "2Gi" } }));
    provisioner.mounts("work", "/tmp", json!({ "emptyDir": {} }));
    provisioner.mounts(
        "config",
        "/etc/coder",
        json!({ "configMap": { "name": "coder-provisioner", "defaultMode": 420 } }),
    );
}
