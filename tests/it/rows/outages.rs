//! Rows that are shown by a server that answers wrongly, whatever its state.

use gonogo_world::{Fault, Rule, System};

/// One row: the server that is spoilt, and what shows it.
pub struct Outage {
    /// The row on paper.
    pub id: &'static str,
    /// The item that shows it.
    pub item: &'static str,
    /// The code of the finding that it raises.
    pub code: &'static str,
    /// What spoils it.
    pub rule: fn() -> Rule,
}

pub const OUTAGES: &[Outage] = &[
    Outage {
        id: "C06",
        item: "healthz@us-west-2",
        code: "wrong-status",
        rule: || Rule::on(System::Coder, Fault::Status(500, None)).at("oregon-proxy.ai.coder.com").path("/healthz"),
    },
    Outage {
        id: "F06",
        item: "registry-chain",
        code: "wrong-answer",
        rule: || Rule::on(System::Registry, Fault::Status(500, None)).at("ghcr.io").path("/v2/"),
    },
];
