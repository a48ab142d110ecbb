//! What a deployment says of itself: sign-in, sign-up, licences, entitlements, its users; and who may read which of it.
//!
//! Rights are Coder's own: licences are left out of the list for whoever may not read them, its configuration is
//! forbidden to all but owners and auditors, and whoever sees no users sees themself.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::people::{Token, User};
use super::{Bridge, Deployment};
use crate::serve::{Reply, Request};

/// Who may sign up through a provider of identities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// Whether the dashboard offers it.
    pub is_enabled: bool,
    /// Whether somebody without an account gets one.
    pub allows_signups: bool,
    /// GitHub's organisations whose members are let in.
    pub organisations: Vec<String>,
    /// Whether everyone is.
    pub allows_everyone: bool,
    /// GitHub's teams, or the domains of addresses, whose members alone are.
    pub only: Vec<String>,
    /// The groups of `OpenID` Connect of which one must be had.
    pub groups: Vec<String>,
}

/// One licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// From when it is valid.
    pub begins: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// How long it is let pass after that.
    pub grace: SignedDuration,
    /// Whether it is a trial.
    pub is_trial: bool,
    /// How many users it allows.
    pub seats: u32,
    /// The set of features that it carries without listing them; empty for none.
    pub set: &'static str,
}

impl Licence {
    /// Bought, with thirty days of grace.
    #[must_use]
    pub const fn bought(begins: Timestamp, expires: Timestamp) -> Self {
        Self {
            begins,
            expires,
            grace: SignedDuration::from_hours(24 * 30),
            is_trial: false,
            seats: 100,
            set: "premium",
        }
    }

    fn ends(&self) -> Timestamp {
        self.expires.checked_add(self.grace).unwrap_or(Timestamp::MAX)
    }

    fn json(&self, id: usize) -> Value {
        json!({
            "id": id, "uuid": format!("7a0c5d52-0b9f-4f3a-9a34-0000000000{id:02x}"), "uploaded_at": self.begins.to_string(),
            "claims": {
                "iss": "hello@coder.com", "version": 3, "account_type": "salesforce", "account_id": "001EXAMPLE",
                "nbf": self.begins.as_second(), "iat": self.begins.as_second(), "exp": self.ends().as_second(),
                "license_expires": self.expires.as_second(), "trial": self.is_trial, "feature_set": self.set,
                "features": { "user_limit": self.seats },
            },
        })
    }
}

/// A feature that a licence may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Whether the licences carry it.
    pub is_licensed: bool,
    /// Whether the deployment uses it.
    pub is_enabled: bool,
}

/// The deployment's own settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Estate {
    /// Whether passwords are offered.
    pub has_passwords: bool,
    /// GitHub.
    pub github: Provider,
    /// `OpenID` Connect.
    pub oidc: Provider,
    /// All licences, ended ones too.
    pub licences: Vec<Licence>,
    /// How many active users the licences allow; `None` for any number.
    pub seats: Option<u32>,
    /// By name.
    pub features: BTreeMap<String, Feature>,
    /// What it complains of.
    pub errors: Vec<String>,
    /// What it warns of.
    pub warnings: Vec<String>,
    /// How long ago it last looked at its licences.
    pub refreshed: SignedDuration,
    /// AI Bridge.
    pub bridge: Bridge,
}

/// What anybody is answered; `None` for what only users are.
pub(super) fn open(deployment: &Deployment, request: &Request) -> Option<Reply> {
    let estate = &deployment.estate;
    let methods = json!({
        "terms_of_service_url": "",
        "password": { "enabled": estate.has_passwords },
        "github": { "enabled": estate.github.is_enabled, "default_provider_configured": false },
        "oidc": { "enabled": estate.oidc.is_enabled, "signInText": "OpenID Connect", "iconUrl": "" },
    });
    (request.path == "/api/v2/users/authmethods").then(|| Reply::json(200, &methods))
}

