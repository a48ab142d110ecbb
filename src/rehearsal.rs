//! Incidents to rehearse: each with the checklist that catches it, led to a world on this machine.
//!
//! What is looked at stays as the checklist names it; only where the names lead, and where the secrets are, changes.

mod layer;
mod terraform;

use crate::{
    checklist,
    plan::{self, PlanItem, Selection},
    run::statements,
};
use anyhow::Context as _;
use gonogo_checks::{
    attestation::Attestation,
    contract::{
        Probe as _,
        text::{load, read},
    },
};
use gonogo_world::{
    World,
    incidents::{
        Incident, Times, boot_order_2026_07_02, knative_pvc_2025_07_17, mount_overlap_2026_04_09, workshop_2024_09_30,
    },
};
use indexmap::IndexMap;
use jiff::{Timestamp, ToSpan as _, civil};
use serde_json::{Map, Value};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub use layer::{network, written};

/// Every rehearsal; the first is the one that is meant where none is named.
pub const REHEARSALS: &[Rehearsal] = &[
    Rehearsal {
        incident: workshop_2024_09_30::INCIDENT,
        example: "examples/coder-workshop/gonogo.yaml",
        files: &[
            ("gonogo.yaml", include_str!("../examples/coder-workshop/gonogo.yaml")),
            ("access.yaml", include_str!("../examples/coder-workshop/access.yaml")),
            ("images.yaml", include_str!("../examples/coder-workshop/images.yaml")),
            ("names.yaml", include_str!("../examples/coder-workshop/names.yaml")),
            ("capacity.yaml", include_str!("../examples/coder-workshop/capacity.yaml")),
            ("state.yaml", include_str!("../examples/coder-workshop/state.yaml")),
            ("paging.yaml", include_str!("../examples/coder-workshop/paging.yaml")),
            ("people.yaml", include_str!("../examples/coder-workshop/people.yaml")),
            ("RUNBOOK.md", include_str!("../examples/coder-workshop/RUNBOOK.md")),
        ],
        beside: &[("participants.txt", include_str!("../examples/coder-workshop/participants.txt"))],
    },
    Rehearsal {
        incident: knative_pvc_2025_07_17::INCIDENT,
        example: "examples/knative-builds/gonogo.yaml",
        files: &[("gonogo.yaml", include_str!("../examples/knative-builds/gonogo.yaml"))],
        beside: &[],
    },
    Rehearsal {
        incident: mount_overlap_2026_04_09::INCIDENT,
        example: "examples/job-runner/gonogo.yaml",
        files: &[("gonogo.yaml", include_str!("../examples/job-runner/gonogo.yaml"))],
        beside: &[],
    },
    Rehearsal {
        incident: boot_order_2026_07_02::INCIDENT,
        example: "examples/container-platform/gonogo.yaml",
        files: &[("gonogo.yaml", include_str!("../examples/container-platform/gonogo.yaml"))],
        beside: &[],
    },
];

/// An incident and the checklist that catches it.
pub struct Rehearsal {
    /// What happened.
    pub incident: Incident,
    /// Where the checklist is in the repository.
    pub example: &'static str,
    /// The checklist that users copy, the files that it includes, and those that its checks read: each one's name and text.
    pub files: &'static [(&'static str, &'static str)],
    /// What its checks read beside them: each file's name and text.
    pub beside: &'static [(&'static str, &'static str)],
}

/// The rehearsal of the incident `name`.
#[must_use]
pub fn named(name: &str) -> Option<&'static Rehearsal> {
    REHEARSALS.iter().find(|rehearsal| rehearsal.incident.name == name)
}

/// True for a file that is a part of a checklist; any other is only read by its checks.
#[must_use]
pub fn is_checklist(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "yaml")
}

impl Rehearsal {
    /// The hours of the checklist's own event, in its own zone, on the day after tomorrow there.
    ///
    /// # Errors
    /// An event without a zone, or without local times.
    pub fn times(&self, now: Timestamp) -> anyhow::Result<Times> {
        let checklist = self.read()?;
        let text = |field: &str| checklist["event"][field].as_str().unwrap_or_default().to_owned();
        let local = |field: &str| {
            text(field).parse::<civil::DateTime>().with_context(|| format!("the event's `{field}` is no local time"))
        };
        let zone = text("timezone");
        let there = now.in_tz(&zone).with_context(|| format!("the zone {zone} is unknown"))?;
        let (starts, ends) = (local("starts")?, local("ends")?);
        let day = there.date().checked_add(2.days())?;
        let moved = day.to_datetime(starts.time()).in_tz(&zone)?.timestamp();
        Ok(Times { now, starts: moved, ends: moved.checked_add(ends.duration_since(starts))? })
    }

    /// Writes into `folder` what leads the checklist to `world`; the layer's path.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn lead(&self, folder: &Path, world: &World, times: Times) -> anyhow::Result<PathBuf> {
        layer::lead(&self.incident, (&self.read()?, &self.asked()?), folder, world, times)
    }

    /// Writes the checklist, what it includes and what it reads into `folder`.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        for (name, text) in self.files.iter().chain(self.beside) {
            fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))?;
        }
        Ok(())
    }

    /// What it asks people to confirm, as they read it, by the check's name.
    fn asked(&self) -> anyhow::Result<IndexMap<String, String>> {
        let folder = tempfile::tempdir().context("cannot write the checklist")?;
        self.write(folder.path())?;
        let checklist = checklist::read(&[folder.path().join("gonogo.yaml")], &[]);
        let Ok(plan) = plan::make(&checklist, &Selection::default(), 0) else {
            anyhow::bail!("{} cannot be planned", self.example);
        };
        let items: Vec<&PlanItem> = plan.items.iter().filter(|item| item.kind.name == Attestation::KIND).collect();
        let asked = statements(&plan, &items)?;
        Ok(items.iter().zip(asked).map(|(item, (_, seen))| (item.check.clone(), seen.statement)).collect())
    }

    /// What all files of the checklist itself say, their maps merged.
    fn read(&self) -> anyhow::Result<Value> {
        let mut whole = Map::new();
        for (name, text) in self.files.iter().filter(|(name, _)| is_checklist(name)) {
            let mut problems = Vec::new();
            let node = load(0, text, &mut problems);
            let file: Option<Map<String, Value>> = node.and_then(|node| read(&node, &mut problems));
            for (key, value) in file.with_context(|| format!("{name} of {} is no YAML", self.example))? {
                match (whole.get_mut(&key), value) {
                    (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
                    (_, value) => _ = whole.insert(key, value),
                }
            }
        }
        Ok(whole.into())
    }
}
