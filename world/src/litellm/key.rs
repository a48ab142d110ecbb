//! A virtual key, and the two shapes in which the gateway tells of it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::purse::Purse;

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// `+00:00` by `/key/info`, `Z` by `/key/list`.
    Zoned,
    /// Without a zone by both, as older releases do; UTC is meant.
    Naive,
}

/// What the key's user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The key belongs to no user.
    None,
    /// `internal_user`: sees its own keys.
    User,
    /// `proxy_admin_viewer`: sees everything, changes nothing.
    Viewer,
}

/// The key.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The secret: `sk-…`.
    pub secret: String,
    /// Its alias.
    pub alias: Option<String>,
    /// When it ends; `None` is never.
    pub expires: Option<Timestamp>,
    /// `null` for most keys; `true` refuses it.
    pub blocked: Option<bool>,
    /// The models it may use; empty is all.
    pub models: Vec<String>,
    /// Its user.
    pub user_id: Option<String>,
    /// What that user may do.
    pub role: Role,
    /// Whatever its maker wrote down.
    pub metadata: Value,
    /// US dollars.
    pub max_budget: Option<f64>,
    /// US dollars.
    pub spend: f64,
    /// Requests a minute.
    pub rpm_limit: Option<u64>,
    /// Requests under way at once; `None` for any number.
    pub max_parallel_requests: Option<u64>,
    /// Tokens a minute.
    pub tpm_limit: Option<u64>,
    /// When the spend is counted from nothing again.
    pub budget_reset_at: Option<Timestamp>,
    /// A budget of its own name, whose limits `/key/info` tells and `/key/list` does not.
    pub budget: Option<(String, Purse)>,
    /// Its team.
    pub team_id: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether the gateway replaces it by itself.
    pub auto_rotate: bool,
    /// How often: `30d`.
    pub rotation_interval: Option<String>,
    /// When it is due next.
    pub key_rotation_at: Option<Timestamp>,
    /// When it was replaced last.
    pub last_rotation_at: Option<Timestamp>,
    /// How often it was replaced.
    pub rotation_count: u32,
}

impl Eq for Key {}

impl Key {
    /// A key that never ends.
    #[must_use]
    pub fn new(alias: &str, secret: &str, created_at: Timestamp) -> Self {
        Self {
            secret: secret.to_owned(),
            alias: Some(alias.to_owned()),
            expires: None,
            blocked: None,
            models: Vec::new(),
            user_id: None,
            role: Role::None,
            metadata: json!({}),
            max_budget: None,
            spend: 0.0,
            rpm_limit: None,
            max_parallel_requests: None,
            tpm_limit: None,
            budget_reset_at: None,
            budget: None,
            team_id: None,
            created_at,
            auto_rotate: false,
            rotation_interval: None,
            key_rotation_at: None,
            last_rotation_at: None,
            rotation_count: 0,
        }
    }

    /// The same, ending at this time.
    #[must_use]
    pub fn until(mut self, expires: Timestamp) -> Self {
        self.expires = Some(expires);
        self
    }

    /// The same, of a user who may do this.
    #[must_use]
    pub fn of(mut self, user: &str, role: Role) -> Self {
        self.user_id = Some(user.to_owned());
        self.role = role;
        self
    }

    /// What the database knows it by.
    #[must_use]
    pub fn hash(&self) -> String {
        hash(&self.secret)
    }

    /// `sk-...` and the last four characters.
    #[must_use]
    pub fn name(&self) -> String {
        masked(&self.secret)
    }

    fn budget_id(&self) -> Option<&String> {
        self.budget.as_ref().map(|(id, _)| id)
    }

    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The `info` of `/key/info`.
    pub(super) fn info(&self, dates: Dates, now: Timestamp) -> Value {
        let date = |at: Option<Timestamp>| written(at, dates, "+00:00");
        let created = date(Some(self.created_at));
        let mut info = json!({
            "key_name": self.name(), "key_alias": self.alias, "soft_budget_cooldown": false,
            "spend": self.spend, "total_spend": self.spend, "expires": date(self.expires),
            "models": self.models, "aliases": {}, "config": {}, "router_settings": {},
            "user_id": self.user_id, "team_id": self.team_id, "agent_id": null, "project_id": null,
            "permissions": {}, "max_parallel_requests": self.max_parallel_requests, "metadata": self.metadata, "blocked": self.blocked,
        });
        let more = json!({
            "tpm_limit": self.tpm_limit, "rpm_limit": self.rpm_limit, "tpd_limit": null, "max_budget": self.max_budget,
            "budget_duration": null, "budget_reset_at": date(self.budget_reset_at), "allowed_cache_controls": [],
            "allowed_routes": [], "key_type": "default", "policies": [], "access_group_ids": [],
            "model_spend": {}, "model_max_budget": {}, "budget_fallbacks": {}, "budget_id": self.budget_id(),
            "organization_id": null, "object_permission_id": null, "created_at": created,
            "created_by": "default_user_id", "updated_at": created, "updated_by": "default_user_id",
            "settings_updated_at": null, "last_active": null, "rotation_count": self.rotation_count,
            "auto_rotate": self.auto_rotate, "rotation_interval": self.rotation_interval,
            "last_rotation_at": date(self.last_rotation_at), "key_rotation_at": date(self.key_rotation_at),
        });
        let tables = [
            "budget_limits",
            "litellm_organization_table",
            "litellm_project_table",
            "object_permission",
            "jwt_key_mappings",
        ];
        let status = if self.has_expired(now) { "expired" } else { "active" };
        extend(&mut info, more);
        extend(&mut info, Value::Object(nulls(&tables)));
        info["status"] = json!(status);
        info["litellm_budget_table"] = json!(self.budget.as_ref().map(|(id, purse)| purse.budget(id)));
        info
    }

