//! A world, a folder, and gonogo's own binary.

use gonogo::rehearsal::{REHEARSALS, Rehearsal};
use gonogo_world::{State, World, incidents::Times};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A workshop two days from now.
pub fn times() -> Times {
    let now = Timestamp::now();
    let starts = now + SignedDuration::from_hours(48);
    Times { now, starts, ends: starts + SignedDuration::from_mins(90) }
}

/// The checklist that users copy.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/coder-workshop/gonogo.yaml")
}

/// gonogo, with nothing of this machine's environment but the path.
pub fn gonogo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path))).env("TZ", "UTC");
    command
}

/// A running world and the layer that leads to it.
pub struct Rig {
    pub world: World,
    pub folder: TempDir,
    layer: PathBuf,
    runtime: Option<Runtime>,
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Rig {
    /// Serves `state` for the workshop's own checklist, at `times`.
    pub fn workshop(state: State, times: Times) -> Self {
        Self::rehearsing(&REHEARSALS[0], state, times)
    }

    /// Serves `state` for an incident's own checklist, at `times`.
    pub fn rehearsing(rehearsal: &Rehearsal, state: State, times: Times) -> Self {
        Self::led(state, |folder, world| rehearsal.lead(folder, world, times).expect("a layer"))
    }

    /// Serves `state` for any checklist without sites' systems, for an event at `times`.
    pub fn plain(state: State, times: Times) -> Self {
        Self::led(state, |folder, world| {
            let written = gonogo::rehearsal::written;
            let event = serde_json::json!({ "name": "Launch", "timezone": "Europe/London", "starts": written(times.starts), "ends": written(times.ends) });
            let layer = serde_json::json!({ "event": event, "network": gonogo::rehearsal::network(world) });
            fs::write(folder.join("ca.pem"), world.ca_pem()).expect("a file");
            let path = folder.join("world.yaml");
            fs::write(&path, layer.to_string()).expect("a file");
            path
        })
    }

    /// Serves `state`; `lead` writes the layer that leads a checklist to it.
    pub fn led(state: State, lead: impl FnOnce(&Path, &World) -> PathBuf) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let world = runtime.block_on(World::start(state)).expect("a world");
        let folder = TempDir::new().expect("a folder");
        let layer = lead(folder.path(), &world);
        Self { world, folder, layer, runtime: Some(runtime) }
    }

    /// Writes the checklist that users copy, and what it includes, into the folder.
    pub fn place_example(&self) {
        REHEARSALS[0].write(self.folder.path()).expect("the example");
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }

    /// `gonogo run CHECKLIST world.yaml ARGUMENTS…`.
    pub fn run(&self, checklist: &Path, arguments: &[&str]) -> Seen {
        Seen::of(self.command(checklist, arguments).output().expect("gonogo runs"))
    }

    /// The same, not started yet.
    pub fn command(&self, checklist: &Path, arguments: &[&str]) -> Command {
        let mut command = gonogo();
        command.current_dir(self.folder.path()).arg("run").arg(checklist).arg(&self.layer).args(arguments);
        command
    }

    /// The same, its report as JSON.
    pub fn report(&self, checklist: &Path, arguments: &[&str]) -> Report {
        let seen = self.run(checklist, &[arguments, &["-o", "json"]].concat());
        let json = serde_json::from_str(&seen.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", seen.stdout, seen.stderr));
        Report { code: seen.code, json }
    }
}

/// What a run left behind.
pub struct Seen {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Seen {
    /// The output of a process that ended by itself.
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self {
            code: output.status.code().expect("ended by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// A report and the exit code that came with it.
pub struct Report {
    pub code: i32,
    pub json: Value,
}

impl Report {
    /// The verdict's word in JSON.
    pub fn verdict(&self) -> &str {
        self.json["verdict"].as_str().expect("a verdict")
    }

    /// The item `id`.
    pub fn item(&self, id: &str) -> &Value {
        let items = self.json["items"].as_array().expect("items");
        items.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no item {id} in {:#}", self.json["items"]))
    }

    /// The outcome of item `id`.
    pub fn outcome(&self, id: &str) -> &str {
        self.item(id)["outcome"].as_str().expect("an outcome")
    }

    /// The codes of item `id`'s findings.
    pub fn codes(&self, id: &str) -> Vec<&str> {
        self.item(id)["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter_map(|finding| finding["code"].as_str())
            .collect()
    }

    /// Every item that is due and did not pass, as `id outcome codes`.
    pub fn in_the_way(&self) -> Vec<String> {
        let items = self.json["items"].as_array().expect("items");
        let odd = items.iter().filter(|item| item["outcome"] != "pass" && item["outcome"] != "not-due");
        odd.map(|item| {
            let id = item["id"].as_str().expect("an id");
            format!("{id} {} {}", self.outcome(id), self.codes(id).join(" "))
        })
        .collect()
    }
}
