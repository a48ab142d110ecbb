//! The server's own view of its proxies: what its last look at each gave, and what it tells users of them.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Deployment, Region};
use crate::serve::{Reply, Request};

/// What the server knows of a proxy besides its being healthy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What the last look gave where it is not healthy: `unreachable`, `unhealthy`, `unregistered`, `unknown`.
    pub ill: String,
    /// What its report says is wrong.
    pub errors: Vec<String>,
    /// What its report warns of.
    pub warnings: Vec<String>,
    /// How long ago the server looked; `None` for never.
    pub checked: Option<SignedDuration>,
    /// The version with which it registered, where that is another than the one that runs.
    pub version: Option<String>,
    /// The host of its applications: `*.oregon-proxy.ai.coder.com`; empty for none.
    pub wildcard: String,
    /// Whether it was deleted.
    pub is_deleted: bool,
    /// Whether it relays connections only.
    pub is_relay: bool,
}

impl Registration {
    /// A sound one, with the wildcard below this host.
    #[must_use]
    pub fn of(host: &str) -> Self {
        Self {
            ill: "unreachable".to_owned(),
            errors: Vec::new(),
            warnings: Vec::new(),
            checked: Some(SignedDuration::from_secs(20)),
            version: None,
            wildcard: format!("*.{host}"),
            is_deleted: false,
            is_relay: false,
        }
    }
}

/// `/workspaceproxies`; a token of a narrow scope is shown the server alone.
pub(super) fn list(deployment: &Deployment, sees_proxies: bool, request: &Request) -> Reply {
    let regions = deployment.regions.iter().enumerate().filter(|(_, region)| sees_proxies || !region.is_proxy);
    let rows: Vec<Value> = regions.map(|(at, region)| proxy(at, region, request)).collect();
    Reply::json(200, &json!({ "regions": rows }))
}

/// What everybody is told of one.
pub(super) fn region(at: usize, region: &Region) -> Value {
    json!({
        "id": format!("0f3a6e52-8b1d-4c39-9a41-7f00000000{at:02x}"),
        "name": region.name,
        "display_name": region.name,
        "icon_url": "/emojis/1f60e.png",
        "healthy": region.is_healthy,
        "path_app_url": format!("https://{}", region.host),
        "wildcard_hostname": region.registration.wildcard,
    })
}

fn proxy(at: usize, region: &Region, request: &Request) -> Value {
    let known = &region.registration;
    // The server holds itself for healthy, and says that it has just looked.
    let checked = if region.is_proxy { known.checked } else { Some(SignedDuration::ZERO) };
    let checked = checked.and_then(|age| request.now.checked_sub(age).ok());
    let status = match (region.is_healthy, checked) {
        (_, None) => "unknown",
        (true, _) => "ok",
        (false, _) => &known.ill,
    };
    let mut row = self::region(at, region);
    row["healthy"] = json!(status == "ok");
    row["derp_enabled"] = json!(true);
    row["derp_only"] = json!(known.is_relay);
    row["created_at"] = json!("2026-01-01T00:00:00Z");
    row["updated_at"] = json!("2026-01-01T00:00:00Z");
    row["deleted"] = json!(known.is_deleted);
    row["version"] = json!(known.version.as_ref().unwrap_or(&region.version));
    row["status"] = json!({
        "status": status,
        "report": { "errors": known.errors, "warnings": known.warnings },
        "checked_at": checked.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |at| at.to_string()),
    });
    row
}
