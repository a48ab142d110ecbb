//! What a registry asks for: the challenges of `WWW-Authenticate` (RFC 9110, section 11.6.1).
//!
//! Read by hand, for a value may hold commas and escaped quotes, one header several challenges, and one answer several
//! headers; splitting at commas breaks at the first scope of two actions.

/// One challenge: its scheme in lower case, and its parameters with their names in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The parameter `name`; one that is given twice is none.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter().filter(|(key, _)| key == name);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }
}

/// The challenges in one header's value; what follows something unreadable is left out.
pub(super) fn challenges(text: &str) -> Vec<Challenge> {
    let mut rest = Rest(text);
    let mut found: Vec<Challenge> = Vec::new();
    loop {
        rest.skip(|letter| letter == ',' || letter.is_ascii_whitespace());
        let word = rest.token();
        if word.is_empty() {
            return found;
        }
        let before = rest.0;
        rest.skip(|letter| letter.is_ascii_whitespace());
        if let (Some(value), Some(challenge)) = (rest.value(), found.last_mut()) {
            challenge.parameters.push((word.to_ascii_lowercase(), value));
        } else if rest.0.starts_with('=') {
            return found;
        } else {
            rest.0 = before;
            found.push(Challenge { scheme: word.to_ascii_lowercase(), parameters: Vec::new() });
        }
    }
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(is_skipped);
    }

    fn token(&mut self) -> &'a str {
        let is_token = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(letter);
        let end = self.0.find(|letter| !is_token(letter)).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        word
    }

    /// `= value`, quoted or not; `None` (and nothing taken) where it does not read.
    fn value(&mut self) -> Option<String> {
        let after = self.0.strip_prefix('=')?.trim_start();
        let mut rest = Rest(after);
        let value = match after.strip_prefix('"') {
            Some(quoted) => {
                let (value, behind) = unquoted(quoted)?;
                rest.0 = behind;
                value
            }
            None => Some(rest.token()).filter(|word| !word.is_empty())?.to_owned(),
        };
        self.0 = rest.0;
        Some(value)
    }
}

/// A quoted string after its first quote: its value, and what follows its last.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            letter => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_may_hold_commas_and_escaped_quotes() {
        let read = challenges(
            r#"Bearer realm="https://auth.example/token?a=b,c",service="the \"one\"",scope="repository:a/b:pull,push""#,
        );
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].scheme, "bearer");
        assert_eq!(read[0].parameter("realm"), Some("https://auth.example/token?a=b,c"));
        assert_eq!(read[0].parameter("service"), Some(r#"the "one""#));
        assert_eq!(read[0].parameter("scope"), Some("repository:a/b:pull,push"));
    }

    #[test]
    fn one_header_may_hold_several_challenges() {
        let read = challenges(r#"Basic realm="x" , BEARER Realm = "https://a/t", service=plain"#);
        assert_eq!(read.iter().map(|challenge| challenge.scheme.as_str()).collect::<Vec<_>>(), ["basic", "bearer"]);
        assert_eq!(read[1].parameter("realm"), Some("https://a/t"));
        assert_eq!(read[1].parameter("service"), Some("plain"));
    }

    #[test]
    fn a_broken_challenge_gives_no_parameter_that_was_not_whole() {
        for text in [r#"Bearer realm="https://a"#, "Bearer realm=", "=x", r#"Bearer realm="a",realm="b""#] {
            let realm = challenges(text).first().and_then(|challenge| challenge.parameter("realm").map(str::to_owned));
            assert_eq!(realm, None, "{text}");
        }
    }
}
