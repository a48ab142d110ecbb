//! A plan of Terraform or `OpenTofu`: `plan -detailed-exitcode -input=false -lock=false -json -no-color`.
//!
//! 0: nothing to do; 1: it failed, which is not drift; 2: something to do. The state is not locked, so that a look that is ended leaves no
//! lock behind. Whatever narrows a plan (`-target`, `-refresh=false`) is refused: a plan of a part says nothing of the rest.

mod judge;
mod stream;

pub(super) use judge::judge;
pub use stream::{Change, Output, Summary};

use super::settings::Terraform;
use crate::{
    clients::program::{Ended, Program, Surroundings, Variables},
    contract::{Access, Context, Invalid, Place, Remedy, Unobserved, Why},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a plan said, asked of whom and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The root module.
    pub root: String,
    /// What was run.
    pub asked: String,
    /// When it was started.
    pub asked_at: Timestamp,
    /// The same for a person to read.
    pub by_hand: Remedy,
    /// How it ended.
    pub ended: Ended,
    /// Which program answered: `Terraform 1.11.4`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tool: String,
    /// True if and only if it was planned to learn what was changed outside, and nothing else.
    #[serde(default)]
    pub refresh_only: bool,
    /// How many resources were compared with what is there.
    pub refreshed: usize,
    /// What would be changed, or was changed by others.
    pub changes: Vec<Change>,
    /// How many changes were left out here.
    #[serde(default)]
    pub left_out: usize,
    /// What it says that it would change in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    /// Outputs that would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// What it complained of, without details.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
}

/// The source with all that it needs.
pub(super) struct Looking {
    program: Program,
    root: String,
    by_hand: Remedy,
    refresh_only: bool,
}

/// The variable that names the workspace.
const WORKSPACE: &str = "TF_WORKSPACE";
/// Variables by which a plan is narrowed from outside.
const NARROWING: &str = "TF_CLI_ARGS";

impl Looking {
    pub(super) fn new(tool: &str, root: Terraform, place: &Place) -> Result<Self, Invalid> {
        let Terraform { folder, program, workspace, var_files, refresh_only, mut env, secret_env, inherit, limit } =
            root;
        let named = env.keys().chain(secret_env.keys()).chain(&inherit);
        if let Some(name) = named.into_iter().find(|name| name.starts_with(NARROWING)) {
            return Err(Invalid::new(&format!("{tool}.env"), format!("`{name}` changes what is planned, unseen"))
                .help("give variables as TF_VAR_…, or files of them with `var_files`"));
        }
        if let Some(i) = var_files.iter().position(|file| file.trim().is_empty()) {
            return Err(Invalid::new(&format!("{tool}.var_files.{i}"), "an empty name is no file"));
        }
        let named: Vec<String> =
            env.keys().chain(secret_env.keys()).chain(&inherit).filter(|name| *name != WORKSPACE).cloned().collect();
        for (name, value) in [("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0"), ("CHECKPOINT_DISABLE", "1")] {
            env.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        if let Some(workspace) = workspace {
            env.insert(WORKSPACE.to_owned(), workspace);
        }
        let shown = folder.display().to_string();
        let mut arguments = vec!["plan", "-detailed-exitcode", "-input=false", "-lock=false", "-json", "-no-color"];
        arguments.extend(refresh_only.then_some("-refresh-only"));
        let files: Vec<String> = var_files.iter().map(|file| format!("-var-file={file}")).collect();
        arguments.extend(files.iter().map(String::as_str));
        let program = program.unwrap_or_else(|| tool.to_owned());
        let chdir = format!("-chdir={shown}");
        // By hand without -json: a person reads it.
        let read = [program.as_str(), &chdir].into_iter().chain(arguments.iter().copied());
        let by_hand = by_hand(env.get(WORKSPACE), read.filter(|word| *word != "-json"), &named);
        let command = std::iter::once(program.as_str()).chain(arguments).map(str::to_owned).collect();
        let around = Surroundings::of(place, tool, Some(folder), Variables { env, secret_env, inherit }, limit)?;
        Ok(Self { program: Program { command, around }, root: shown, by_hand, refresh_only })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let run = Access::new("this machine", format!("{} in {}", self.program.asked(), self.root));
        let read = Access::new("the providers", "what a plan reads: the state, and every resource in it");
        [run, read].into_iter().chain(self.program.around.access()).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let hand = |mut missing: Unobserved| {
            missing.remedy = Some(Box::new(self.by_hand.clone()));
            missing
        };
        let ran = cx.run(&self.program).await.map_err(|missing| match missing.why {
            Why::Unconfigured => missing,
            _ => hand(missing),
        })?;
        let stream = stream::read(&ran.stdout, &ran.asked).map_err(hand)?;
        let mut errors = stream.errors;
        // One that fails before it can speak JSON complains on its standard error.
        if errors.is_empty() && ran.ended != Ended::Exit(0) && ran.ended != Ended::Exit(2) && !ran.complaint.is_empty()
        {
            errors.push(ran.complaint.clone());
        }
        Ok(Evidence {
            root: self.root.clone(),
            asked: ran.asked.clone(),
            asked_at: ran.asked_at,
            by_hand: self.by_hand.clone(),
            ended: ran.ended,
            tool: stream.tool,
            refresh_only: self.refresh_only,
            refreshed: stream.refreshed,
            changes: stream.changes,
            left_out: stream.left_out,
            summary: stream.summary,
            outputs: stream.outputs,
            errors,
        })
    }
}

/// The same plan by hand, of the same workspace: another one has another state.
fn by_hand<'a>(workspace: Option<&String>, words: impl Iterator<Item = &'a str>, named: &[String]) -> Remedy {
    let before = workspace.map(|name| ["env".to_owned(), format!("{WORKSPACE}={name}")]);
    let remedy = Remedy::run(before.into_iter().flatten().chain(words.map(str::to_owned)));
    if named.is_empty() || remedy.command.is_none() {
        return remedy;
    }
    remedy.saying(format!("with {} set", named.join(", ")))
}
