//! The lines of `-json`: one message each, of which only addresses, actions and counts are kept.
//!
//! Source: "Machine-Readable UI" of Terraform (`terraform.io/docs/internals/machine-readable-ui`), and
//! `internal/command/views/json`. Types that are not known are passed over, as it asks for; another major version is not read.

use crate::contract::{Unobserved, Why, short};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most changes that are kept.
const MOST: usize = 500;
/// The most errors, and the most letters of a text.
const ERRORS: usize = 10;
const TEXT: usize = 240;

/// One resource that would be changed, or that others changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Its address.
    pub address: String,
    /// What would be done with it: `create`, `update`, `replace`, `delete`, `read`, `move`, …
    pub action: String,
    /// True for what others changed, as opposed to what the plan would change.
    #[serde(default)]
    pub is_outside: bool,
    /// Its address before, where it is moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// What a plan says that it would change in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// To be made.
    #[serde(default)]
    pub add: u64,
    /// To be changed.
    #[serde(default)]
    pub change: u64,
    /// To be taken in.
    #[serde(default)]
    pub import: u64,
    /// To be taken away.
    #[serde(default)]
    pub remove: u64,
}

/// An output that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// What would be done with it.
    pub action: String,
}

/// Everything that is kept of a stream.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) tool: String,
    pub(super) refreshed: usize,
    pub(super) changes: Vec<Change>,
    pub(super) left_out: usize,
    pub(super) summary: Option<Summary>,
    pub(super) outputs: Vec<Output>,
    pub(super) errors: Vec<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    terraform: Option<String>,
    #[serde(default)]
    tofu: Option<String>,
    #[serde(default)]
    ui: Option<String>,
    #[serde(default)]
    change: Option<WrittenChange>,
    #[serde(default)]
    changes: Option<WrittenSummary>,
    #[serde(default)]
    outputs: Option<BTreeMap<String, WrittenOutput>>,
    #[serde(default)]
    diagnostic: Option<Diagnostic>,
    #[serde(default)]
    hook: Option<Hook>,
}

#[derive(Deserialize)]
struct WrittenChange {
    resource: Resource,
    #[serde(default)]
    previous_resource: Option<Resource>,
    action: String,
}

#[derive(Deserialize)]
struct Resource {
    addr: String,
}

#[derive(Deserialize)]
struct WrittenSummary {
    #[serde(default)]
    add: u64,
    #[serde(default)]
    change: u64,
    #[serde(default)]
    import: u64,
    #[serde(default)]
    remove: u64,
    #[serde(default)]
    operation: String,
}

#[derive(Deserialize)]
struct WrittenOutput {
    #[serde(default)]
    action: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    severity: String,
    summary: String,
    #[serde(default)]
    address: String,
}

#[derive(Deserialize)]
struct Hook {
    #[serde(default)]
    resource: Option<Resource>,
}

/// Reads what a plan wrote.
pub(super) fn read(bytes: &[u8], asked: &str) -> Result<Stream, Unobserved> {
    let malformed = |reason: String| Unobserved::new(Why::Malformed, asked, reason);
    let (mut stream, mut refreshed) = (Stream::default(), BTreeSet::new());
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        // What is no JSON at all is a warning that was written past the stream.
        if !line.trim_ascii_start().starts_with(b"{") {
            continue;
        }
        let message: Message = serde_json::from_slice(line)
            .map_err(|_| malformed(format!("line {} of what it wrote is no message of a plan", at + 1)))?;
        stream.take(message, &mut refreshed).map_err(malformed)?;
    }
    if stream.tool.is_empty() {
        // It says who it is before all else.
        stream.left_out += stream.changes.len();
        stream.changes.clear();
        if stream.errors.is_empty() && bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
            return Err(malformed("it does not say which version of Terraform or OpenTofu it is".to_owned()));
        }
    }
    stream.refreshed = refreshed.len();
    Ok(stream)
}

impl Stream {
    fn take(&mut self, message: Message, refreshed: &mut BTreeSet<String>) -> Result<(), String> {
        match message.kind.as_str() {
            "version" => self.version(&message)?,
            "planned_change" | "resource_drift" => {
                let is_outside = message.kind == "resource_drift";
                let change = message.change.ok_or("a message of a change has no change")?;
                self.changed(change, is_outside);
            }
            "change_summary" => {
                let written = message.changes.ok_or("a message of a summary has none")?;
                let WrittenSummary { add, change, import, remove, operation } = written;
                if operation == "plan" {
                    self.summary = Some(Summary { add, change, import, remove });
                }
            }
            "outputs" => self.outputs.extend(message.outputs.into_iter().flatten().filter_map(output)),
            "diagnostic" => {
                self.errors.extend(message.diagnostic.and_then(error).filter(|_| self.errors.len() < ERRORS));
            }
            "refresh_start" | "refresh_complete" => {
                refreshed.extend(message.hook.and_then(|hook| hook.resource).map(|resource| resource.addr));
            }
            _ => {}
        }
        Ok(())
    }

