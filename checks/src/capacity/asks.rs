//! What the scheduler counts for a pod.
//!
//! Source: Kubernetes, "Pod Overhead" and "Sidecar Containers", resource sharing within containers: the larger of all that
//! run together and of each init container with the sidecars before it, plus the overhead; what the pod says as a whole
//! stands in place of its containers' sum.

use super::amounts::{Amounts, Resource};
use crate::{
    clients::kubernetes::{Container, Pod},
    contract::values::Quantity,
};
use std::collections::BTreeSet;

/// Everything that `pod` asks of its node, itself and its volumes counted.
pub(super) fn asks(pod: &Pod) -> Amounts {
    let mut asks = containers(pod);
    for (resource, amount) in whole(pod) {
        asks.set(resource, amount);
    }
    asks.add(&Amounts::read(&pod.spec.overhead));
    asks.set(Resource::Pods, Quantity::of(1));
    asks
}

fn whole(pod: &Pod) -> impl Iterator<Item = (Resource, Quantity)> {
    let said = Amounts::read(&pod.spec.resources.requests);
    Resource::ALL.into_iter().filter_map(move |resource| Some((resource, said.get(resource)?)))
}

fn containers(pod: &Pod) -> Amounts {
    let request = |container: &Container| Amounts::read(&container.resources.requests);
    let (mut sidecars, mut peak) = (Amounts::default(), Amounts::default());
    for container in &pod.spec.init_containers {
        let mut together = sidecars.clone();
        together.add(&request(container));
        peak = peak.larger(&together);
        if container.restart_policy == "Always" {
            sidecars = together;
        }
    }
    for container in &pod.spec.containers {
        sidecars.add(&request(container));
    }
    sidecars.larger(&peak)
}

/// True if and only if it holds what it asks for: a pod that has ended does not.
pub(super) fn is_held(pod: &Pod) -> bool {
    !matches!(pod.status.phase.as_str(), "Succeeded" | "Failed")
}

/// True for what every node has one of: a pod of a `DaemonSet`, or a static pod of the node itself.
pub(super) fn is_daemon(pod: &Pod) -> bool {
    let mut owners = pod.metadata.owner_references.iter().filter(|owner| owner.controller);
    owners.any(|owner| matches!(owner.kind.as_str(), "DaemonSet" | "Node"))
}

/// The claims whose volumes are attached for `pod`, each by a name of its own in the cluster.
pub(super) fn claims(pod: &Pod) -> BTreeSet<String> {
    let claim = |volume: &crate::clients::kubernetes::PodVolume| {
        let name = match (&volume.persistent_volume_claim, &volume.ephemeral) {
            (Some(claim), _) => claim.claim_name.clone(),
            // Kubernetes names the claim of an ephemeral volume after the pod and the volume.
            (None, Some(_)) => format!("{}-{}", pod.metadata.name, volume.name),
            (None, None) => return None,
        };
        Some(format!("{}/{name}", pod.metadata.namespace))
    };
    pod.spec.volumes.iter().filter_map(claim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(text: &str) -> Pod {
        serde_json::from_str(text).expect("a pod")
    }

    #[test]
    fn a_pod_asks_for_the_larger_of_its_init_containers_and_of_all_that_run_together_and_its_overhead() {
        let pod = pod(r#"{ "metadata": { "name": "a" }, "spec": {
            "overhead": { "cpu": "250m" },
            "initContainers": [
                { "name": "proxy", "restartPolicy": "Always", "resources": { "requests": { "cpu": "100m", "memory": "1Gi" } } },
                { "name": "fetch", "resources": { "requests": { "cpu": "2", "memory": "64Mi" } } } ],
            "containers": [
                { "name": "main", "resources": { "requests": { "cpu": "1", "memory": "2Gi" } } },
                { "name": "log", "resources": null } ] } }"#);
        let asks = asks(&pod);
        let amount = |text: &str| text.parse::<Quantity>().expect("an amount");
        assert_eq!(asks.amount(Resource::Cpu), amount("2350m"));
        assert_eq!(asks.amount(Resource::Memory), amount("3Gi"));
        assert_eq!(asks.amount(Resource::Pods), Quantity::of(1));
    }

    #[test]
    fn what_a_pod_says_as_a_whole_stands_in_place_of_its_containers() {
        let pod = pod(r#"{ "metadata": { "name": "a" }, "spec": { "resources": { "requests": { "cpu": "3" } },
            "containers": [{ "name": "main", "resources": { "requests": { "cpu": "1", "memory": "2Gi" } } }] } }"#);
        assert_eq!(asks(&pod).amount(Resource::Cpu), Quantity::of(3));
        assert_eq!(asks(&pod).amount(Resource::Memory).to_string(), "2Gi");
    }

    #[test]
    fn volumes_are_counted_once_each_and_only_what_is_attached() {
        let pod = pod(r#"{ "metadata": { "name": "a", "namespace": "ws" }, "spec": { "containers": [], "volumes": [
            { "name": "home", "persistentVolumeClaim": { "claimName": "home-a" } },
            { "name": "again", "persistentVolumeClaim": { "claimName": "home-a" } },
            { "name": "scratch", "ephemeral": { "volumeClaimTemplate": {} } },
            { "name": "tmp", "emptyDir": {} } ] } }"#);
        assert_eq!(claims(&pod).into_iter().collect::<Vec<_>>(), ["ws/a-scratch", "ws/home-a"]);
    }
}
