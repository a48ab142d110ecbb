//! The pods of a site, as evidence: every container of every kind, and what would have to be restarted.

use super::evidence::{Container, Pod, Role, Running};
use crate::{
    clients::{connections::Cluster, kubernetes},
    contract::{Context, Unobserved},
};

/// Where to look for the pods of one site.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) cluster: Cluster,
    pub(super) namespace: String,
    pub(super) selector: String,
    pub(super) container: Option<String>,
}

impl Stage {
    /// The pods.
    pub(super) async fn look(&self, cx: &Context) -> Running {
        let mut running = Running {
            site: self.cluster.site.clone(),
            kubectl: None,
            namespace: self.namespace.clone(),
            selector: self.selector.clone(),
            container: self.container.clone(),
            asked_at: cx.now(),
            has_namespace: true,
            pods: Ok(Vec::new()),
        };
        running.pods = self.pods(cx, &mut running).await;
        running
    }

    async fn pods(&self, cx: &Context, running: &mut Running) -> Result<Vec<Pod>, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        running.kubectl = Some(api.kubectl().clone());
        let seen = api.pods(&self.namespace, &self.selector).await?;
        running.asked_at = seen.asked_at;
        if seen.value.is_empty() {
            // The control read behind an empty list; where it may not be made, the list stands by itself.
            running.has_namespace = api.has_namespace(&self.namespace).await.unwrap_or(true);
        }
        let mut pods: Vec<Pod> =
            seen.value.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()).map(pod).collect();
        pods.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(pods)
    }
}

fn pod(pod: &kubernetes::Pod) -> Pod {
    let (spec, status) = (&pod.spec, &pod.status);
    let kinds = [
        (Role::App, &spec.containers, &status.container_statuses),
        (Role::Init, &spec.init_containers, &status.init_container_statuses),
        (Role::Ephemeral, &spec.ephemeral_containers, &status.ephemeral_container_statuses),
    ];
    let containers = kinds.into_iter().flat_map(|(role, wished, real)| {
        wished.iter().map(move |container| {
            let runs = real.iter().find(|status| status.name == container.name);
            Container {
                name: container.name.clone(),
                role,
                image: container.image.clone(),
                pull_policy: container.image_pull_policy.clone(),
                image_id: runs.map(|status| status.image_id.clone()).unwrap_or_default(),
            }
        })
    });
    Pod {
        name: pod.metadata.name.clone(),
        node: spec.node_name.clone(),
        is_ready: pod.is_ready(),
        workload: workload(&pod.metadata),
        containers: containers.collect(),
    }
}

/// What can be restarted to replace the pod. A Deployment owns its pods through a `ReplicaSet` that is named after it and
/// after the hash of its template; without that label it is not known to be one.
fn workload(meta: &kubernetes::Meta) -> Option<String> {
    let owner = meta.owner_references.iter().find(|owner| owner.controller)?;
    match owner.kind.as_str() {
        "ReplicaSet" => {
            let hash = meta.labels.get("pod-template-hash").filter(|hash| !hash.is_empty())?;
            let name = owner.name.strip_suffix(hash.as_str())?.strip_suffix('-')?;
            Some(format!("deployment/{name}"))
        }
        "StatefulSet" => Some(format!("statefulset/{}", owner.name)),
        "DaemonSet" => Some(format!("daemonset/{}", owner.name)),
        _ => None,
    }
}
