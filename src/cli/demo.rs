//! `gonogo demo`: the example checklist against the incident that taught it, by the very path of `gonogo run`.

use super::{
    run::{self, Arguments as RunArguments},
    screen::Screen,
};
use anyhow::Context as _;
use clap::Args;
use gonogo_world::{
    World,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};
use std::{fs, path::Path};

const CHECKLIST: &str = include_str!("../../examples/coder-workshop/gonogo.yaml");

/// Which world.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Examples:\n  gonogo demo               NO-GO: five root causes, two days before\n  gonogo demo --repaired    GO\n  gonogo demo --keep        leave the world running, to break and mend things"
)]
pub struct Arguments {
    /// The world as it should have been
    #[arg(long)]
    repaired: bool,
    /// Leave the world running until Ctrl-C, and say how to point `gonogo run` at it
    #[arg(long)]
    keep: bool,
    /// Show why, runbooks, evidence and disruptive commands
    #[arg(short, long)]
    verbose: bool,
}

/// Starts the world, runs the checklist against it, and stops it.
pub fn demo(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let times = times();
    let state = if arguments.repaired { workshop::repaired(times) } else { workshop::before(times) };
    let worlds = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("world")
        .enable_all()
        .build()
        .context("cannot start the world")?;
    let world = worlds.block_on(World::start(state)).context("cannot start the world")?;
    let folder = tempfile::Builder::new().prefix("gonogo-demo-").tempdir().context("cannot write the demo's files")?;
    furnish(folder.path(), &world, times)?;
    let which =
        if arguments.repaired { "as it should have been" } else { "two days before the workshop of 30 September 2024" };
    screen.note(&format!("demo: a world on this machine, {which}; nothing else is looked at"));
    let code = run::run(&RunArguments::of(folder.path(), arguments.verbose), screen)?;
    if arguments.keep {
        screen.note(&keeping(folder.path()));
        let _ = worlds.block_on(tokio::signal::ctrl_c());
    }
    drop(world);
    worlds.shutdown_background();
    Ok(code)
}

/// Two days from now on the full hour, for an hour and a half: as the example's event.
fn times() -> Times {
    let now = Timestamp::now();
    let hour = now.as_second() - now.as_second().rem_euclid(3600);
    let starts = Timestamp::from_second(hour + 2 * 86_400).unwrap_or(now);
    let ends = starts.saturating_add(SignedDuration::from_mins(90)).unwrap_or(starts);
    Times { now, starts, ends }
}

/// Writes the checklist, the layer that leads it to the world, and what the layer names.
fn furnish(folder: &Path, world: &World, times: Times) -> anyhow::Result<()> {
    let write =
        |name: &str, text: &str| fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"));
    write("gonogo.yaml", CHECKLIST)?;
    write("ca.pem", world.ca_pem())?;
    write("kubeconfig", &world.kubeconfig())?;
    write("aws-credentials", &workshop::aws_credentials_file())?;
    write("aws-config", "")?;
    let mut connections = Map::new();
    for (name, variable) in [("litellm", "LITELLM_PROBE_KEY"), ("coder", "CODER_SESSION_TOKEN")] {
        let secret = workshop::credentials().get(variable).copied().unwrap_or_default();
        write(variable, secret)?;
        connections.insert(name.to_owned(), json!({ "token": { "env": null, "file": variable } }));
    }
    let aws = json!({ "credentials_file": "aws-credentials", "config_file": "aws-config" });
    connections.insert("mirror".to_owned(), aws.clone());
    let site = |name: &str| (name.to_owned(), json!({ "kubernetes": { "kubeconfig": "kubeconfig" }, "aws": aws }));
    let sites: Map<String, Value> = ["us-east-2", "us-west-2", "eu-west-2"].into_iter().map(site).collect();
    let layer = json!({
        "event": { "starts": local(times.starts), "ends": local(times.ends) },
        "sites": sites,
        "connections": connections,
        "network": {
            "ca": "ca.pem",
            "resolvers": world.resolvers().iter().map(ToString::to_string).collect::<Vec<_>>(),
            "connect": world.connect().iter().map(|(from, to)| (from.clone(), json!(to.to_string()))).collect::<Map<_, _>>(),
        },
    });
    // JSON is YAML.
    write("demo.yaml", &serde_json::to_string_pretty(&layer)?)
}

/// A time that needs no zone of the checklist.
fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn keeping(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "\nThe world is running. In another terminal:\n  gonogo run {folder}/gonogo.yaml {folder}/demo.yaml\nChange {folder}/gonogo.yaml and look again, say with --set event.attendees=20.\nCtrl-C here stops the world."
    )
}
