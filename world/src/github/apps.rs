//! GitHub Apps: what one may read of itself, and the tokens that it gets for where it is installed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Github, message, refusal};
use crate::assertion::verified;
use crate::serve::{Reply, Request};

/// The longest that an assertion may hold, in seconds.
const LONGEST: i64 = 600;

/// An App.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Its client id.
    pub client_id: String,
    /// Its name in URLs.
    pub slug: String,
    /// Its private key, in PEM.
    pub pem: String,
    /// Where it is installed, by number.
    pub installations: BTreeMap<u64, Installation>,
}

/// Where an App is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The organisation or user.
    pub login: String,
    /// Since when it is suspended.
    pub suspended: Option<Timestamp>,
    /// What it may.
    pub permissions: BTreeMap<String, String>,
    /// The only repositories that it reaches; `None` where it reaches all.
    pub repositories: Option<Vec<String>>,
    /// Whether the organisation's list of addresses keeps it from getting a token.
    pub is_kept_out: bool,
}

impl App {
    /// An App with one installation, which may read names and change contents everywhere.
    #[must_use]
    pub fn installed(client_id: &str, slug: &str, pem: &str, number: u64, login: &str) -> Self {
        let permissions = [("contents", "write"), ("metadata", "read")];
        let permissions = permissions.map(|(right, level)| (right.to_owned(), level.to_owned())).into();
        let login = login.to_owned();
        let installation = Installation { login, suspended: None, permissions, repositories: None, is_kept_out: false };
        Self {
            client_id: client_id.to_owned(),
            slug: slug.to_owned(),
            pem: pem.to_owned(),
            installations: [(number, installation)].into(),
        }
    }
}

/// What is answered to whoever shows an App's assertion; `None` where the path is none of theirs.
pub(super) fn answer(github: &Github, request: &Request) -> Option<Reply> {
    let segments = request.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if parts.first() != Some(&"app") {
        return None;
    }
    let app = match asker(github, request) {
        Ok(app) => app,
        Err(words) => return Some(message(401, words)),
    };
    Some(match (request.method.as_str(), &parts[1..]) {
        ("GET", []) => {
            Reply::json(200, &json!({ "id": 1, "client_id": app.client_id, "slug": app.slug, "name": app.slug }))
        }
        ("GET", ["installations", number]) => match of(app, number) {
            Some((number, installation)) => Reply::json(200, &described(number, installation)),
            None => refusal(404),
        },
        ("POST", ["installations", number, "access_tokens"]) => match of(app, number) {
            Some((_, installation)) => minted(installation, request),
            None => refusal(404),
        },
        _ => refusal(404),
    })
}

fn of<'a>(app: &'a App, number: &str) -> Option<(u64, &'a Installation)> {
    let number = number.parse().ok()?;
    Some((number, app.installations.get(&number)?))
}

/// Whose assertion it is, or GitHub's words against it.
fn asker<'a>(github: &'a Github, request: &Request) -> Result<&'a App, &'static str> {
    let token = request.bearer().ok_or("A JSON web token could not be decoded")?;
    let found = github.apps.iter().find_map(|app| Some((app, verified(&token, &app.pem)?)));
    let (app, (_, claims)) = found.ok_or("A JSON web token could not be decoded")?;
    if claims["iss"] != json!(app.client_id) {
        return Err("Integration not found");
    }
    let (now, time) = (request.now.as_second(), |claim: &str| claims[claim].as_i64().unwrap_or_default());
    if time("iat") > now {
        return Err("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
    }
    if time("exp") <= now {
        return Err(
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
        );
    }
    if time("exp") > now + LONGEST {
        return Err("'Expiration time' claim ('exp') is too far in the future");
    }
    Ok(app)
}

fn described(number: u64, installation: &Installation) -> Value {
    json!({
        "id": number,
        "account": { "login": installation.login, "id": 2, "type": "Organization" },
        "app_id": 1,
        "repository_selection": if installation.repositories.is_some() { "selected" } else { "all" },
        "permissions": installation.permissions,
        "suspended_at": installation.suspended.map(second),
        "suspended_by": null,
    })
}

fn minted(installation: &Installation, request: &Request) -> Reply {
    if installation.suspended.is_some() {
        return message(403, "This installation has been suspended");
    }
    if installation.is_kept_out {
        return message(
            403,
            "Although you appear to have the correct authorization credentials, the organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
        );
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let asked = body["permissions"].as_object().cloned().unwrap_or_default();
    if asked.keys().any(|right| !installation.permissions.contains_key(right)) {
        return message(422, "The permissions requested are not granted to this installation.");
    }
    let is_out_of_reach = |name: &Value| {
        let reached = installation.repositories.as_ref();
        reached.is_some_and(|reached| !reached.iter().any(|one| Some(one.as_str()) == name.as_str()))
    };
    if body["repositories"].as_array().is_some_and(|asked| asked.iter().any(is_out_of_reach)) {
        return message(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        );
    }
    let ends = request.now.checked_add(SignedDuration::from_hours(1)).unwrap_or(request.now);
    let token = format!("ghs_world{}", ends.as_millisecond());
    Reply::json(201, &json!({ "token": token, "expires_at": second(ends), "permissions": asked }))
}

fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
