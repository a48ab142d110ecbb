//! A script cut into simple commands: at operators and line breaks that no quotes protect.

use super::{BLANK, BRACE, CLOSE, OPEN};
use std::{iter::Peekable, str::Chars};

/// How deep commands may stand within commands.
const DEPTH: usize = 8;

/// One simple command: its text, quotes and all, and the line it begins in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) line: usize,
    pub(super) text: String,
}

/// The simple commands of a script whose first line is `line`; what stands within `$(…)` comes before what holds it.
pub(super) fn scan(script: &str, line: usize) -> Vec<Simple> {
    scan_within(script, line, DEPTH)
}

fn scan_within(script: &str, line: usize, depth: usize) -> Vec<Simple> {
    let mut scanner = Scanner {
        rest: script.chars().peekable(),
        line,
        depth,
        found: Vec::new(),
        text: String::new(),
        begun: line,
        here: Vec::new(),
    };
    scanner.run();
    scanner.found
}

struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
    depth: usize,
    found: Vec<Simple>,
    text: String,
    begun: usize,
    /// The words that end the here-documents to come.
    here: Vec<String>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(letter) = self.next() {
            match letter {
                '\\' => self.escape(),
                '\'' => self.single(),
                '"' => self.double(),
                '$' => self.dollar(),
                '`' => self.backtick(),
                '#' if self.at_word() => while self.rest.next_if(|next| *next != '\n').is_some() {},
                '\n' => {
                    self.end();
                    self.skip_here();
                }
                '&' if self.rest.peek() == Some(&'>') => {}
                ';' | '|' | '(' | ')' | '&' => self.end(),
                '<' => self.less(),
                '>' => self.greater(),
                letter => self.put(letter),
            }
        }
        self.end();
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        self.line += usize::from(letter == '\n');
        Some(letter)
    }

    fn put(&mut self, letter: char) {
        if self.text.trim().is_empty() && !letter.is_whitespace() {
            self.text.clear();
            self.begun = self.line;
        }
        self.text.push(letter);
    }

    fn at_word(&self) -> bool {
        self.text.is_empty() || self.text.ends_with(char::is_whitespace)
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.found.push(Simple { line: self.begun, text });
        }
    }

    /// A line goes on after a backslash, though blanks stand behind it: a document shows none.
    fn escape(&mut self) {
        let mut ahead = self.rest.clone();
        while ahead.next_if(|next| matches!(next, ' ' | '\t' | '\r')).is_some() {}
        if ahead.peek() == Some(&'\n') {
            while self.next().is_some_and(|next| next != '\n') {}
            self.put(' ');
            return;
        }
        self.put('\\');
        if let Some(next) = self.next() {
            self.put(next);
        }
    }

    fn single(&mut self) {
        self.put('\'');
        while let Some(letter) = self.next() {
            if letter == '\'' {
                self.put(letter);
                return;
            }
            self.put(if letter == '{' { BRACE } else { letter });
        }
    }

    fn double(&mut self) {
        self.put('"');
        while let Some(letter) = self.next() {
            match letter {
                '"' => {
                    self.put(letter);
                    return;
                }
                '\\' => self.escape(),
                '$' => self.dollar(),
                '`' => self.backtick(),
                '{' => self.put(BRACE),
                letter => self.put(letter),
            }
        }
    }

    fn gap(&mut self, name: &str) {
        let kept = name.chars().filter(|letter| !matches!(letter, '\'' | '"' | '\\' | '`'));
        let kept = kept.map(|letter| if letter.is_whitespace() { BLANK } else { letter });
        for letter in std::iter::once(OPEN).chain(kept).chain([CLOSE]) {
            self.put(letter);
        }
    }

    fn dollar(&mut self) {
        match self.rest.peek().copied() {
            Some('(') => {
                self.next();
                let line = self.line;
                let inner = self.until('(', ')');
                self.nested(&inner, line);
            }
            Some('{') => {
                self.next();
                let inner = self.until('{', '}');
                self.gap(&name(&inner));
            }
            Some(letter) if is_name(letter) => {
                let mut name = String::new();
                while let Some(letter) = self.rest.next_if(|next| is_name(*next)) {
                    name.push(letter);
                }
                self.gap(&name);
            }
            Some(letter @ ('@' | '*' | '?' | '#' | '!' | '$')) => {
                self.next();
                self.gap(&letter.to_string());
            }
            // `$'…'` and a dollar that stands alone.
            Some('\'' | '"') => {}
            _ => self.put('$'),
        }
    }

    fn backtick(&mut self) {
        let line = self.line;
        let mut inner = String::new();
        while let Some(letter) = self.next() {
            if letter == '`' {
                break;
            }
            inner.push(letter);
        }
        self.nested(&inner, line);
    }

    /// What a command prints is not known, but the command is looked at.
    fn nested(&mut self, inner: &str, line: usize) {
        if self.depth > 0 {
            self.found.extend(scan_within(inner, line, self.depth - 1));
        }
        self.gap("(…)");
    }

    fn until(&mut self, open: char, close: char) -> String {
        let (mut depth, mut inner) = (1_usize, String::new());
        while let Some(letter) = self.next() {
            if letter == open {
                depth += 1;
            } else if letter == close {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            inner.push(letter);
        }
        inner
    }

    fn less(&mut self) {
        match self.rest.peek().copied() {
            Some('(') => {
                self.next();
                let line = self.line;
                let inner = self.until('(', ')');
                self.nested(&inner, line);
            }
            Some('<') => {
                self.next();
                let is_text = self.rest.next_if_eq(&'<').is_some();
                self.rest.next_if_eq(&'-');
                let word = self.target();
                if !is_text {
                    self.here.push(word);
                }
            }
            _ => _ = self.target(),
        }
    }

    fn greater(&mut self) {
        let digits = self.text.len() - self.text.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let kept = self.text.len() - digits;
        if self.text[..kept].is_empty() || self.text[..kept].ends_with(char::is_whitespace) {
            self.text.truncate(kept);
        }
        while self.rest.next_if(|next| matches!(next, '>' | '&' | '|')).is_some() {}
        self.target();
    }

    /// The word to which something is redirected; it is no argument.
    fn target(&mut self) -> String {
        while self.rest.next_if(|next| matches!(next, ' ' | '\t')).is_some() {}
        let mut word = String::new();
        while let Some(letter) = self.rest.next_if(|next| !next.is_whitespace() && !";|&()<>".contains(*next)) {
            if !matches!(letter, '\'' | '"' | '\\') {
                word.push(letter);
            }
        }
        word
    }

    fn skip_here(&mut self) {
        for end in std::mem::take(&mut self.here) {
            loop {
                let mut line = String::new();
                let mut is_over = true;
                while let Some(letter) = self.next() {
                    if letter == '\n' {
                        is_over = false;
                        break;
                    }
                    line.push(letter);
                }
                if is_over || line.trim() == end {
                    break;
                }
            }
        }
    }
}

const fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The name in `${NAME}`, `${NAME:-x}` or `${#NAME}`; with a default, or anything else done to it, its value is not the
/// variable's own.
fn name(inner: &str) -> String {
    if inner.chars().all(is_name) { inner.to_owned() } else { format!("{{{inner}}}") }
}
