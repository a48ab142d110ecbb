//! The kinds of object that an API server serves, and the names by which each is asked for.

/// One kind, in one version of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The API group; empty for the core.
    pub group: &'static str,
    /// The version.
    pub version: &'static str,
    /// The plural, as paths and rights have it.
    pub plural: &'static str,
    /// The kind, as objects have it.
    pub name: &'static str,
    /// Whether its objects live in namespaces.
    pub is_namespaced: bool,
    /// The words that stand for it and others at once.
    pub categories: &'static [&'static str],
}

impl Kind {
    /// A kind whose objects live in namespaces.
    #[must_use]
    pub const fn namespaced(
        group: &'static str,
        version: &'static str,
        plural: &'static str,
        name: &'static str,
    ) -> Self {
        Self { group, version, plural, name, is_namespaced: true, categories: &[] }
    }

    /// A kind whose objects belong to the whole cluster.
    #[must_use]
    pub const fn clusterwide(
        group: &'static str,
        version: &'static str,
        plural: &'static str,
        name: &'static str,
    ) -> Self {
        Self { group, version, plural, name, is_namespaced: false, categories: &[] }
    }

    /// Plural and group, as messages have it: `deployments.apps`.
    #[must_use]
    pub fn qualified(&self) -> String {
        qualified(self.group, self.plural)
    }

    /// Whether a custom resource definition brought it: Kubernetes' own groups have no dot, or end in `k8s.io`.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.group.contains('.') && !self.group.ends_with(".k8s.io")
    }

    /// Group and version, as objects have it: `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }
}

/// What every cluster of the world serves: Kubernetes' own kinds, and those of what its incidents' platforms install. A test
/// that wants one without takes it out of [`Cluster::kinds`](super::Cluster).
pub(super) const BUILT_IN: &[Kind] = &[
    Kind::clusterwide("", "v1", "namespaces", "Namespace"),
    Kind::clusterwide("", "v1", "nodes", "Node"),
    Kind::namespaced("", "v1", "pods", "Pod"),
    Kind::namespaced("", "v1", "secrets", "Secret"),
    Kind::namespaced("", "v1", "configmaps", "ConfigMap"),
    Kind::namespaced("", "v1", "services", "Service"),
    Kind::namespaced("", "v1", "events", "Event"),
    Kind::namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    Kind::namespaced("", "v1", "resourcequotas", "ResourceQuota"),
    Kind::namespaced("", "v1", "limitranges", "LimitRange"),
    Kind::namespaced("apps", "v1", "deployments", "Deployment"),
    Kind::namespaced("apps", "v1", "statefulsets", "StatefulSet"),
    Kind::namespaced("apps", "v1", "replicasets", "ReplicaSet"),
    Kind::namespaced("apps", "v1", "daemonsets", "DaemonSet"),
    Kind::namespaced("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    Kind::namespaced("batch", "v1", "jobs", "Job"),
    Kind::namespaced("batch", "v1", "cronjobs", "CronJob"),
    Kind::namespaced("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
    Kind::clusterwide("", "v1", "persistentvolumes", "PersistentVolume"),
    Kind::namespaced("coordination.k8s.io", "v1", "leases", "Lease"),
    Kind::namespaced("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
    Kind::clusterwide("storage.k8s.io", "v1", "csinodes", "CSINode"),
    Kind::namespaced("events.k8s.io", "v1", "events", "Event"),
    Kind::clusterwide("storage.k8s.io", "v1", "storageclasses", "StorageClass"),
    Kind::clusterwide("storage.k8s.io", "v1", "csidrivers", "CSIDriver"),
    Kind::clusterwide("karpenter.sh", "v1", "nodepools", "NodePool"),
    Kind::clusterwide("karpenter.sh", "v1", "nodeclaims", "NodeClaim"),
    Kind::namespaced("operator.knative.dev", "v1beta1", "knativeservings", "KnativeServing"),
    Kind::namespaced("argoproj.io", "v1alpha1", "applications", "Application"),
    Kind::namespaced("cert-manager.io", "v1", "certificates", "Certificate"),
    Kind::namespaced("external-secrets.io", "v1", "externalsecrets", "ExternalSecret"),
];

/// Plural and group as one word.
pub(super) fn qualified(group: &str, plural: &str) -> String {
    if group.is_empty() { plural.to_owned() } else { format!("{plural}.{group}") }
}

/// Group and version of an `apiVersion`.
pub(super) fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}
