//! Which paths of the API there are at all: of any other, Coder says so before it asks who is there.
//!
//! Source: coder/coder, `coderd/coderd.go`: each group of routes asks for a token by itself, and what is in none of them is
//! answered as not found.

/// The groups right below `/api/v2`.
const GROUPS: [&str; 39] = [
    "aibridge",
    "appearance",
    "applications",
    "audit",
    "authcheck",
    "buildinfo",
    "connectionlog",
    "csp",
    "debug",
    "deployment",
    "derp-map",
    "entitlements",
    "experiments",
    "external-auth",
    "files",
    "groups",
    "health",
    "insights",
    "licenses",
    "notifications",
    "oauth2-provider",
    "organizations",
    "prebuilds",
    "provisionerkeys",
    "regions",
    "replicas",
    "scim",
    "settings",
    "tailnet",
    "tasks",
    "templates",
    "templateversions",
    "updatecheck",
    "users",
    "workspace-quota",
    "workspaceagents",
    "workspacebuilds",
    "workspaceproxies",
    "workspaces",
];

/// True if and only if the API has routes that begin so.
pub(super) fn has(group: &str) -> bool {
    GROUPS.contains(&group)
}
