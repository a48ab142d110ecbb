//! Matchers as a configuration writes them: `severity="page"`, `{a="b", c=~"d|e"}`, and names and values in any script.
//!
//! Both of Alertmanager's parsers are meant: what is quoted is unescaped, what is not is taken as it is. Source: Alertmanager,
//! "Configuration", "Matcher".

use crate::clients::alertmanager::Matcher;
use std::{iter::Peekable, str::Chars};

/// The matchers of one text.
///
/// # Errors
/// What is wrong with it.
pub(super) fn matchers(text: &str) -> Result<Vec<Matcher>, String> {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix('{').map_or(Some(trimmed), |rest| rest.strip_suffix('}'));
    let inner = inner.ok_or_else(|| format!("`{text}` has no closing brace"))?;
    let mut letters = inner.chars().peekable();
    let mut all = Vec::new();
    loop {
        spaces(&mut letters);
        if letters.peek().is_none() {
            return Ok(all);
        }
        all.push(one(&mut letters).ok_or_else(|| format!("`{text}` is no matcher"))?);
        spaces(&mut letters);
        match letters.next() {
            None => return Ok(all),
            Some(',') => {}
            Some(_) => return Err(format!("`{text}` is no matcher")),
        }
    }
}

type Letters<'a> = Peekable<Chars<'a>>;

fn spaces(letters: &mut Letters<'_>) {
    while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
}

fn one(letters: &mut Letters<'_>) -> Option<Matcher> {
    let name = word(letters, |letter| !"=!~,{}\"".contains(letter) && !letter.is_whitespace())?;
    spaces(letters);
    let (is_equal, is_regex) = match (letters.next()?, letters.peek().copied()) {
        ('=', Some('~')) => (true, true),
        ('!', Some('~')) => (false, true),
        ('!', Some('=')) => (false, false),
        ('=', _) => (true, false),
        _ => return None,
    };
    if is_regex || !is_equal {
        letters.next();
    }
    spaces(letters);
    let value = word(letters, |letter| letter != ',')?;
    let is_named = !name.is_empty();
    is_named.then_some(Matcher { name, value, is_regex, is_equal })
}

/// A quoted text, unescaped; or what stands there of such letters, without the spaces at its end.
fn word(letters: &mut Letters<'_>, is_part: impl Fn(char) -> bool) -> Option<String> {
    let mut text = String::new();
    if letters.next_if_eq(&'"').is_none() {
        while let Some(letter) = letters.next_if(|letter| is_part(*letter)) {
            text.push(letter);
        }
        return Some(text.trim_end().to_owned());
    }
    loop {
        match letters.next()? {
            '"' => return Some(text),
            '\\' => match letters.next()? {
                'n' => text.push('\n'),
                letter @ ('"' | '\\') => text.push(letter),
                // A pattern's own: `\d`.
                letter => text.extend(['\\', letter]),
            },
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<Vec<String>, String> {
        Ok(matchers(text)?.iter().map(Matcher::to_string).collect())
    }

    #[test]
    fn old_and_new_writings_are_the_same_matchers() {
        for (text, expected) in [
            ("severity=\"page\"", vec!["severity=\"page\""]),
            (" severity = page ", vec!["severity=\"page\""]),
            ("a=~\"x|y\"", vec!["a=~\"x|y\""]),
            ("{a!=\"b\",c!~d.*}", vec!["a!=\"b\"", "c!~\"d.*\""]),
            ("a=\"b,c\", d=e", vec!["a=\"b,c\"", "d=\"e\""]),
            ("\"größe 🙂\"=\"ä\"", vec!["größe 🙂=\"ä\""]),
            ("größe=~ä", vec!["größe=~\"ä\""]),
            ("a=\"\"", vec!["a=\"\""]),
            ("a=", vec!["a=\"\""]),
            ("a=b=c", vec!["a=\"b=c\""]),
            ("", vec![]),
            ("{}", vec![]),
        ] {
            assert_eq!(shown(text), Ok(expected.into_iter().map(str::to_owned).collect()), "{text}");
        }
        assert_eq!(matchers(r#"a="b\"c\\d\ne""#).expect("a matcher")[0].value, "b\"c\\d\ne");
        assert_eq!(matchers(r#"a=~"\d+""#).expect("a matcher")[0].value, r"\d+");
    }

    #[test]
    fn what_is_no_matcher_is_told() {
        for text in ["a", "=b", "a~b", "a=\"b", "{a=b", "a=\"b\" c=d", "\"a\""] {
            assert!(matchers(text).is_err(), "{text}");
        }
    }
}
