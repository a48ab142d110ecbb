//! What a command names. A program that is not known here is counted, and the URLs among its words are still looked at.

mod fetch;
mod helm;
mod kubectl;
mod kubectl_flags;
mod names;

use super::{
    found::Found,
    shell::{Command, Variables, has_gap, shown},
};
use regex::Regex;
use std::sync::LazyLock;

/// Programs whose commands are read; code within a line is one only where it begins with one of them.
const PROGRAMS: [&str; 14] = [
    "kubectl",
    "helm",
    "curl",
    "wget",
    "dig",
    "host",
    "nslookup",
    "ping",
    "nc",
    "openssl",
    "k",
    "oc",
    "traceroute",
    "telnet",
];
/// Programs that name nothing outside the machine of whoever runs them.
const LOCAL: &[&str] = &[
    "case", "esac", "function", "select", "shift", "trap", "source", "eval", "unset", "alias", "which", "type", "let",
    "clear", "pwd", "touch", "chmod", "find", "diff", "cd", "echo", "printf", "cat", "grep", "egrep", "awk", "sed",
    "sort", "uniq", "head", "tail", "wc", "jq", "yq", "tr", "cut", "sleep", "set", "test", "[", "[[", "true", "false",
    "exit", "return", "wait", "date", "ls", "cp", "mv", "rm", "mkdir", "base64", "tee", "column", "less", "break",
    "continue", "in",
];
/// A request as documents write it.
static REQUEST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(GET|HEAD|POST|PUT|PATCH|DELETE)\s+(/\S*|https?://\S+)$").ok());

/// A block of commands.
pub(super) fn script(found: &mut Found<'_>, variables: &mut Variables, text: &str, line: usize) {
    for command in variables.commands(text, line) {
        match command {
            Ok(command) => one(found, &command),
            Err(line) => found.leave(line, "a command", "its quotes do not end"),
        }
    }
}

/// Code within a line: a command, a URL or a request; anything else is only a word.
pub(super) fn inline(found: &mut Found<'_>, variables: &mut Variables, text: &str, line: usize) {
    let text = text.trim();
    let text = text.strip_prefix("$ ").unwrap_or(text);
    let first = text.split_whitespace().next().unwrap_or_default();
    if PROGRAMS.contains(&first) && text.contains(char::is_whitespace) {
        return script(found, variables, text, line);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return found.url(line, &super::shell::with_gaps(text));
    }
    if let Some(request) = REQUEST.as_ref().and_then(|request| request.captures(text)) {
        asked(found, line, &request[1], &super::shell::with_gaps(&request[2]));
    }
}

fn asked(found: &mut Found<'_>, line: usize, method: &str, to: &str) {
    let url = match (&found.target.base, to.strip_prefix('/')) {
        (_, None) => to.to_owned(),
        (Some(base), Some(path)) => format!("{}/{path}", base.as_str().trim_end_matches('/')),
        (None, Some(_)) => return found.leave(line, &format!("{method} {to}"), "no `base` says whose path it is"),
    };
    fetch::ask(found, line, method, &url);
}

fn one(found: &mut Found<'_>, command: &Command) {
    let Some((program, words)) = command.words.split_first() else { return };
    if has_gap(program) {
        return found.leave(command.line, program, "the program is not known");
    }
    let name = program.rsplit('/').next().unwrap_or(program);
    match name {
        "kubectl" | "k" | "oc" => kubectl::read(found, command.line, words),
        "helm" => helm::read(found, command.line, words),
        "curl" => fetch::curl(found, command.line, words),
        "wget" => fetch::wget(found, command.line, words),
        "dig" | "host" | "nslookup" | "ping" | "nc" | "openssl" | "traceroute" | "telnet" => {
            names::read(found, command.line, name, words);
        }
        name if LOCAL.contains(&name) => {}
        name => other(found, command.line, name, words),
    }
}

fn other(found: &mut Found<'_>, line: usize, name: &str, words: &[String]) {
    let is_program = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '.')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.+".contains(letter));
    if is_program && found.other_programs.len() < 50 {
        *found.other_programs.entry(shown(name)).or_insert(0) += 1;
    }
    for word in words.iter().filter(|word| word.starts_with("https://") || word.starts_with("http://")) {
        found.url(line, word);
    }
}

/// The flags and the other words of a command: which flags take a value is the program's own.
struct Line<'a> {
    /// Each flag with its value, where it has one.
    flags: Vec<(&'a str, Option<&'a str>)>,
    rest: Vec<&'a str>,
    /// What stands behind `--`.
    after: Vec<&'a str>,
}

impl<'a> Line<'a> {
    /// `short` are the letters, `long` the names of those that take a value.
    fn read(words: &'a [String], short: &str, long: &[&str]) -> Self {
        let mut read = Self { flags: Vec::new(), rest: Vec::new(), after: Vec::new() };
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            if word == "--" {
                read.after.extend(words);
                break;
            }
            if let Some(name) = word.strip_prefix("--") {
                let flag = match name.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None if long.contains(&name) => (name, words.next()),
                    None => (name, None),
                };
                read.flags.push(flag);
            } else if word.len() > 1 && word.starts_with('-') {
                read.letters(&word[1..], short, &mut words);
            } else {
                read.rest.push(word);
            }
        }
        read
    }

    fn letters(&mut self, letters: &'a str, short: &str, words: &mut impl Iterator<Item = &'a str>) {
        for (at, letter) in letters.char_indices() {
            let (name, behind) = (&letters[at..at + letter.len_utf8()], &letters[at + letter.len_utf8()..]);
            if short.contains(letter) {
                let attached = behind.strip_prefix('=').unwrap_or(behind);
                let value = if behind.is_empty() { words.next() } else { Some(attached) };
                self.flags.push((name, value));
                return;
            }
            self.flags.push((name, None));
        }
    }

    fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|(name, value)| names.contains(name) && *value != Some("false"))
    }

    /// The value of the last of these flags.
    fn value(&self, names: &[&str]) -> Option<&'a str> {
        self.flags.iter().rev().find_map(|(name, value)| value.filter(|_| names.contains(name)))
    }

    fn values(&self, names: &[&str]) -> Vec<&'a str> {
        self.flags.iter().filter_map(|(name, value)| value.filter(|_| names.contains(name))).collect()
    }
}
