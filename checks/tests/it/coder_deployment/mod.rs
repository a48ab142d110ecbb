//! The probe `coder-deployment` against the world: sound, broken, hidden from who may not look, and behind faults.

mod faults;
mod rights;
mod settings;
mod sources;
pub mod stage;

/// Every part that the owner's token may look at.
pub const ALL: &str = "{ connection: owner, build: v2.20.0-devel+4b2f1c9, sign_in: [password, github, oidc], \
    sign_up: { through: github, organisations: [coder, coder-contrib] }, licence: true, seats: true, \
    features: [workspace_proxy, external_provisioner_daemons, aibridge], \
    tokens: [{ name: ci, user: workshop-automation }, { name: templates, user: workshop-automation }] }";
