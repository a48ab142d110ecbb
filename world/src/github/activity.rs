//! Pushes to a repository's branches: REST, "List repository activities".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Github, refusal};
use crate::serve::{Reply, Request};

/// One push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The branch.
    pub branch: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub login: String,
    /// `push`, `pr_merge`, `force_push`, …
    pub kind: String,
}

impl Push {
    /// A push to `branch`.
    #[must_use]
    pub fn to(branch: &str, at: Timestamp, login: &str) -> Self {
        Self { branch: branch.to_owned(), at, login: login.to_owned(), kind: "push".to_owned() }
    }

    fn json(&self, index: usize) -> Value {
        let commit = |number: usize| format!("{number:040x}");
        json!({
            "id": index + 1, "node_id": format!("PSH_{index}"),
            "before": commit(index), "after": commit(index + 1),
            "ref": format!("refs/heads/{}", self.branch),
            "timestamp": self.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "activity_type": self.kind,
            "actor": { "login": self.login, "id": 1, "type": "User", "site_admin": false },
        })
    }
}

/// The pushes to the branch that is asked for, the newest first; a repository that is not there is hidden.
pub(super) fn listed(github: &Github, request: &Request) -> Option<Reply> {
    let name = request.path.strip_prefix("/repos/")?.strip_suffix("/activity")?;
    let Some(pushes) = github.pushes.get(name) else { return Some(refusal(404)) };
    let wanted = request.parameter("ref");
    let is_wanted =
        |push: &&Push| wanted.as_ref().is_none_or(|wanted| *wanted == format!("refs/heads/{}", push.branch));
    let page = request.parameter("per_page").and_then(|text| text.parse().ok()).unwrap_or(30);
    let mut found: Vec<&Push> = pushes.iter().filter(is_wanted).collect();
    found.sort_by_key(|push| std::cmp::Reverse(push.at));
    let page: Vec<Value> = found.into_iter().take(page).enumerate().map(|(index, push)| push.json(index)).collect();
    Some(Reply::json(200, &json!(page)))
}
