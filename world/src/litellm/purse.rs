//! What a team or a user may spend, and how fast, beside what each key says of itself.

use std::collections::BTreeMap;

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
    /// What each member of a team may spend of it, by user.
    pub members: BTreeMap<String, Purse>,
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
        if of == "team" {
            whole["team_memberships"] = self.members.iter().map(|(user, purse)| purse.membership(user, id)).collect();
        }
        whole[&name] = json!(id);
        whole[format!("{of}_info")] = info;
        whole
    }

    /// A row of the table of budgets, which has limits and no spend.
    pub(super) fn budget(&self, id: &str) -> Value {
        json!({
            "budget_id": id, "soft_budget": null, "max_budget": self.max_budget, "max_parallel_requests": null,
            "tpm_limit": self.tpm_limit, "rpm_limit": self.rpm_limit, "model_max_budget": null, "budget_duration": null,
        })
    }

    fn membership(&self, user: &str, team: &str) -> Value {
        let id = format!("budget-of-{user}");
        json!({
            "user_id": user, "team_id": team, "budget_id": id, "spend": self.spend,
            "litellm_budget_table": self.budget(&id),
        })
    }
}
