//! Users and their tokens, and which of them a request is made by.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Deployment;
use crate::serve::Request;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// A UUID.
    pub id: String,
    /// The login.
    pub name: String,
    /// `active`, `dormant` or `suspended`.
    pub status: String,
    /// `owner`, `auditor` …; empty for a plain member.
    pub roles: Vec<String>,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its public half: ten characters.
    pub id: String,
    /// Its secret half: twenty-two characters.
    pub secret: String,
    /// Its name among its user's tokens.
    pub name: String,
    /// The user's id.
    pub user_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// `token`, or `password`, `github`, `oidc` for the session of a browser.
    pub login_type: String,
    /// What it may be used for: `all`, `application_connect`, `api_key:read` …
    pub scopes: Vec<String>,
}

impl Token {
    /// What a client sends: both halves.
    #[must_use]
    pub fn value(&self) -> String {
        format!("{}-{}", self.id, self.secret)
    }

    pub(super) fn json(&self) -> Value {
        let lifetime = self.expires_at.as_second() - self.created_at.as_second();
        json!({
            "id": self.id, "user_id": self.user_id, "last_used": self.created_at.to_string(),
            "expires_at": self.expires_at.to_string(), "created_at": self.created_at.to_string(),
            "updated_at": self.created_at.to_string(), "login_type": self.login_type,
            "scope": self.scopes.first(), "scopes": self.scopes, "token_name": self.name,
            "lifetime_seconds": lifetime, "allow_list": [{ "type": "*", "id": "*" }],
        })
    }

    /// Whether it is of no narrow scope.
    pub(super) fn reads_all(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "all" || scope == "coder:all")
    }

    /// Whether it may read about API keys.
    pub(super) fn reads_keys(&self) -> bool {
        let allowed = ["all", "coder:all", "coder:apikeys.manage_self", "api_key:read", "api_key:*"];
        self.scopes.iter().any(|scope| allowed.contains(&scope.as_str()))
    }
}

impl User {
    pub(super) fn json(&self) -> Value {
        let roles: Vec<Value> = self.roles.iter().map(|role| json!({ "name": role, "display_name": role })).collect();
        json!({
            "id": self.id, "username": self.name, "avatar_url": "", "name": self.name,
            "email": format!("{}@example.com", self.name), "created_at": self.created_at.to_string(),
            "updated_at": self.created_at.to_string(), "last_seen_at": self.created_at.to_string(),
            "status": self.status, "login_type": "password", "theme_preference": "",
            "organization_ids": ["7e5a1c40-2f2d-4b7e-9c55-0a54d0f00001"], "roles": roles,
        })
    }
}

impl Deployment {
    /// The token and the user of a request, or what is wrong with it: the error's `detail`.
    pub(super) fn identify(&self, request: &Request) -> Result<(&Token, &User), String> {
        let value = sent(request).ok_or("Cookie \"coder_session_token\" or query parameter must be provided.")?;
        let (id, secret) = value.split_once('-').ok_or("Invalid API key format.")?;
        let found = self.tokens.iter().find(|token| token.id == id && token.secret == secret);
        let token = found.ok_or("API key is invalid.")?;
        if token.expires_at <= request.now {
            return Err(format!("API key expired at \"{}\".", token.expires_at));
        }
        let user = self.users.iter().find(|user| user.id == token.user_id);
        let user = user.ok_or("API key is invalid.")?;
        if user.status == "suspended" {
            return Err(
                "User is not active (status = \"suspended\"). Contact an admin to reactivate your account.".to_owned()
            );
        }
        Ok((token, user))
    }

    /// The user that a path names, as far as `caller` may see them.
    pub(super) fn user(&self, caller: &User, named: &str) -> Option<&User> {
        let is_named = |user: &&User| user.id == named || user.name == named || (named == "me" && user.id == caller.id);
        let sees_all = caller.roles.iter().any(|role| role == "owner" || role == "user-admin");
        self.users.iter().find(is_named).filter(|user| user.id == caller.id || sees_all)
    }
}

fn sent(request: &Request) -> Option<String> {
    let cookie = || {
        let cookies = request.header("cookie")?;
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == "coder_session_token").map(|(_, value)| value.to_owned())
    };
    let bridge = || request.header("x-api-key").filter(|_| request.path.starts_with("/api/v2/aibridge/"));
    request.header("coder-session-token").or_else(|| request.bearer()).or_else(bridge).or_else(cookie)
}
