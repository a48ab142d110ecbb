//! Kubernetes.

/// One cluster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cluster {}
