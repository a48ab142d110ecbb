//! The layer and the files that the demo and the tests lay over an incident's checklist.
//!
//! They follow from what the checklist names: a site's cluster or account, a connection's profile or secrets. Lists of
//! names beside the checklist were rejected: a connection that is added to the one would be forgotten in the other.

use super::terraform;
use anyhow::Context as _;
use gonogo_world::{
    World,
    incidents::{Incident, Times},
};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The file of what people have confirmed in the world.
const ATTESTED: &str = "attested.yaml";

/// Writes into `folder` what leads the checklist of `incident`, and what it asks people, to `world`; the layer's path.
pub(super) fn lead(
    incident: &Incident,
    (checklist, asked): (&Value, &IndexMap<String, String>),
    folder: &Path,
    world: &World,
    times: Times,
) -> anyhow::Result<PathBuf> {
    let write =
        |name: &str, text: &str| fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"));
    write("ca.pem", world.ca_pem())?;
    write("kubeconfig", &world.kubeconfig())?;
    write("aws-credentials", &(incident.aws_credentials_file)())?;
    write("aws-config", "")?;
    for (variable, secret) in (incident.credentials)() {
        write(variable, secret)?;
    }
    write(ATTESTED, &attested(&checklist["checks"], asked, world, times))?;
    let layer = json!({
        "event": { "starts": written(times.starts), "ends": written(times.ends) },
        "sites": each(&checklist["sites"], site),
        "connections": each(&checklist["connections"], connection),
        "checks": checks(&checklist["checks"], folder, world)?,
        "network": network(world),
    });
    let path = folder.join("world.yaml");
    // JSON is YAML.
    fs::write(&path, serde_json::to_string_pretty(&layer)?).context("cannot write the layer")?;
    Ok(path)
}

/// What `over` lays over each entry of a map; an entry over which it lays nothing is left out.
fn each(named: &Value, over: fn(&Map<String, Value>) -> Map<String, Value>) -> Map<String, Value> {
    let entries = named.as_object().into_iter().flatten();
    let laid = entries.filter_map(|(name, entry)| Some((name.clone(), over(entry.as_object()?))));
    laid.filter(|(_, laid)| !laid.is_empty()).map(|(name, laid)| (name, laid.into())).collect()
}

fn site(site: &Map<String, Value>) -> Map<String, Value> {
    let led = |name: &String| match name.as_str() {
        "kubernetes" => Some((name.clone(), json!({ "kubeconfig": "kubeconfig" }))),
        "aws" => Some((name.clone(), aws().into())),
        _ => None,
    };
    site.keys().filter_map(led).collect()
}

/// A profile is looked for in the world's files, and a secret in the file that has its variable's name.
fn connection(connection: &Map<String, Value>) -> Map<String, Value> {
    let mut led = if connection.contains_key("profile") { aws() } else { Map::new() };
    for (field, value) in connection {
        if let Some(variable) = value["env"].as_str() {
            led.insert(field.clone(), json!({ "env": null, "file": variable }));
        }
    }
    led
}

/// What people have confirmed is in the world's file, and a plan is what a stand-in for its program says.
fn checks(named: &Value, folder: &Path, world: &World) -> anyhow::Result<Map<String, Value>> {
    let mut led = Map::new();
    for (name, check) in named.as_object().into_iter().flatten() {
        if check["probe"] == "attestation" {
            led.insert(name.clone(), json!({ "with": { "file": ATTESTED } }));
        } else if check["probe"] == "drift" && check["with"].get("terraform").is_some() {
            let (program, plan) = terraform::stand_in(folder, name, world.is_drifted(name))?;
            led.insert(name.clone(), json!({ "with": { "terraform": { "folder": plan, "program": program } } }));
        }
    }
    Ok(led)
}

/// Every statement, confirmed an hour ago, or when the event is over where it is about that; but not where the world says
/// that nobody has.
fn attested(checks: &Value, asked: &IndexMap<String, String>, world: &World, times: Times) -> String {
    let hour_ago = times.now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(times.now);
    let confirmed = asked.iter().filter(|(check, _)| !world.is_unattested(check)).map(|(check, statement)| {
        let is_of_the_end = checks[check]["expect"]["not_before"] == "end";
        let at = if is_of_the_end { times.ends } else { hour_ago };
        let confirmation =
            json!({ "statement": statement, "by": "infra-lead", "at": at, "event": written(times.starts) });
        (check.clone(), confirmation)
    });
    Value::Object(confirmed.collect()).to_string()
}

fn aws() -> Map<String, Value> {
    ["credentials", "config"].map(|name| (format!("{name}_file"), format!("aws-{name}").into())).into_iter().collect()
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
