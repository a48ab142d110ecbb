//! Commands as a shell would read them, as far as that can be known without running anything.
//!
//! Pipes, lists, quotes, comments, here-documents, loops over words and variables that the document itself sets are followed;
//! what only a run would tell (`$(…)`, a variable that nobody sets, a `<placeholder>`) stays a gap in its word. Words are split
//! by `shlex`, which knows quotes and no operators; a whole shell's grammar was rejected, since documents are not valid in it.

mod scan;
mod script;

pub(super) use script::{Command, Variables};

use regex::Regex;
use std::sync::LazyLock;

/// Around the name of a variable or a placeholder in a word.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';
/// In place of a brace that is quoted, and so not expanded.
const BRACE: char = '\u{e002}';
/// In front of the name of a placeholder.
const PLACEHOLDER: char = '\u{e003}';
/// In place of a blank in such a name, at which the word is not to end.
const BLANK: char = '\u{e004}';

/// A `<placeholder>` or a `{{ placeholder }}`.
static PLACES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"<([A-Za-z](?:[A-Za-z0-9_./ -]{0,58}[A-Za-z0-9])?)>|\{\{\s*\.?([A-Za-z][A-Za-z0-9_. -]{0,58}?)\s*\}\}")
        .ok()
});

/// The text with every placeholder made a gap.
pub(super) fn with_gaps(text: &str) -> String {
    let private = |letter: char| (OPEN..=BLANK).contains(&letter);
    let clean: String = text.chars().filter(|letter| !private(*letter) && *letter != '\r').collect();
    let Some(places) = PLACES.as_ref() else { return clean };
    let gap = |found: &regex::Captures<'_>| {
        let name = found.get(1).or_else(|| found.get(2)).map_or("", |name| name.as_str());
        // `<<EOF>` would be a here-document.
        let is_here = found.get(0).is_some_and(|whole| clean[..whole.start()].ends_with('<'));
        if is_here {
            found[0].to_owned()
        } else {
            format!("{OPEN}{PLACEHOLDER}{}{CLOSE}", name.replace(' ', &BLANK.to_string()))
        }
    };
    places.replace_all(&clean, gap).into_owned()
}

/// True if and only if something in the word is not known.
pub(super) fn has_gap(word: &str) -> bool {
    word.contains(OPEN)
}

/// The word as a person writes it.
pub(super) fn shown(word: &str) -> String {
    let mut shown = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        shown.push_str(before);
        match name.strip_prefix(PLACEHOLDER) {
            Some(name) => shown.extend(["<", name, ">"]),
            None => shown.extend(["$", name]),
        }
        rest = after;
    }
    shown.push_str(rest);
    shown.replace(BRACE, "{").replace(BLANK, " ").chars().filter(|letter| !letter.is_control()).take(120).collect()
}

/// The script with what a session shows taken away: where lines begin with a prompt, all others are output.
pub(super) fn without_prompts(script: &str) -> String {
    if !script.lines().any(|line| line.trim_start().starts_with("$ ")) {
        return script.to_owned();
    }
    let mut goes_on = false;
    let lines = script.lines().map(|line| {
        let line = line.trim_start();
        let command = line.strip_prefix("$ ").or_else(|| {
            let rest = Some(line).filter(|_| goes_on)?;
            Some(rest.strip_prefix("> ").unwrap_or(rest))
        });
        goes_on = command.is_some_and(|command| command.trim_end().ends_with('\\'));
        command.unwrap_or_default()
    });
    lines.collect::<Vec<_>>().join("\n")
}
