//! Clusters: what their API servers answer, to whom, and how it compares with recorded ones.

mod builders;
mod cluster;
mod kubelets;
mod lists;
mod locks;
mod recorded;
mod rights;
mod services;
