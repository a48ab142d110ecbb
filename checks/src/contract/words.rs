//! Other systems' words, for a person.

/// A text of somebody else's on one line: at most so many characters, none of them a control character.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn lines_are_joined_escapes_taken_out_and_the_rest_is_bounded() {
        assert_eq!(short(" two\n lines\t and \u{1b}[31mred\u{7} ", 80), "two lines and [31mred");
        assert_eq!(short("äöü and more", 3), "äöü");
        assert_eq!(short("\n\u{0}", 10), "");
    }
}
