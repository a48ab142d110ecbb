//! Text from outside, made harmless for where it goes.

use std::borrow::Cow;

/// Text for a terminal or a log: one line, without control characters, without marks that turn its direction.
///
/// What is taken out is shown as `\u{1b}`, so that nobody wonders where it went.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|letter| match letter {
        '\n' | '\r' | '\t' => " ".to_owned(),
        letter if is_harmful(letter) => letter.escape_unicode().to_string(),
        letter => letter.to_string(),
    });
    Cow::Owned(shown.collect())
}

/// Text for Markdown: as for a terminal, and nothing in it is markup.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut before = ' ';
    let escape = |letter: char| match (std::mem::replace(&mut before, letter), letter) {
        (_, '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '!' | '|' | '~') => format!("\\{letter}"),
        // Whoever has the name after an `@` would be told of it.
        (before, '@') if !before.is_alphanumeric() => "@<!-- -->".to_owned(),
        (_, '<') => "&lt;".to_owned(),
        (_, '>') => "&gt;".to_owned(),
        (_, '&') => "&amp;".to_owned(),
        (_, letter) => letter.to_string(),
    };
    line(text).chars().map(escape).collect()
}

/// Control characters, line and paragraph separators, and the marks that turn text's direction (Unicode's `Bidi_Control`).
fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        assert_eq!(line("a\u{1b}[31mred\u{9b}2J"), "a\\u{1b}[31mred\\u{9b}2J");
        assert_eq!(line("two\nlines"), "two lines");
        assert_eq!(line("abc\u{202e}cba"), "abc\\u{202e}cba");
        assert!(matches!(line("plain, ü, 漢"), Cow::Borrowed(_)));
    }

    #[test]
    fn markup_in_markdown_is_only_text() {
        assert_eq!(
            markdown("<img src=x> | [a](b) `c` @all a@b"),
            "&lt;img src=x&gt; \\| \\[a\\](b) \\`c\\` @<!-- -->all a@b"
        );
    }
}
