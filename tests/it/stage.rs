//! The scenes that the tests of the command line share: a folder with files, two pages at two sites, the workshop.

use crate::rig::{Rig, Seen, gonogo, times};
use gonogo_world::{
    State,
    incidents::Times,
    web::{Page, Site},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// An event years from now.
pub const EVENT: &str =
    "event: { name: Launch, timezone: Europe/London, starts: 2030-06-04T09:00, ends: 2030-06-04T10:30 }\n";
const HOST: &str = "web.example.test";

/// `gonogo ARGUMENTS…` in a folder.
pub fn run(folder: &Path, arguments: &[&str]) -> Seen {
    Seen::of(gonogo().current_dir(folder).args(arguments).output().expect("gonogo runs"))
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// `front`, a page that is well, and `broken`, one that is not, at the sites `a` and `b`; each tagged with its name.
pub fn web() -> Rig {
    let times = times();
    let mut state = State::empty(times.now);
    let broken = Page::text(500, "no\n");
    state.web.insert(HOST.to_owned(), Site::at(HOST, &[]).page("/broken", broken));
    let rig = Rig::plain(state, times);
    let check = |name: &str, path: &str| {
        format!("  {name}: {{ probe: http, sites: all, tags: [{name}], with: {{ url: \"https://{HOST}{path}\" }} }}\n")
    };
    let checks = check("front", "/") + &check("broken", "/broken");
    rig.write("gonogo.yaml", &format!("sites: {{ a: {{}}, b: {{}} }}\nchecks:\n{checks}"));
    rig
}

/// The workshop's checklist and a world for it.
pub fn workshop(state: State, times: Times) -> Rig {
    let rig = Rig::workshop(state, times);
    rig.place_example();
    rig
}

/// The checklist of a scene.
pub fn checklist(rig: &Rig) -> PathBuf {
    rig.folder.path().join("gonogo.yaml")
}