    /// An element of `/key/list?return_full_object=true`.
    pub(super) fn listed(&self, dates: Dates) -> Value {
        let date = |at: Option<Timestamp>| written(at, dates, "Z");
        let created = date(Some(self.created_at));
        let mut listed = json!({
            "token": self.hash(), "key_name": self.name(), "key_alias": self.alias,
            "spend": self.spend, "total_spend": self.spend, "max_budget": self.max_budget,
            "expires": date(self.expires), "models": self.models, "aliases": {}, "config": {},
            "user_id": self.user_id, "team_id": self.team_id, "agent_id": null, "project_id": null,
            "max_parallel_requests": self.max_parallel_requests, "metadata": self.metadata, "tpm_limit": self.tpm_limit,
            "rpm_limit": self.rpm_limit, "tpd_limit": null,
        });
        let more = json!({
            "budget_duration": null, "budget_reset_at": date(self.budget_reset_at),
            "allowed_cache_controls": [], "allowed_routes": [], "key_type": "default",
            "permissions": {}, "model_spend": {}, "model_max_budget": {}, "budget_fallbacks": {},
            "soft_budget_cooldown": false, "blocked": self.blocked, "litellm_budget_table": null,
            "budget_id": self.budget_id(), "org_id": null, "created_at": created, "created_by": "default_user_id",
            "updated_at": created, "updated_by": "default_user_id", "settings_updated_at": null,
            "last_active": null, "object_permission_id": null, "object_permission": null,
            "access_group_ids": [], "rotation_count": self.rotation_count,
            "auto_rotate": self.auto_rotate, "rotation_interval": self.rotation_interval,
            "last_rotation_at": date(self.last_rotation_at),
            "key_rotation_at": date(self.key_rotation_at), "router_settings": {},
        });
        extend(&mut listed, more);
        extend(&mut listed, Value::Object(nulls(&LISTED_NULLS)));
        listed["team_models"] = json!([]);
        listed["team_blocked"] = json!(false);
        listed["is_session_token"] = json!(false);
        listed
    }
}

/// What a list carries of teams, people and organisations, none of which this gateway has.
const LISTED_NULLS: [&str; 52] = [
    "budget_limits",
    "team_spend",
    "team_alias",
    "team_tpm_limit",
    "team_rpm_limit",
    "team_tpd_limit",
    "team_max_budget",
    "team_soft_budget",
    "team_model_max_budget",
    "team_models",
    "team_blocked",
    "soft_budget",
    "team_model_aliases",
    "team_member",
    "team_metadata",
    "team_object_permission_id",
    "team_member_spend",
    "team_member_tpm_limit",
    "team_member_rpm_limit",
    "end_user_id",
    "end_user_tpm_limit",
    "end_user_rpm_limit",
    "end_user_tpd_limit",
    "end_user_max_budget",
    "end_user_model_max_budget",
    "organization_alias",
    "organization_max_budget",
    "organization_tpm_limit",
    "organization_rpm_limit",
    "organization_metadata",
    "project_alias",
    "project_metadata",
    "last_refreshed_at",
    "api_key",
    "user_role",
    "allowed_model_region",
    "parent_otel_span",
    "rpm_limit_per_model",
    "tpm_limit_per_model",
    "user_tpm_limit",
    "user_rpm_limit",
    "user_email",
    "user_spend",
    "user_max_budget",
    "user_model_max_budget",
    "request_route",
    "is_session_token",
    "user",
    "created_by_user",
    "end_user_object_permission",
    "team_object_permission",
    "jwt_claims",
];

fn nulls(names: &[&str]) -> Map<String, Value> {
    names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect()
}

fn extend(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}

fn written(at: Option<Timestamp>, dates: Dates, zone: &str) -> Value {
    let Some(at) = at else { return Value::Null };
    let date = at.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string();
    match dates {
        Dates::Zoned => json!(format!("{date}{zone}")),
        Dates::Naive => json!(date),
    }
}

pub(super) fn hash(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret))
}

/// `sk-...` and the last four characters.
pub(super) fn masked(secret: &str) -> String {
    let from = secret.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    format!("sk-...{}", &secret[from..])
}
