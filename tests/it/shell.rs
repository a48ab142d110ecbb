//! A shell in a folder that leads to the incident's world: what a page says to type is typed there.

use crate::rig::{Rig, Seen, times};
use gonogo_world::incidents::workshop_2024_09_30 as workshop;
use std::{collections::BTreeMap, fs, process::Command};

/// Runs shell scripts in a folder that leads to the incident's world; every gonogo in them is noted with its exit code.
pub struct Shell {
    pub rig: Rig,
}

const NOTING: &str = r#"#!/bin/sh
case "$0 $1 $2" in */cargo' run --') shift 2 ;; */cargo*) exit 0 ;; esac
said="$*"
case "$1" in
    run | plan | validate)
        case "$*" in *.yaml\ * | *.yaml) ;; *) set -- "$@" gonogo.yaml ;; esac
        set -- "$@" world.yaml ;;
esac
"$GONOGO" "$@" && code=0 || code=$?
echo "$code $said" >> "$NOTES"
exit $code
"#;

impl Shell {
    /// `layers` by their files' names.
    pub fn new(layers: BTreeMap<String, String>) -> Self {
        let times = times();
        let rig = Rig::workshop(workshop::before(times), times);
        rig.place_example();
        let examples = crate::pages::repository().join("examples");
        let rows = fs::read_to_string(examples.join("coder-workshop/rows.yaml")).expect("the rows");
        rig.write("rows.yaml", &rows.replace("../", &format!("{}/", examples.display())));
        for (name, text) in layers {
            rig.write(&name, &text);
        }
        let folder = rig.folder.path();
        for script in ["bin/gonogo", "bin/cargo"] {
            fs::create_dir_all(folder.join("bin")).expect("a folder");
            rig.write(script, NOTING);
        }
        let made = Command::new("chmod").args(["-R", "+x", "bin"]).current_dir(folder).status().expect("chmod runs");
        assert!(made.success());
        Self { rig }
    }

    /// What the script printed, and each gonogo in it with its exit code.
    pub fn run(&self, script: &str) -> (Seen, Vec<(i32, String)>) {
        let folder = self.rig.folder.path();
        let log = folder.join("notes");
        let _ = fs::remove_file(&log);
        let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).current_dir(folder).env_clear();
        shell.env("PATH", path).env("NOTES", &log).env("GONOGO", env!("CARGO_BIN_EXE_gonogo"));
        let seen = Seen::of(shell.output().expect("sh runs"));
        let noted = fs::read_to_string(&log).unwrap_or_default();
        let pair = |line: &str| {
            let (code, said) = line.split_once(' ').expect("a code");
            (code.parse().expect("a code"), said.to_owned())
        };
        (seen, noted.lines().map(pair).collect())
    }
}
