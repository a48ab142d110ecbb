//! The server's API under `/api/v2`: build, regions, the caller, and the caller's tokens.

use serde_json::{Value, json};

use super::people::{Token, User};
use super::{Deployment, Region, estate, proxying, routes};
use crate::serve::{Reply, Request};

const SIGNED_OUT: &str = "You are signed out or your session has expired. Please sign in again to continue.";

pub(super) fn buildinfo(deployment: &Deployment, region: &Region) -> Value {
    let dashboard = deployment.regions.first().map_or("", |server| server.host.as_str());
    json!({
        "external_url": "https://github.com/coder/coder",
        "version": region.version,
        "dashboard_url": format!("https://{dashboard}"),
        "telemetry": false,
        "workspace_proxy": region.is_proxy,
        "agent_api_version": "1.0",
        "provisioner_api_version": "1.4",
        "upgrade_message": "",
        "deployment_id": "3f8c2a54-5a4e-4a86-8d0e-5b6f0c1e0001",
    })
}

pub(super) fn answer(deployment: &Deployment, request: &Request) -> Reply {
    if !request.segments().get(2).is_some_and(|group| routes::has(group)) {
        return Reply::json(404, &json!({ "message": "Route not found." }));
    }
    if let Some(open) = estate::open(deployment, request) {
        return open;
    }
    let (token, user) = match deployment.identify(request) {
        Ok(found) => found,
        Err(detail) => return signed_out(&detail),
    };
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    match segments[..] {
        ["regions"] => Reply::json(200, &json!({ "regions": regions(deployment) })),
        ["workspaceproxies"] => proxying::list(deployment, token.reads_all(), request),
        ["organizations", ref below @ ..] => {
            deployment.provisioning.answer((token, user), below, request).unwrap_or_else(not_found)
        }
        ["users", named] => found(deployment.user(user, named).map(User::json)),
        ["users", named, "keys", "tokens"] => match deployment.user(user, named) {
            Some(owner) if token.reads_keys() => Reply::json(200, &tokens(deployment, user, owner, request)),
            _ => not_found(),
        },
        ["users", named, "keys", id] => {
            let owner = deployment.user(user, named).filter(|_| token.reads_keys());
            let key = owner
                .and_then(|owner| deployment.tokens.iter().find(|token| token.user_id == owner.id && token.id == id));
            found(key.map(Token::json))
        }
        ref path => estate::answer(deployment, (token, user), path, request)
            .unwrap_or_else(|| Reply::json(404, &json!({ "message": "Route not found." }))),
    }
}

pub(super) fn refusal(status: u16) -> Reply {
    match status {
        401 => signed_out("API key is invalid."),
        403 => Reply::json(403, &json!({ "message": "Forbidden." })),
        404 => not_found(),
        429 => {
            let message = "You've been rate limited for sending more than 512 requests in 1m0s.";
            Reply::json(429, &json!({ "message": message }))
        }
        503 => Reply::text(503, "no healthy upstream"),
        status => Reply::json(status, &json!({ "message": "An internal server error occurred." })),
    }
}

fn signed_out(detail: &str) -> Reply {
    Reply::json(401, &json!({ "message": SIGNED_OUT, "detail": detail }))
}

/// Missing and forbidden look alike here, as they do in Coder.
fn not_found() -> Reply {
    let message = "Resource not found or you do not have access to this resource";
    Reply::json(404, &json!({ "message": message }))
}

fn found(value: Option<Value>) -> Reply {
    value.map_or_else(not_found, |value| Reply::json(200, &value))
}

fn regions(deployment: &Deployment) -> Vec<Value> {
    let regions = deployment.regions.iter().enumerate().filter(|(_, region)| !region.registration.is_deleted);
    regions.map(|(at, region)| proxying::region(at, region)).collect()
}

fn tokens(deployment: &Deployment, caller: &User, owner: &User, request: &Request) -> Value {
    let wants = |name: &str| request.parameter(name).is_some_and(|value| value == "true");
    let all = wants("include_all") && caller.roles.iter().any(|role| role == "owner");
    let shown = deployment.tokens.iter().filter(|token| {
        let is_shown = all || token.user_id == owner.id;
        let is_current = token.expires_at > request.now || wants("include_expired");
        is_shown && is_current && token.login_type == "token"
    });
    let listed = shown.map(|token| {
        let mut listed = token.json();
        let owner = deployment.users.iter().find(|user| user.id == token.user_id);
        listed["username"] = json!(owner.map(|user| user.name.as_str()));
        listed
    });
    listed.collect()
}
