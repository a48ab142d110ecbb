//! What checks and sites may be called: names that need no quoting in a shell, a glob or an item's id.

use gonogo_checks::contract::text::{Key, Problem};

const LONGEST: usize = 64;

/// Whether a key may name a check or a site; if not, `problems` says why.
pub(super) fn is_name(what: &str, key: &Key, problems: &mut Vec<Problem>) -> bool {
    let name = &key.text;
    let is_right = name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if !is_right {
        let message = format!("`{name}` cannot name a {what}");
        let help = format!("letters, digits, `-`, `_` and `.`, the first a letter or a digit; at most {LONGEST}");
        problems.push(Problem::new(key.at, message).help(help));
    }
    is_right
}
