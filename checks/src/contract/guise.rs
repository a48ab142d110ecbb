//! The guises of a secret: the ways in which its value may stand in text that a server sends back.
//!
//! A server repeats a value as it got it, as JSON, HTML or a URL writes it, or within the base64 of `user:password`. A text
//! that was cut may end with the beginning of one. Other encodings (hashes, compression) are not looked for: a client that
//! knows that its system says such things has to take them out itself.

use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};

/// Shorter values are left: replacing them would destroy the text and hide nothing.
const LEAST: usize = 4;
/// Shorter values are not looked for in base64, nor at the end of a cut text: too much else looks like them.
const LEAST_PART: usize = 8;
/// What stands in place of a secret.
const MARK: &str = "[secret]";

/// The guises of some secrets, the longest first.
#[derive(Default)]
pub(super) struct Guises(Vec<SecretString>);

impl Guises {
    /// Adds those of `value`.
    pub(super) fn add(&mut self, value: &SecretString) {
        let value = value.expose_secret();
        if value.len() < LEAST || self.0.iter().any(|known| known.expose_secret() == value) {
            return;
        }
        let mut all = vec![value.to_owned(), json(value)];
        all.extend(html(value));
        all.push(utf8_percent_encode(value, NON_ALPHANUMERIC).to_string());
        if value.len() >= LEAST_PART {
            all.extend(
                [STANDARD, URL_SAFE].iter().flat_map(|base64| (0..3).map(|offset| within(base64, value, offset))),
            );
        }
        all.sort();
        all.dedup();
        self.0.extend(all.into_iter().map(SecretString::from));
        self.0.sort_by_key(|guise| std::cmp::Reverse(guise.expose_secret().len()));
    }

    /// The text with each of them replaced; `None` where there is none in it.
    pub(super) fn replace(&self, text: &str) -> Option<String> {
        let mut clean: Option<String> = None;
        for guise in self.0.iter().map(SecretString::expose_secret) {
            let now = clean.as_deref().unwrap_or(text);
            if now.contains(guise) {
                clean = Some(now.replace(guise, MARK));
            }
        }
        let now = clean.as_deref().unwrap_or(text);
        match self.begun(now) {
            Some(at) => Some(format!("{}{MARK}", &now[..at])),
            None => clean,
        }
    }

    /// Where a secret begins that the text's end cuts off.
    fn begun(&self, text: &str) -> Option<usize> {
        let text = text.trim_end_matches(['…', '.', '`']);
        let begun = self.0.iter().filter_map(|guise| {
            let guise = guise.expose_secret();
            let most = guise.len().saturating_sub(1).min(text.len());
            let is_end = |length: &usize| text.as_bytes().ends_with(&guise.as_bytes()[..*length]);
            let length = (LEAST_PART..=most).rev().find(is_end)?;
            let at = text.len() - length;
            text.is_char_boundary(at).then_some(at)
        });
        begun.min()
    }
}

fn json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Programs differ in which quotes they write otherwise, and how.
fn html(value: &str) -> [String; 4] {
    let text = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = text.replace('"', "&quot;");
    [quoted.replace('\'', "&#39;"), text.replace('"', "&#34;").replace('\'', "&#39;"), quoted, text]
}

/// The part of a base64 text that `value` alone decides where `offset` bytes (or three more, and so on) stand before it.
fn within(base64: &impl base64::Engine, value: &str, offset: usize) -> String {
    let bytes = [&[0; 2][..offset], value.as_bytes()].concat();
    let (first, end) = ((offset * 8).div_ceil(6), bytes.len() * 8 / 6);
    base64.encode(&bytes)[first..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;

    const SECRET: &str = r#"pa"ss\w<o>r&d's"#;

    fn guises() -> Guises {
        let mut guises = Guises::default();
        guises.add(&SecretString::from(SECRET));
        guises
    }

    #[test]
    fn a_secret_is_found_as_json_html_and_urls_write_it() {
        for text in [
            SECRET.to_owned(),
            serde_json::json!({ "key": SECRET }).to_string(),
            "pa&quot;ss\\w&lt;o&gt;r&amp;d&#39;s".to_owned(),
            url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect(),
        ] {
            let clean = guises().replace(&format!("it is {text} now")).expect("a secret");
            assert!(clean.contains(MARK) && !clean.contains("w<o>"), "{text}: {clean}");
        }
        assert_eq!(guises().replace("it is not here"), None);
    }

    #[test]
    fn a_secret_is_found_in_base64_whatever_stands_before_and_after_it() {
        for user in ["", "a:", "ab:", "abc:", "somebody:"] {
            for after in ["", "!", "!!", "!!!"] {
                let text = STANDARD.encode(format!("{user}{SECRET}{after}"));
                let clean = guises().replace(&text).unwrap_or_else(|| panic!("{user} {after}: {text}"));
                let kept = clean.replace(MARK, "");
                assert!(kept.len() < text.len() - SECRET.len(), "{clean}");
            }
        }
    }

    #[test]
    fn a_secret_that_is_cut_off_is_cut_off_before_it_begins() {
        let cut = format!("it is {}", &SECRET[..11]);
        assert_eq!(guises().replace(&cut).as_deref(), Some("it is [secret]"));
        assert_eq!(guises().replace(&format!("{cut}…")).as_deref(), Some("it is [secret]"));
        assert_eq!(guises().replace("it is pa\"s"), None);
    }
}
