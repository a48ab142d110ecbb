//! What a team or a user may spend, and how fast, beside what each key says of itself.

use serde_json::{Value, json};

/// The limits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Purse {
    /// US dollars.
    pub max_budget: Option<f64>,
    /// US dollars.
    pub spend: f64,
    /// Requests a minute.
    pub rpm_limit: Option<u64>,
    /// Tokens a minute.
    pub tpm_limit: Option<u64>,
    /// Whether it is switched off.
    pub blocked: bool,
}

impl Purse {
    /// As `/team/info` and `/user/info` tell of it.
    pub(super) fn json(&self, of: &str, id: &str) -> Value {
        let name = format!("{of}_id");
        let mut info = json!({
            "max_budget": self.max_budget, "spend": self.spend, "rpm_limit": self.rpm_limit,
            "tpm_limit": self.tpm_limit, "budget_duration": null, "budget_reset_at": null, "models": [],
            "blocked": self.blocked,
        });
        info[&name] = json!(id);
        let mut whole = json!({ "keys": [] });
        whole[&name] = json!(id);
        whole[format!("{of}_info")] = info;
        whole
    }
}