    fn version(&mut self, message: &Message) -> Result<(), String> {
        let (name, version) = match (&message.terraform, &message.tofu) {
            (_, Some(version)) => ("OpenTofu", version),
            (Some(version), None) => ("Terraform", version),
            (None, None) => return Err("its message of its version names neither Terraform nor OpenTofu".to_owned()),
        };
        let ui = message.ui.as_deref().unwrap_or_default();
        if !matches!(ui.split('.').next(), Some("0" | "1")) {
            return Err(format!("it speaks version `{}` of its messages, and 1 is read", short(ui, 20)));
        }
        self.tool = format!("{name} {}", short(version, 40));
        Ok(())
    }

    fn changed(&mut self, change: WrittenChange, is_outside: bool) {
        if self.changes.len() == MOST {
            self.left_out += 1;
            return;
        }
        let was = change.previous_resource.map(|before| short(&before.addr, TEXT));
        let (address, action) = (short(&change.resource.addr, TEXT), short(&change.action, 40));
        self.changes.push(Change { address, action, is_outside, was });
    }
}

/// Its name and what would be done; never its value.
fn output((name, output): (String, WrittenOutput)) -> Option<Output> {
    if matches!(output.action.as_str(), "" | "noop") {
        return None;
    }
    Some(Output { name: short(&name, TEXT), action: short(&output.action, 40) })
}

/// The summary alone: the detail of an error may quote a value.
fn error(diagnostic: Diagnostic) -> Option<String> {
    let Diagnostic { severity, summary, address } = diagnostic;
    if severity != "error" {
        return None;
    }
    let at = if address.is_empty() { String::new() } else { format!(" at {}", short(&address, TEXT)) };
    Some(format!("{}{at}", short(&summary, TEXT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(name: &str) -> Stream {
        let path = format!("{}/tests/recordings/terraform/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
        read(&std::fs::read(&path).expect("a recording"), "run terraform plan")
            .unwrap_or_else(|missing| panic!("{missing}"))
    }

    #[test]
    fn recorded_plans_are_read() {
        let none = recorded("none");
        assert_eq!((none.tool.as_str(), none.refreshed, none.changes.len()), ("Terraform 1.11.4", 1, 0));
        assert_eq!((none.summary, none.outputs), (Some(Summary::default()), Vec::new()));
        let update = recorded("update");
        assert_eq!(update.changes[0].address, "terraform_data.web");
        assert_eq!((update.changes[0].action.as_str(), update.summary.expect("one").change), ("update", 1));
        let moved = recorded("moved");
        assert_eq!(
            (moved.changes[0].action.as_str(), moved.changes[0].was.as_deref()),
            ("move", Some("terraform_data.web"))
        );
        let outputs = recorded("outputs").outputs;
        assert_eq!(outputs, [Output { name: "more".into(), action: "create".into() }]);
        assert_eq!(recorded("error").errors, ["Reference to undeclared input variable"]);
    }

    #[test]
    fn what_is_no_plan_is_not_read() {
        for (text, words) in [
            ("No changes.", "does not say which version"),
            ("{\"type\":\"version\",\"terraform\":\"3.0.0\",\"ui\":\"2.0\"}", "speaks version `2.0`"),
            ("{\"type\":\"version\",\"pulumi\":\"3.0.0\",\"ui\":\"1.0\"}", "neither Terraform nor OpenTofu"),
            ("{\"type\":\"version\",\"terraform\":\"1.11.4\",\"ui\":\"1.2\"}\n{\"type\":\"planned_ch", "line 2"),
            ("{\"type\":\"planned_change\"}", "has no change"),
        ] {
            let missing = read(text.as_bytes(), "run it").expect_err(text);
            assert_eq!(missing.why, Why::Malformed);
            assert!(missing.detail.contains(words), "{text}: {missing}");
        }
        let known = "{\"type\":\"version\",\"tofu\":\"1.8.0\",\"ui\":\"1.2\"}\n{\"type\":\"something_new\",\"x\":1}\n";
        assert_eq!(read(known.as_bytes(), "run it").expect("a stream").tool, "OpenTofu 1.8.0");
    }
}
