//! Digests in short, as long as both their ends stay distinct among all that a finding may name.

use crate::contract::values::Digest;
use std::collections::BTreeSet;

const HEAD: usize = 4;
const TAIL: usize = 2;

/// How digests are shortened in one judgement: `41ab..e0`.
pub(super) struct Shorts {
    more: usize,
}

impl Shorts {
    /// As short as these digests allow.
    pub(super) fn of(digests: &BTreeSet<&Digest>) -> Self {
        let is_distinct = |more: &usize| {
            let heads: BTreeSet<&str> = digests.iter().map(|digest| digest.short(HEAD + more)).collect();
            let tails: BTreeSet<&str> = digests.iter().map(|digest| tail(digest, TAIL + more)).collect();
            heads.len() == digests.len() && tails.len() == digests.len()
        };
        Self { more: (0..60).find(is_distinct).unwrap_or(60) }
    }

    /// The digest in short.
    pub(super) fn say(&self, digest: &Digest) -> String {
        format!("{}..{}", digest.short(HEAD + self.more), tail(digest, TAIL + self.more))
    }
}

fn tail(digest: &Digest, length: usize) -> &str {
    let hex = digest.short(64);
    &hex[hex.len().saturating_sub(length)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_grows_until_both_ends_are_distinct() {
        let digest = |head: &str, tail: &str| -> Digest {
            format!("sha256:{head}{}{tail}", "0".repeat(64 - head.len() - tail.len())).parse().expect("a digest")
        };
        let (a, b) = (digest("41ab", "e0"), digest("9f2c", "17"));
        assert_eq!(Shorts::of(&[&a, &b].into()).say(&a), "41ab..e0");
        let (a, b) = (digest("41ab1", "1e0"), digest("41ab2", "2e0"));
        assert_eq!(Shorts::of(&[&a, &b].into()).say(&a), "41ab1..1e0");
        assert_eq!(Shorts::of(&[&a, &b].into()).say(&b), "41ab2..2e0");
    }
}
