//! Lines that fit the screen, broken at spaces only: a host name or a digest that is torn apart cannot be copied.

use textwrap::{Options, WordSeparator, WordSplitter};

/// The lines of `text` within `width` columns, all of them after `indent`.
#[must_use]
pub fn indented(text: &str, width: usize, indent: &str) -> Vec<String> {
    wrapped(text, options(width).initial_indent(indent).subsequent_indent(indent))
}

/// The lines of `text` within `width` columns, all but the first after `indent`.
#[must_use]
pub fn hanging(text: &str, width: usize, indent: &str) -> Vec<String> {
    wrapped(text, options(width).subsequent_indent(indent))
}

fn options(width: usize) -> Options<'static> {
    Options::new(width)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false)
}

fn wrapped(text: &str, options: Options<'_>) -> Vec<String> {
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_is_never_torn_apart() {
        let host = "team1.emea-proxy.ai.coder.com";
        for width in [10, 29, 35] {
            assert!(
                indented(&format!("leads to {host} today"), width, "  ").iter().any(|line| line.contains(host)),
                "{width}"
            );
        }
    }
}
