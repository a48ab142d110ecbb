//! Keys: every system that tells when one ends.

use super::super::product::after;
use super::Part;
use gonogo_world::{
    State,
    System::{Aws, Coder, Gcp, Github, Kubernetes, Litellm, Web},
    aws::AccessKey,
    ecr::Region,
    gcp,
    github::{self, App},
    incidents::Times,
    kubernetes::Cluster,
    web::{Page, Site},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "key-by-alias",
        (Litellm, "alias.test", ""),
        "probe: key-expiry, with: { litellm: { connection: alias, key_alias: workshop } }",
    ),
    Part::new("own-key", (Litellm, "own.test", ""), "probe: key-expiry, with: { litellm: { connection: own } }"),
    Part::new(
        "held-key",
        (Litellm, "held.test", ""),
        "probe: key-expiry, sites: [{site}], with: { litellm: { connection: held, held_in: { namespace: app, name: gateway, key: token } } }",
    ),
    Part::new(
        "holder-of-key",
        (Kubernetes, "holder-of-key", ""),
        "probe: key-expiry, sites: [{site}], with: { litellm: { connection: sound, held_in: { namespace: app, name: gateway, key: token } } }",
    ),
    Part::new("own-token", (Coder, "coder.test", ""), "probe: key-expiry, with: { coder: { connection: coder } }"),
    Part::new(
        "named-token",
        (Coder, "other-coder.test", ""),
        "probe: key-expiry, with: { coder: { connection: other-coder, token_name: workshop } }",
    ),
    Part::new(
        "github-token",
        (Github, "api.github.com", ""),
        "probe: key-expiry, with: { github: { connection: github } }",
    ),
    Part::new(
        "pull-secret",
        (Kubernetes, "pull-secret", ""),
        "probe: key-expiry, sites: [{site}], with: { docker_config: { namespace: app, name: pull } }",
    ),
    Part::new(
        "secret-alone",
        (Kubernetes, "secret-alone", "/secrets/"),
        "probe: key-expiry, sites: [{site}], with: { docker_config: { namespace: app, name: pull } }",
    ),
    Part::new(
        "jwt-in-secret",
        (Kubernetes, "jwt-in-secret", "/secrets/"),
        "probe: key-expiry, sites: [{site}], with: { jwt: { secret: { namespace: app, name: gateway, key: jwt } } }",
    ),
    Part::new(
        "json-time",
        (Web, "portal.test", ""),
        "probe: key-expiry, with: { json: { connection: portal, path: token, pointer: /expires_at } }",
    ),
    Part::new(
        "lasting-json",
        (Web, "lasting.test", ""),
        "probe: key-expiry, with: { json: { connection: lasting, path: token, pointer: /expires_at, null_is_never: true, absent_is_never: true } }",
    ),
    Part::new(
        "access-key",
        (Aws, "iam.amazonaws.com", ""),
        "probe: key-expiry, with: { aws: { connection: keys, user: launch } }, expect: { max_age: 90d }",
    ),
    Part::new(
        "google-keys",
        (Gcp, "iam.googleapis.com", ""),
        "probe: key-expiry, with: { gcp: { connection: google, service_account: \"launch@launch.iam.gserviceaccount.com\" } }",
    ),
    Part::new(
        "app",
        (Github, "apps.test", ""),
        "probe: key-expiry, with: { github_app: { connection: apps, app: Iv23liLaunch, key: { file: app-key }, installation: 7 } }",
    ),
    Part::new(
        "app-token",
        (Github, "minting.test", "/access_tokens"),
        "probe: key-expiry, with: { github_app: { connection: minting, app: Iv23liLaunch, key: { file: app-key }, installation: 7 } }",
    ),
    Part::new(
        "licence",
        (Web, "licensed.test", ""),
        "probe: key-expiry, with: { coder_licence: { connection: licensed } }",
    ),
    Part::new(
        "served-certificate",
        (Web, "served.test", ""),
        "probe: key-expiry, with: { certificate: { host: served.test } }",
    ),
    Part::new(
        "issued-certificate",
        (Kubernetes, "issued-certificate", "/certificates/"),
        "probe: key-expiry, sites: [{site}], with: { certificate: { host: issued.test, issued_by: { namespace: app, name: web } } }",
    ),
];

const APP_KEY: &str = include_str!("../../../../world/keys/app.pem");
const EMAIL: &str = "launch@launch.iam.gserviceaccount.com";
const READER: &str = "ya29.world-launch-reader";

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    let made = times.now - SignedDuration::from_hours(24 * 20);
    state.aws.regions.insert("eu-south-1".to_owned(), Region::default());
    let used = Some((times.now, "s3".to_owned()));
    let key = AccessKey { used, ..AccessKey::active("AKIALAUNCHLAUNCH0001", made) };
    state.aws.iam.users.insert("launch".to_owned(), vec![key]);
    let key = gcp::Key { id: "0001".to_owned(), pem: APP_KEY.to_owned(), made, ends: None, is_disabled: false };
    state.gcp.accounts.insert(EMAIL.to_owned(), vec![key]);
    state.gcp.tokens.insert(READER.to_owned(), true);
    for host in ["apps.test", "minting.test"] {
        let app = App::installed("Iv23liLaunch", "launch", APP_KEY, 7, "launch");
        state.github.insert(host.to_owned(), github::Github { apps: vec![app], ..github::Github::default() });
    }
    for host in ["served.test", "issued.test"] {
        state.web.insert(host.to_owned(), Site::at(host, &[]));
    }
    let ends = after(times).as_second();
    let licences = json!([{ "id": 1, "claims": { "license_expires": ends, "exp": ends + 30 * 86_400 } }]);
    let licensed = Site::at("licensed.test", &[]).page("/api/v2/licenses", Page::json(200, licences.to_string()));
    let entitlements = json!({ "has_license": true, "features": {} });
    let licensed = licensed.page("/api/v2/entitlements", Page::json(200, entitlements.to_string()));
    state.web.insert("licensed.test".to_owned(), licensed);
    if let Some(cluster) = state.clusters.get_mut("issued-certificate") {
        let taken = std::mem::replace(cluster, Cluster::new(""));
        *cluster = taken.object(json!({
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": { "name": "web", "namespace": "app" },
            "status": {
                "conditions": [{ "type": "Ready", "status": "True", "reason": "Ready" }],
                "notBefore": "2020-01-01T00:00:00Z", "notAfter": after(times).to_string(), "revision": 1,
            },
        }));
    }
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    all["keys"] = all["mirror"].clone();
    all["keys"]["region"] = json!("eu-south-1");
    all["google"] = json!({ "kind": "gcp", "token": { "file": "google-token" } });
    all["licensed"] = json!({ "kind": "coder", "url": "https://licensed.test", "token": { "file": "coder-token" } });
    for name in ["apps", "minting"] {
        all[name] = json!({ "kind": "github", "url": format!("https://{name}.test") });
    }
}

/// The secrets that they name, each in a file.
pub fn files() -> [(&'static str, &'static str); 2] {
    [("app-key", APP_KEY), ("google-token", READER)]
}
