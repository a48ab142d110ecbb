//! Random labels that a run can repeat: each follows from the run's seed and from where it is used.
//!
//! Not for secrets. The mixing is written out because a label must be the same in every build, and the standard
//! library's hasher promises nothing of the kind.

/// 20 letters and digits of hexadecimal, the first of them a letter: a host name's label that nobody has registered.
pub(super) fn label(seed: u64, check: &str, site: Option<&str>, occurrence: u32) -> String {
    let place = [check, "\0", site.unwrap_or(""), "\0", &occurrence.to_string()].concat();
    let mut state = seed ^ fnv(place.as_bytes());
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let (first, second) = (next(), next());
    let letter = ['a', 'b', 'c', 'd', 'e', 'f'][usize::try_from(first % 6).unwrap_or(0)];
    let digits = format!("{first:016x}{second:016x}");
    format!("{letter}{}", &digits[1..20])
}

/// FNV-1a, 64 bits (draft-eastlake-fnv-17, section 2); the generator above is `SplitMix64` (Steele et al., 2014).
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_is_repeated_by_its_seed_and_place_and_by_nothing_else() {
        let one = label(7, "routing", Some("us"), 0);
        assert_eq!(one, label(7, "routing", Some("us"), 0));
        let others = [
            label(8, "routing", Some("us"), 0),
            label(7, "routing", Some("eu"), 0),
            label(7, "routing", Some("us"), 1),
        ];
        assert!(others.iter().all(|other| *other != one), "{one} {others:?}");
    }

    #[test]
    fn a_label_is_one_that_dns_accepts() {
        for seed in 0..200 {
            let label = label(seed, "a", None, 0);
            assert_eq!(label.len(), 20);
            assert!(label.starts_with(|c: char| c.is_ascii_lowercase()), "{label}");
            assert!(label.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()), "{label}");
        }
    }
}
