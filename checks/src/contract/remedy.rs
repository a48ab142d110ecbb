//! What mends a finding: prose, or a command that is safe to paste.
//!
//! A command is made from its arguments, never from text, and quoted for a POSIX shell by `shlex`. One that would need
//! control characters or anything outside ASCII is refused, and the remedy stays prose.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Remedy {
    /// What to do, in a sentence; empty where the command says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// One whole command line, quoted, without gaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    /// Whom the command disrupts, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disrupts: Option<String>,
}

impl Remedy {
    /// A sentence; for what no single command mends.
    pub fn prose(says: impl Into<String>) -> Self {
        Self { says: says.into(), command: None, disrupts: None }
    }

    /// The command made of `arguments`; where one of them cannot be pasted safely, prose that says so.
    pub fn run<A: AsRef<str>>(arguments: impl IntoIterator<Item = A>) -> Self {
        match Command::new(arguments) {
            Some(command) => Self { says: String::new(), command: Some(command), disrupts: None },
            None => Self::prose("by hand: a name in it cannot be pasted safely into a shell"),
        }
    }

    /// Puts a sentence before the command.
    #[must_use]
    pub fn saying(mut self, says: impl Into<String>) -> Self {
        self.says = says.into();
        self
    }

    /// Says whom it disrupts.
    #[must_use]
    pub fn disrupting(mut self, whom: impl Into<String>) -> Self {
        self.disrupts = Some(whom.into());
        self
    }
}

/// One POSIX shell command line: printable ASCII, every argument quoted where it must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Command(String);

impl Command {
    /// The command of `arguments`, or `None` if one is not printable ASCII.
    pub fn new<A: AsRef<str>>(arguments: impl IntoIterator<Item = A>) -> Option<Self> {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let words = arguments.iter().map(AsRef::as_ref);
        if words.clone().any(|word| !word.bytes().all(|byte| (b' '..=b'~').contains(&byte))) {
            return None;
        }
        let quoted = words.map(|word| if is_option(word) { Ok(word.into()) } else { shlex::try_quote(word) });
        let line: Vec<_> = quoted.collect::<Result<_, _>>().ok()?;
        Some(Self(line.join(" ")))
    }

    /// The line as it is pasted.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// True for `--name=value` that no POSIX shell takes for anything else; `shlex` quotes every `=`.
fn is_option(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=./:@,+%".contains(&byte);
    word.starts_with("--") && word.bytes().all(is_plain)
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_shell_words_in_it_is_quoted() {
        let command = Command::new(["kubectl", "-n", "x; rm -rf ~", "get", "$(id)"]).expect("printable");
        assert_eq!(shlex::split(command.as_str()).expect("splits"), ["kubectl", "-n", "x; rm -rf ~", "get", "$(id)"]);
        assert!(!command.as_str().contains(" x; rm"));
    }

    #[test]
    fn an_option_with_a_plain_value_stands_unquoted() {
        let line = |words: &[&str]| Command::new(words).expect("printable").to_string();
        assert_eq!(line(&["kubectl", "scale", "--replicas=10"]), "kubectl scale --replicas=10");
        assert_eq!(line(&["kubectl", "get", "--selector=a in (b)"]), "kubectl get '--selector=a in (b)'");
        assert_eq!(line(&["A=b", "=ls", "--x=~"]), "'A=b' '=ls' '--x=~'");
    }

    #[test]
    fn a_name_with_a_line_break_or_an_escape_is_never_a_command() {
        for name in ["a\nb", "a\u{1b}[31m", "é", "a\0b", "\u{202e}x"] {
            assert_eq!(Command::new(["echo", name]), None, "{name:?}");
            assert_eq!(Remedy::run(["echo", name]).command, None);
        }
    }
}
