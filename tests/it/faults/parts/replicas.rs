//! Replicas: by name, by selector, their autoscalers, and the cluster's own name.

use super::Part;
use gonogo_world::System::Kubernetes;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "deployment",
        (Kubernetes, "deployment", ""),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
    Part::new(
        "one-deployment",
        (Kubernetes, "one-deployment", "/deployments/"),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
    Part::new(
        "deployments",
        (Kubernetes, "deployments", "/deployments?"),
        "probe: replicas, sites: [{site}], with: { namespace: app, selector: app.kubernetes.io/name=web }, expect: { ready: 2 }",
    ),
    Part::new(
        "statefulsets",
        (Kubernetes, "statefulsets", "/statefulsets?"),
        "probe: replicas, sites: [{site}], with: { namespace: app, selector: app.kubernetes.io/name=web }, expect: { ready: 2 }",
    ),
    Part::new(
        "autoscalers",
        (Kubernetes, "autoscalers", "/horizontalpodautoscalers"),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
    Part::new(
        "cluster-uid",
        (Kubernetes, "cluster-uid", "/namespaces/kube-system"),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
];