/// What a caller is answered; `None` for a path that is none of these. No narrow scope of a token covers any of it.
pub(super) fn answer(
    deployment: &Deployment,
    (token, caller): (&Token, &User),
    segments: &[&str],
    request: &Request,
) -> Option<Reply> {
    let is_whole = token.scopes.iter().any(|scope| scope == "all" || scope == "coder:all");
    let has = |roles: &[&str]| is_whole && caller.roles.iter().any(|role| roles.contains(&role.as_str()));
    Some(match segments {
        ["entitlements"] => Reply::json(200, &entitlements(deployment, request)),
        ["licenses"] => {
            let licences = deployment.estate.licences.iter().filter(|_| has(&["owner"])).enumerate();
            Reply::json(200, &licences.map(|(at, licence)| licence.json(at + 1)).collect())
        }
        ["deployment", "config"] if has(&["owner", "auditor"]) => Reply::json(200, &config(&deployment.estate)),
        ["deployment", "config"] => Reply::json(403, &json!({ "message": "Forbidden." })),
        ["users"] => users(deployment, caller, has(&["owner", "user-admin", "auditor", "template-admin"]), request),
        ["aibridge", provider, path @ ..] => deployment.estate.bridge.answer(provider, path, request),
        _ => return None,
    })
}

fn config(estate: &Estate) -> Value {
    let provider = |provider: &Provider| {
        json!({
            "client_id": "Iv1.example", "client_secret": "", "allow_signups": provider.allows_signups,
            "allowed_orgs": provider.organisations, "allowed_teams": provider.only,
            "allow_everyone": provider.allows_everyone, "device_flow": false, "enterprise_base_url": "",
        })
    };
    let oidc = json!({ "allow_signups": estate.oidc.allows_signups, "client_id": "", "email_domain": estate.oidc.only, "group_allow_list": estate.oidc.groups, "issuer_url": "" });
    json!({
        "config": {
            "disable_password_auth": !estate.has_passwords, "oauth2": { "github": provider(&estate.github) },
            "oidc": oidc,
        },
        "options": [],
    })
}

fn entitlements(deployment: &Deployment, request: &Request) -> Value {
    let estate = &deployment.estate;
    let valid = || estate.licences.iter().filter(|licence| licence.begins <= request.now);
    let has_licence = valid().any(|licence| licence.ends() > request.now);
    let standing = match (has_licence, valid().any(|licence| licence.expires > request.now)) {
        (_, true) => "entitled",
        (true, false) => "grace_period",
        (false, false) => "not_entitled",
    };
    let mut features = serde_json::Map::new();
    for (name, feature) in &estate.features {
        let entitlement = if feature.is_licensed { standing } else { "not_entitled" };
        features.insert(name.clone(), json!({ "entitlement": entitlement, "enabled": feature.is_enabled }));
    }
    let active = deployment.users.iter().filter(|user| user.status == "active").count();
    let seats = match estate.seats.filter(|_| has_licence) {
        Some(limit) => json!({ "entitlement": standing, "enabled": true, "limit": limit, "actual": active }),
        None => json!({ "entitlement": "not_entitled", "enabled": false }),
    };
    features.insert("user_limit".to_owned(), seats);
    let refreshed = request.now.checked_sub(estate.refreshed).unwrap_or(request.now);
    json!({
        "features": features, "warnings": estate.warnings, "errors": estate.errors, "has_license": has_licence,
        "trial": !estate.licences.is_empty() && estate.licences.iter().all(|licence| licence.is_trial),
        "require_telemetry": false, "refreshed_at": refreshed.to_string(),
    })
}

fn users(deployment: &Deployment, caller: &User, sees_all: bool, request: &Request) -> Reply {
    let number =
        |name: &str, otherwise| request.parameter(name).map_or(Some(otherwise), |text| text.parse::<usize>().ok());
    let (Some(limit), Some(offset)) = (number("limit", 0), number("offset", 0)) else {
        return Reply::json(400, &json!({ "message": "Query parameters have invalid values." }));
    };
    let seen: Vec<&User> = deployment.users.iter().filter(|user| sees_all || user.id == caller.id).collect();
    let limit = if limit == 0 { usize::MAX } else { limit };
    let page: Vec<Value> = seen.iter().skip(offset).take(limit).map(|user| user.json()).collect();
    Reply::json(200, &json!({ "users": page, "count": seen.len() }))
}
