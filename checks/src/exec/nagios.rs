//! What a plugin of Nagios writes: a line, perhaps more lines, numbers behind a `|`.
//!
//! Source: the Monitoring Plugins Development Guidelines, and "Nagios Plugin API" (Nagios Core 3 and later): the first line's `|`
//! begins its numbers; further lines are words until a `|`, and all behind that are numbers.

use super::performance::{self, Metric};
use crate::contract::short;
use serde::{Deserialize, Serialize};

/// The most letters of a line, and the most lines that are kept beside the worst.
const LINE: usize = 300;
const LINES: usize = 20;
/// The words for a state, as plugins write them, and its exit code.
const STATES: [(&str, i32); 4] = [("OK", 0), ("WARNING", 1), ("CRITICAL", 2), ("UNKNOWN", 3)];

/// What a plugin wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// The first line, without its numbers.
    pub line: String,
    /// The lines behind it: the first ones, and of the others the one of the worst state, where it is worse than theirs.
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
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines();
        let (line, numbers) = parts(lines.next().unwrap_or_default());
        let line = short(line, LINE);
        let (mut numbers, mut more, mut is_numbers) = (numbers.to_owned(), Vec::new(), false);
        // A state counts wherever it stands, also among numbers.
        let (mut worst, mut left) = (state(&line), None);
        for next in lines {
            let (words, behind) = if is_numbers { ("", next) } else { parts(next) };
            is_numbers |= next.contains('|');
            let is_kept = !words.trim().is_empty() && more.len() < LINES;
            let own = state(parts(next).0).filter(|own| *own > 0);
            if own.is_some() && own > worst {
                worst = own;
                left = (!is_kept).then(|| short(parts(next).0, LINE));
            }
            if is_kept {
                more.push(short(words, LINE));
            }
            numbers.push(' ');
            numbers.push_str(behind);
        }
        more.extend(left);
        let (metrics, unread) = performance::read(&numbers);
        let unread = unread.iter().map(|word| short(word, LINE)).collect();
        let metrics =
            metrics.into_iter().map(|metric| Metric { label: short(&metric.label, LINE), ..metric }).collect();
        Self { line, more, metrics, unread }
    }

    /// True if and only if there are no words in it.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.line.is_empty() && self.more.is_empty()
    }

    /// The line of the worst state, where that is worse than OK.
    #[must_use]
    pub fn worst(&self) -> Option<&str> {
        let lines = std::iter::once(&self.line).chain(&self.more);
        let bad = lines.filter_map(|line| Some((state(line).filter(|state| *state > 0)?, line.as_str())));
        bad.max_by_key(|(state, _)| *state).map(|(_, line)| line)
    }
}

/// The exit code of the state that a line begins with: `HTTP CRITICAL: …`, `DISK OK - …`.
fn state(line: &str) -> Option<i32> {
    // `CRITICAL` is a state and `critical` a word; what stands behind a sign is a sentence.
    let head = line.split([':', '-', ';', ',', '(']).next().unwrap_or_default();
    let words: Vec<&str> = head.split_whitespace().take(3).collect();
    STATES.iter().rev().find(|(word, _)| words.contains(word)).map(|(_, code)| *code)
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
        let worst = |text: &str| Plugin::read(text.as_bytes()).worst().map(str::to_owned);
        assert_eq!(worst("HTTP CRITICAL: HTTP/1.1 503").as_deref(), Some("HTTP CRITICAL: HTTP/1.1 503"));
        assert_eq!(worst("connect: refused\nHTTP CRITICAL - no socket").as_deref(), Some("HTTP CRITICAL - no socket"));
        assert_eq!(worst("WARNING - Certificate expires").as_deref(), Some("WARNING - Certificate expires"));
        for fine in ["PROCS OK: 3 processes; none CRITICAL", "everything is fine", "the critical path is free"] {
            assert_eq!(worst(fine), None, "{fine}");
        }
    }

    #[test]
    fn a_state_far_below_counts_too() {
        let below = |last: &str| format!("OK - all looked at\n{}{last}\n", "a line of a log\n".repeat(30_000));
        let seen = Plugin::read(below("CRITICAL - db down").as_bytes());
        assert_eq!((seen.more.len(), seen.worst()), (LINES + 1, Some("CRITICAL - db down")));
        let seen = Plugin::read(below("OK - db up").as_bytes());
        assert_eq!((seen.more.len(), seen.worst()), (LINES, None));
        let numbers = "OK - a | x=1\nmore | y=2\nz=3\nCRITICAL - b | v=4\n";
        assert_eq!(Plugin::read(numbers.as_bytes()).worst(), Some("CRITICAL - b"));
    }

    #[test]
    fn a_terminal_is_not_spoken_to() {
        assert_eq!(Plugin::read(b"OK - \x1b[31mred\x07\x00 | a=1\xff").line, "OK - [31mred");
        assert!(Plugin::read(b"\n \n").is_silent());
    }
}
