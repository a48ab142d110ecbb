//! What stands where a secret should be: nothing, or the word that a program writes for nothing.
//!
//! A rotation that does not check its answers stores the text `null`: `jq -r` prints it for a field that is not there.

/// The words that programs write for nothing.
const WORDS: [&str; 6] = ["null", "none", "nil", "undefined", "<nil>", "<no value>"];

/// What is wrong with a secret in which there is no secret: `it is empty`, ``it is the word `null` ``; `None` for one that
/// may be a secret. White space and quotes around it do not count.
#[must_use]
pub fn blank(secret: &str) -> Option<String> {
    let plain = secret.trim().trim_matches(['"', '\'']);
    if plain.trim().is_empty() {
        return Some("it is empty".to_owned());
    }
    let word = WORDS.iter().find(|word| plain.eq_ignore_ascii_case(word))?;
    Some(format!("it is the word `{word}`"))
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn nothing_and_the_words_for_nothing_are_no_secrets() {
        for text in ["", " \n", "''", "\" \""] {
            assert_eq!(blank(text).as_deref(), Some("it is empty"), "{text:?}");
        }
        for text in ["null", "NULL\n", "\"null\"", " null "] {
            assert_eq!(blank(text).as_deref(), Some("it is the word `null`"), "{text:?}");
        }
        assert_eq!((blank("nullify"), blank("sk-12345")), (None, None));
    }
}
