//! An object of Kubernetes, from a cluster or a file, as filesystems: one for each container of its pods.
//!
//! The pod's spec is found by its shape, not by the object's kind, so that a Knative Service and a Rollout are read too.

use super::evidence::{Mount, Owner, Space, Var, Volume};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where a pod's spec stands, and whether a template with metadata of its own stands around it.
const SPECS: [&str; 4] = ["/spec/jobTemplate/spec/template", "/spec/template", "/template", ""];

/// An object whose pods mount something or not.
pub(super) struct Object<'a> {
    whole: &'a Value,
    /// The pod, or the template of one.
    pod: &'a Value,
    pub(super) owner: Owner,
}

impl<'a> Object<'a> {
    /// The object; `None` where it makes no pods. `kind` and `name` stand in for what the object does not say.
    pub(super) fn of(whole: &'a Value, kind: &str, name: &str) -> Option<Self> {
        let has_containers = |pod: &&Value| pod["spec"]["containers"].is_array();
        let pod = SPECS.iter().filter_map(|at| whole.pointer(at)).find(has_containers)?;
        let text = |value: &Value, or: &str| value.as_str().unwrap_or(or).to_owned();
        let metadata = &whole["metadata"];
        let kind = text(&whole["kind"], kind);
        let spec = &whole["spec"];
        let copies = match kind.as_str() {
            "Job" => &spec["parallelism"],
            "CronJob" => &spec["jobTemplate"]["spec"]["parallelism"],
            "DaemonSet" => &whole["status"]["desiredNumberScheduled"],
            _ => &spec["replicas"],
        };
        let owner = Owner {
            namespace: text(&metadata["namespace"], ""),
            name: text(&metadata["name"], metadata["generateName"].as_str().unwrap_or(name)),
            copies: copies.as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
            // The API's default is Allow.
            overlaps_itself: kind == "CronJob"
                && !matches!(spec["concurrencyPolicy"].as_str(), Some("Forbid" | "Replace")),
            kind,
        };
        Some(Self { whole, pod, owner })
    }

    /// True for what has ended: it mounts nothing any more.
    pub(super) fn is_finished(&self) -> bool {
        let status = &self.whole["status"];
        let ended = |condition: &Value| {
            matches!(condition["type"].as_str(), Some("Complete" | "Failed")) && condition["status"] == "True"
        };
        match self.owner.kind.as_str() {
            "Job" => status["conditions"].as_array().is_some_and(|all| all.iter().any(ended)),
            "Pod" => matches!(status["phase"].as_str(), Some("Succeeded" | "Failed")),
            _ => false,
        }
    }

    /// The kind and name of the object that controls this one.
    pub(super) fn controller(&self) -> Option<(&'a str, &'a str)> {
        let owners = self.whole["metadata"]["ownerReferences"].as_array()?;
        let controller = owners.iter().find(|owner| owner["controller"] == true)?;
        Some((controller["kind"].as_str()?, controller["name"].as_str()?))
    }

    /// One filesystem for each container.
    pub(super) fn spaces(&self) -> Vec<Space> {
        let groups = ["initContainers", "containers", "ephemeralContainers"];
        groups.into_iter().flat_map(|group| self.group(group)).collect()
    }

    fn group(&self, group: &str) -> Vec<Space> {
        let all = self.pod["spec"][group].as_array();
        let space = |container: &Value| Space {
            owner: Some(self.owner.clone()),
            container: container["name"].as_str().unwrap_or_default().to_owned(),
            // One that is always restarted runs beside the others.
            is_first: group == "initContainers" && container["restartPolicy"] != "Always",
            mounts: list(&container["volumeMounts"]).map(|mount| self.mount(mount, container)).collect(),
        };
        all.into_iter().flatten().map(space).collect()
    }

    fn mount(&self, mount: &Value, container: &Value) -> Mount {
        let text = |key: &str| mount[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let expression = text("subPathExpr");
        let name = text("name").unwrap_or_default();
        let volume = list(&self.pod["spec"]["volumes"]).find(|volume| volume["name"] == name.as_str());
        let is_closed = volume.is_some_and(|volume| volume["persistentVolumeClaim"]["readOnly"] == true);
        Mount {
            path: text("mountPath").unwrap_or_default(),
            volume: volume.map(identity).unwrap_or_default(),
            vars: expression.as_ref().map(|text| self.vars(text, container)),
            sub_path: expression.or_else(|| text("subPath")),
            read_only: mount["readOnly"] == true || is_closed,
            name,
        }
    }

    /// The variables that stand in the text, and no others: what else a container is told may be a secret.
    fn vars(&self, text: &str, container: &Value) -> BTreeMap<String, Var> {
        let is_used = |name: &&str| text.contains(&format!("$({name})"));
        let var = |env: &Value| Some((env["name"].as_str().filter(is_used)?.to_owned(), self.var(env)));
        list(&container["env"]).filter_map(var).collect()
    }

    fn var(&self, env: &Value) -> Var {
        let known = |text: Option<&str>| match text {
            Some(text) if !text.contains("$(") => Var::Is(text.to_owned()),
            _ => Var::Unknown,
        };
        let Some(field) = env["valueFrom"]["fieldRef"]["fieldPath"].as_str() else {
            let text = env["value"].as_str();
            return if env["valueFrom"].is_null() { known(text.or(Some(""))) } else { Var::Unknown };
        };
        let label = field.strip_prefix("metadata.labels['").and_then(|rest| rest.strip_suffix("']"));
        match (field, label, self.owner.kind.as_str()) {
            ("metadata.name" | "metadata.uid" | "status.podIP", ..) => Var::Own,
            ("metadata.namespace", ..) => known(Some(self.owner.namespace.as_str()).filter(|name| !name.is_empty())),
            (_, Some("batch.kubernetes.io/job-name" | "job-name"), "Job") => Var::Is(self.owner.name.clone()),
            (_, Some("batch.kubernetes.io/job-name" | "job-name"), "CronJob") => Var::Own,
            (_, Some(label), _) => known(self.pod["metadata"]["labels"][label].as_str()),
            _ => Var::Unknown,
        }
    }
}

/// Which volume it is to others. A node's single file, socket or device is no tree.
fn identity(volume: &Value) -> Volume {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(claim) = volume["persistentVolumeClaim"]["claimName"].as_str() {
        return Volume::Claim(claim.to_owned());
    }
    let (host, nfs) = (&volume["hostPath"], &volume["nfs"]);
    let is_tree = matches!(host["type"].as_str(), None | Some("" | "Directory" | "DirectoryOrCreate"));
    match (host.is_object() && is_tree, nfs.is_object()) {
        (true, _) => Volume::Host(text(&host["path"])),
        (_, true) => Volume::Nfs(text(&nfs["server"]), text(&nfs["path"])),
        _ => Volume::Private,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
