//! A program of this machine, run to see what it says: an argument vector, never a shell; bounded time and output.
//!
//! Its environment is clean: gonogo's own `PATH`, `LC_ALL=C`, and what the checklist names. Secrets are given in variables alone,
//! since every process may read another's arguments. It runs in a process group of its own, which is ended whole: a
//! program that is killed alone leaves its children behind. Equal runs are made once, like every look.

mod child;
mod find;
mod group;
mod settings;

pub use group::Groups;
pub use settings::{Surroundings, Variables};

use crate::{
    clients::looks::Question,
    contract::{Context, Remedy, Unobserved, Why, short},
};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The most letters of a command that are shown.
const SHOWN: usize = 200;

/// A program, and how it is run.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program and its arguments; a program with a `/` in it starts at the checklist's folder.
    pub command: Vec<String>,
    /// What is around it.
    pub around: Surroundings,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// By itself, with this code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "ended by signal {signal}"),
        }
    }
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub ended: Ended,
    /// All of its standard output.
    pub stdout: Bytes,
    /// The last line of its standard error, short; empty where it wrote none.
    pub complaint: String,
    /// What was run, for a person.
    pub asked: String,
    /// When it was started.
    pub asked_at: Timestamp,
}

impl Program {
    /// What is run, for a person: `run check_disk -w 10%`.
    #[must_use]
    pub fn asked(&self) -> String {
        let words: Vec<String> = self.command.iter().map(|word| short(word, SHOWN)).collect();
        format!("run {}", short(&words.join(" "), SHOWN))
    }

    /// The same by hand, wherever the hand is; `base` is the checklist's folder.
    #[must_use]
    pub fn by_hand(&self, base: &Path) -> Remedy {
        let mut command = self.command.clone();
        if let Some(name) = command.first_mut().filter(|name| name.contains('/')) {
            *name = absolute(base.join(&*name));
        }
        let remedy = Remedy::run(&command);
        let named = self.around.names();
        let from = self.around.folder.as_ref().map(|_| {
            let folder = absolute(self.around.folder(base));
            format!("in the folder {}", short(&folder, SHOWN))
        });
        let with = (!named.is_empty()).then(|| format!("with {} set", named.join(", ")));
        let says: Vec<String> = from.into_iter().chain(with).collect();
        if says.is_empty() || remedy.command.is_none() { remedy } else { remedy.saying(says.join(", ")) }
    }
}

fn absolute(path: PathBuf) -> String {
    std::path::absolute(&path).unwrap_or(path).display().to_string()
}

impl Context {
    /// What `program` did; equal ones are run once.
    ///
    /// # Errors
    /// It is not there, cannot be run, did not end in its time, or wrote more than is read.
    pub async fn run(&self, program: &Program) -> Result<Arc<Ran>, Unobserved> {
        let asked = program.asked();
        let question = Question {
            host: format!("program {}", program.command.first().map_or("", String::as_str)),
            key: format!("program {program:?}"),
            asked: asked.clone(),
            limit: program.around.limit.0,
        };
        let (cx, wanted) = (self.clone(), program.clone());
        let look = move || {
            let (cx, wanted) = (cx.clone(), wanted.clone());
            async move { child::run(&cx, &wanted).await }
        };
        self.looks().once(self.trace(), question, look).await.map_err(|mut missing| {
            if missing.why == Why::TimedOut {
                missing.detail = format!("not done after {}, and ended", program.around.limit);
            }
            missing.remedy.get_or_insert_with(|| Box::new(program.by_hand(&self.reach().base)));
            missing
        })
    }
}
