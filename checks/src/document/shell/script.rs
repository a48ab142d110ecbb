//! Simple commands as words, with what the script knows of its variables put in: one command for each turn of a loop.

use super::{BLANK, BRACE, CLOSE, OPEN, PLACEHOLDER, scan::scan, with_gaps, without_prompts};
use std::collections::BTreeMap;

/// The most commands that one becomes by loops and braces.
const MOST_TURNS: usize = 64;
/// What stands before a command and is none.
const BEFORE: [&str; 18] = [
    "do", "then", "else", "elif", "if", "while", "until", "!", "{", "}", "time", "exec", "command", "builtin", "nohup",
    "env", "done", "fi",
];
/// What sets variables.
const SETS: [&str; 4] = ["export", "local", "declare", "readonly"];

/// One command, its words known as far as they can be.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Command {
    pub(in super::super) line: usize,
    pub(in super::super) words: Vec<String>,
}

/// What is known of variables and placeholders: each one's values, of which a loop gives several.
#[derive(Debug, Default)]
pub(in super::super) struct Variables(BTreeMap<String, Vec<String>>);

impl Variables {
    /// Those that the checklist gives.
    pub(in super::super) fn of(given: &BTreeMap<String, String>) -> Self {
        Self(given.iter().map(|(name, value)| (name.clone(), vec![value.clone()])).collect())
    }

    /// The commands of a script whose first line is `line`; of one that no shell can read, `Err` with its line.
    pub(in super::super) fn commands(&mut self, script: &str, line: usize) -> Vec<Result<Command, usize>> {
        let script = with_gaps(&without_prompts(script));
        let mut all = Vec::new();
        for simple in scan(&script, line) {
            match shlex::split(&simple.text) {
                None => all.push(Err(simple.line)),
                Some(words) => {
                    let turns = self.command(words).into_iter();
                    all.extend(turns.map(|words| Ok(Command { line: simple.line, words })));
                }
            }
        }
        all
    }

    fn command(&mut self, words: Vec<String>) -> Vec<Vec<String>> {
        let mut words = words;
        loop {
            let Some(first) = words.first().cloned() else { return Vec::new() };
            if BEFORE.contains(&first.as_str()) || SETS.contains(&first.as_str()) {
                words.remove(0);
            } else if first == "for" {
                self.each(&words);
                return Vec::new();
            } else if first == "read" {
                words.iter().skip(1).for_each(|name| _ = self.0.remove(name));
                return Vec::new();
            } else if let Some((name, value)) = assignment(&first) {
                self.set(&name, &value);
                words.remove(0);
            } else if let Some(length) = wrapper(&words) {
                words.drain(..length);
                let inner = words.first().filter(|word| word.contains(char::is_whitespace));
                if let Some(inner) = inner.and_then(|word| shlex::split(word)) {
                    words.splice(..1, inner);
                }
            } else {
                return self.turns(&words);
            }
        }
    }

    /// `for NAME in WORD…`
    fn each(&mut self, words: &[String]) {
        let [_, name, "in", ..] = words.iter().map(String::as_str).collect::<Vec<_>>()[..] else { return };
        let (name, listed) = (name.to_owned(), &words[3..]);
        let values: Vec<String> = listed.iter().flat_map(|word| self.words(word)).collect();
        let is_known = values.iter().all(|value| !super::has_gap(value) && !value.contains(['*', '?']));
        if is_known && !values.is_empty() && values.len() <= MOST_TURNS {
            self.0.insert(name, values);
        } else {
            self.0.remove(&name);
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let values: Vec<String> = self.filled(&[value.to_owned()]).into_iter().flatten().collect();
        if values.iter().any(|value| super::has_gap(value)) {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), values);
        }
    }

    /// A word of a list, once for each value that it may have; a value of several words gives several.
    fn words(&self, word: &str) -> Vec<String> {
        let filled = self.filled(&[word.to_owned()]).into_iter().flatten();
        filled.flat_map(|word| braces(&word)).flat_map(|word| split(&word)).collect()
    }

    /// The words with every known value put in, once for each turn.
    fn turns(&self, words: &[String]) -> Vec<Vec<String>> {
        self.filled(words).iter().map(|turn| spread(turn)).collect()
    }

    fn filled(&self, words: &[String]) -> Vec<Vec<String>> {
        let mut turns = vec![words.to_vec()];
        for name in names(words) {
            let Some(values) = self.0.get(&name.replace(BLANK, " ")) else { continue };
            if turns.len() * values.len() > MOST_TURNS {
                continue;
            }
            let fill =
                |turn: &Vec<String>, value: &String| turn.iter().map(|word| filled(word, &name, value)).collect();
            turns = turns.iter().flat_map(|turn| values.iter().map(move |value| fill(turn, value))).collect();
        }
        turns
    }
}

/// `NAME=value`
fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    is_name.then(|| (name.to_owned(), value.to_owned()))
}

