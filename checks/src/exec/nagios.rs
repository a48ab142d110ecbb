//! What a plugin of Nagios writes: a line, perhaps more lines, numbers behind a `|`.
//!
//! Source: the Monitoring Plugins Development Guidelines, and "Nagios Plugin API" (Nagios Core 3 and later): the first line's `|`
//! begins its numbers; further lines are words until a `|`, and all behind that are numbers.

use super::performance::{self, Metric};
use crate::contract::short;
use serde::{Deserialize, Serialize};

/// The most letters of a line, and the most lines.
const LINE: usize = 300;
const LINES: usize = 20;
/// The most of the output that is read at all.
const READ: usize = 64 << 10;
/// The words for a state, as plugins write them, and its exit code.
const STATES: [(&str, i32); 4] = [("OK", 0), ("WARNING", 1), ("CRITICAL", 2), ("UNKNOWN", 3)];

/// What a plugin wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// The first line, without its numbers.
    pub line: String,
    /// The lines behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
    /// The numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric>,
    /// What stands among the numbers and is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

impl Plugin {
    /// Reads what a plugin wrote.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(READ)]);
        let mut lines = text.lines();
        let (line, numbers) = parts(lines.next().unwrap_or_default());
        let (mut numbers, mut more, mut is_numbers) = (numbers.to_owned(), Vec::new(), false);
        for next in lines {
            let (words, behind) = if is_numbers { ("", next) } else { parts(next) };
            is_numbers |= next.contains('|');
            if !words.trim().is_empty() && more.len() < LINES {
                more.push(short(words, LINE));
            }
            numbers.push(' ');
            numbers.push_str(behind);
        }
        let (metrics, unread) = performance::read(&numbers);
        let unread = unread.iter().map(|word| short(word, LINE)).collect();
        let metrics =
            metrics.into_iter().map(|metric| Metric { label: short(&metric.label, LINE), ..metric }).collect();
        Self { line: short(line, LINE), more, metrics, unread }
    }

    /// True if and only if there are no words in it.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.line.is_empty() && self.more.is_empty()
    }

    /// The exit code of the state that a line begins with: `HTTP CRITICAL: …`, `DISK OK - …`. The worst, where several do.
    #[must_use]
    pub fn state(&self) -> Option<i32> {
        let of = |line: &String| {
            // `CRITICAL` is a state and `critical` a word; what stands behind a sign is a sentence.
            let head = line.split([':', '-', ';', ',', '(']).next().unwrap_or_default();
            let words: Vec<&str> = head.split_whitespace().take(3).collect();
            STATES.iter().rev().find(|(word, _)| words.contains(word)).map(|(_, code)| *code)
        };
        std::iter::once(&self.line).chain(&self.more).filter_map(of).max()
    }
}

fn parts(line: &str) -> (&str, &str) {
    line.split_once('|').unwrap_or((line, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_of_several_lines_are_told_apart() {
        let seen = Plugin::read(
            b"DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n/boot 68 MB (69%);\n/var/log 819 MB (84%); | /boot=68MB;88;93;0;98\n/home=69357MB;253404;253409;0;253414\n/var/log=818MB;970;975;0;980\n",
        );
        assert_eq!(seen.line, "DISK OK - free space: / 3326 MB (56%);");
        assert_eq!(seen.more.len(), 3);
        let labels: Vec<_> = seen.metrics.iter().map(|metric| metric.label.as_str()).collect();
        assert_eq!(labels, ["/", "/boot", "/home", "/var/log"]);
        assert_eq!(seen.unread, [""; 0]);
    }

    #[test]
    fn the_state_is_what_a_line_begins_with() {
        let state = |text: &str| Plugin::read(text.as_bytes()).state();
        assert_eq!(state("HTTP CRITICAL: HTTP/1.1 503"), Some(2));
        assert_eq!(state("connect to address 127.0.0.1: refused\nHTTP CRITICAL - Unable to open TCP socket"), Some(2));
        assert_eq!(state("WARNING - Certificate expires"), Some(1));
        assert_eq!(state("PROCS OK: 3 processes; none CRITICAL"), Some(0));
        assert_eq!(state("everything is fine"), None);
        assert_eq!(state("the critical path is free"), None);
    }

    #[test]
    fn a_terminal_is_not_spoken_to() {
        assert_eq!(Plugin::read(b"OK - \x1b[31mred\x07\x00 | a=1\xff").line, "OK - [31mred");
        assert!(Plugin::read(b"\n \n").is_silent());
    }
}
