//! The known word that a mistyped one most likely meant.

/// The candidate nearest to a word, if one is near enough to be worth a question.
///
/// Near is at most one edit for each three letters (swapped neighbours are one edit), and always at least one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 100;
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 4 * allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_finds_the_word() {
        assert_eq!(nearest("namespce", ["name", "namespace"]), Some("namespace"));
        assert_eq!(nearest("hmtl", ["html", "http"]), Some("html"));
        assert_eq!(nearest("URL", ["url"]), Some("url"));
    }

    #[test]
    fn another_word_is_no_slip() {
        assert_eq!(nearest("deployment", ["selector", "namespace"]), None);
        assert_eq!(nearest("", ["url"]), None);
    }
}