/// How many words stand before the command that another program runs.
fn wrapper(words: &[String]) -> Option<usize> {
    let first = words.first()?.as_str();
    let (takes, own): (&[&str], usize) = match first {
        "sudo" => (&["-u", "-g", "-h"], 0),
        "watch" => (&["-n", "--interval"], 0),
        "xargs" => (&["-I", "-n", "-P", "-L", "-d", "-a"], 0),
        "timeout" => (&["-s", "-k", "--signal", "--kill-after"], 1),
        _ => return None,
    };
    let mut at = 1;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += if takes.contains(&word.as_str()) { 2 } else { 1 };
    }
    Some((at + own).min(words.len()))
}

/// The names of the gaps, each once.
fn names(words: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for word in words {
        let gaps = word.split(OPEN).skip(1).filter_map(|rest| rest.split_once(CLOSE));
        for (gap, _) in gaps {
            let name = gap.trim_start_matches(PLACEHOLDER).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn filled(word: &str, name: &str, value: &str) -> String {
    word.replace(&format!("{OPEN}{name}{CLOSE}"), value).replace(&format!("{OPEN}{PLACEHOLDER}{name}{CLOSE}"), value)
}

fn split(value: &str) -> Vec<String> {
    value.split_whitespace().map(str::to_owned).collect()
}

/// Braces made words, and a command that a variable holds made its words.
fn spread(words: &[String]) -> Vec<String> {
    let mut spread: Vec<String> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let whole = if i == 0 && word.contains(char::is_whitespace) { split(word) } else { braces(word) };
        spread.extend(whole.into_iter().map(|word| word.replace(BRACE, "{")));
    }
    spread
}

/// `a-{b,c}` as `a-b` and `a-c`.
fn braces(word: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![word.to_owned()];
    while let Some(word) = open.pop() {
        let inner = word.find('}').and_then(|close| Some((word[..close].rfind('{')?, close)));
        let parts: Vec<&str> = inner.map(|(from, to)| word[from + 1..to].split(',').collect()).unwrap_or_default();
        match inner {
            Some((from, to)) if parts.len() > 1 && done.len() + open.len() + parts.len() <= MOST_TURNS => {
                let (before, after) = (&word[..from], &word[to + 1..]);
                open.extend(parts.iter().rev().map(|part| format!("{before}{part}{after}")));
            }
            _ => done.push(word),
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::super::shown;
    use super::*;

    fn read(script: &str) -> Vec<(usize, String)> {
        let given = [("REGION".to_owned(), "us-east-2".to_owned())].into();
        let commands = Variables::of(&given).commands(script, 1);
        let line = |command: Result<Command, usize>| match command {
            Ok(command) => (command.line, command.words.iter().map(|word| shown(word)).collect::<Vec<_>>().join(" ")),
            Err(line) => (line, "unreadable".to_owned()),
        };
        commands.into_iter().map(line).collect()
    }

    fn one(script: &str) -> Vec<String> {
        read(script).into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn operators_part_commands_and_quotes_protect_them() {
        assert_eq!(one("a 'x;y' && b \"c|d\" | e; f & g # no"), ["a x;y", "b c|d", "e", "f", "g"]);
        assert_eq!(one("a > out 2>&1 < in <<< text; b &> all; c 2>/dev/null d"), ["a", "b", "c d"]);
        assert_eq!(one("a 'b"), ["unreadable"]);
    }

    #[test]
    fn a_command_has_the_line_it_begins_in() {
        let script = "\n# first\na \\\n  b \\  \n  c\n\ncat <<'EOF' > x\nd 'e\nEOF\nf";
        assert_eq!(read(script), [(3, "a b c".to_owned()), (7, "cat".to_owned()), (10, "f".to_owned())]);
    }

    #[test]
    fn what_the_document_sets_is_put_in_and_the_rest_stays_a_gap() {
        assert_eq!(
            one("NS=coder; get $NS ${NS}-x '$NS' $OTHER <pod name> $REGION <REGION>"),
            ["get coder coder-x $NS $OTHER <pod name> us-east-2 us-east-2"]
        );
        assert_eq!(one("K='kubectl --context a'\n$K get pods"), ["kubectl --context a get pods"]);
        assert_eq!(one("NS=$(first -x)\nget $NS `second`"), ["first -x", "second", "get $NS $(…)"]);
        assert_eq!(one("get ${NS:-coder} {{ .Release.Name }}"), ["get ${NS:-coder} <Release.Name>"]);
    }

    #[test]
    fn a_loop_over_words_is_one_command_for_each() {
        let script = "for ns in a b; do\n  get -n $ns x-{1,2}\ndone\nfor p in $(list); do get $p; done";
        assert_eq!(one(script), ["get -n a x-1 x-2", "get -n b x-1 x-2", "list", "get $p"]);
        let words = (0..100).map(|i| i.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(one(&format!("for i in {words}; do get $i; done")), ["get $i"]);
    }

    #[test]
    fn a_session_shows_its_commands_behind_a_prompt() {
        assert_eq!(read("$ a \\\n> b\nout; put\n$ c"), [(1, "a b".to_owned()), (4, "c".to_owned())]);
    }

    #[test]
    fn what_runs_another_command_is_looked_through() {
        assert_eq!(
            one("sudo -u x a b; timeout 5m c; watch -n 2 'd e'; f | xargs -I {} g {}; if h; then ! i; fi"),
            ["a b", "c", "d e", "f", "g {}", "h", "i"]
        );
    }
}
