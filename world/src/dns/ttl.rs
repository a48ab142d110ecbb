//! How long a resolver has already kept what it answers: the seconds that are left count down, and differ between resolvers.
//!
//! Only the counting is kept, never the data: an edit of the world is seen at once, and a stale answer is asked for by name.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use hickory_proto::rr::{Name, RecordType};

/// A resolver that was asked for more names than this forgets them all.
const MOST: usize = 10_000;

/// When each set was fetched.
#[derive(Debug, Default)]
pub(super) struct Fetched(HashMap<(Name, RecordType), Instant>);

impl Fetched {
    /// The seconds that are left of `ttl` at `now`; a set that ran out is fetched anew.
    pub(super) fn left(&mut self, name: &Name, kind: RecordType, ttl: u32, now: Instant) -> u32 {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let fetched = self.0.entry((name.clone(), kind)).or_insert(now);
        if now.saturating_duration_since(*fetched) >= Duration::from_secs(u64::from(ttl)) {
            *fetched = now;
        }
        let age = now.saturating_duration_since(*fetched).as_secs();
        ttl.saturating_sub(u32::try_from(age).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::name;

    #[test]
    fn the_seconds_left_count_down_and_begin_again() {
        let mut fetched = Fetched::default();
        let begun = Instant::now();
        let mut left = |seconds| {
            let now = begun + Duration::from_secs(seconds);
            fetched.left(&name("a.example.com"), RecordType::A, 300, now)
        };
        assert_eq!([left(0), left(1), left(299), left(300), left(310)], [300, 299, 1, 300, 290]);
    }

    #[test]
    fn another_type_of_the_same_name_counts_on_its_own() {
        let mut fetched = Fetched::default();
        let (begun, owner) = (Instant::now(), name("a.example.com"));
        let later = begun + Duration::from_secs(100);
        assert_eq!(fetched.left(&owner, RecordType::A, 300, begun), 300);
        assert_eq!(fetched.left(&owner, RecordType::AAAA, 300, later), 300);
        assert_eq!(fetched.left(&owner, RecordType::A, 300, later), 200);
    }
}
