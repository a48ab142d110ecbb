//! Leads a checklist to a world on this machine: the layer and the files that the demo and the tests lay over it.
//!
//! What is looked at stays as the checklist names it; only where the names lead, and where the secrets are, changes.

use anyhow::Context as _;
use gonogo_world::{
    World,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The sites of the workshop whose systems the layer leads to the world.
const SITES: [&str; 3] = ["us-east-2", "us-west-2", "eu-west-2"];
/// The connections whose token the layer takes from a file, and the variable that the checklist takes it from.
const TOKENS: [(&str, &str); 2] = [("litellm", "LITELLM_PROBE_KEY"), ("coder", "CODER_SESSION_TOKEN")];

/// Writes into `folder` what leads the workshop's checklist to `world`; the layer's path.
///
/// # Errors
/// A file that cannot be written.
pub fn lead(folder: &Path, world: &World, times: Times) -> anyhow::Result<PathBuf> {
    let write =
        |name: &str, text: &str| fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"));
    write("ca.pem", world.ca_pem())?;
    write("kubeconfig", &world.kubeconfig())?;
    write("aws-credentials", &workshop::aws_credentials_file())?;
    write("aws-config", "")?;
    let mut connections = Map::new();
    for (name, variable) in TOKENS {
        write(variable, workshop::credentials().get(variable).copied().unwrap_or_default())?;
        connections.insert(name.to_owned(), json!({ "token": { "env": null, "file": variable } }));
    }
    let aws = json!({ "credentials_file": "aws-credentials", "config_file": "aws-config" });
    connections.insert("mirror".to_owned(), aws.clone());
    let site = |name: &str| (name.to_owned(), json!({ "kubernetes": { "kubeconfig": "kubeconfig" }, "aws": aws }));
    let layer = json!({
        "event": { "starts": written(times.starts), "ends": written(times.ends) },
        "sites": SITES.into_iter().map(site).collect::<Map<String, Value>>(),
        "connections": connections,
        "network": network(world),
    });
    let path = folder.join("world.yaml");
    // JSON is YAML.
    fs::write(&path, serde_json::to_string_pretty(&layer)?).context("cannot write the layer")?;
    Ok(path)
}

/// The `network:` that leads every name of the world to its sockets.
#[must_use]
pub fn network(world: &World) -> Value {
    let connect: Map<String, Value> =
        world.connect().into_iter().map(|(from, to)| (from, json!(to.to_string()))).collect();
    let resolvers: Vec<String> = world.resolvers().iter().map(ToString::to_string).collect();
    json!({ "ca": "ca.pem", "resolvers": resolvers, "connect": connect })
}

/// A time that needs no zone of the checklist.
#[must_use]
pub fn written(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
