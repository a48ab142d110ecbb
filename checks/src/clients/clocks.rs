//! What time the servers think it is, by their `Date` headers.

use jiff::{Timestamp, fmt::rfc2822};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// The most by which clocks may differ before judgements on time prove nothing, in seconds.
pub const MOST_SKEW: i64 = 30;

/// By how much a server's clock is ahead of this machine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Whose clock.
    pub host: String,
    /// Seconds ahead; negative when behind.
    pub seconds: i64,
}

/// The clocks that were seen in a run.
#[derive(Default)]
pub struct Clocks {
    ahead: Mutex<BTreeMap<String, i64>>,
}

impl Clocks {
    /// Notes what `host` wrote in its `Date` header when asked at `asked`; text that is no date is left out.
    pub fn note(&self, host: &str, date: &str, asked: Timestamp) {
        if let Some(ahead) = parse(date).map(|time| time.as_second() - asked.as_second()) {
            self.ahead.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned(), ahead);
        }
    }

    /// The median clock, where it is more than [`MOST_SKEW`] from this machine's: then this machine is the odd one.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        let ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<(&String, &i64)> = ahead.iter().collect();
        sorted.sort_by_key(|(_, seconds)| **seconds);
        let (host, seconds) = sorted.get(sorted.len() / 2)?;
        (seconds.abs() > MOST_SKEW).then(|| Skew { host: (*host).clone(), seconds: **seconds })
    }
}

/// The time in a `Date` header (RFC 9110, section 5.6.7, IMF-fixdate).
#[must_use]
pub fn parse(date: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(ahead: &[i64]) -> Option<i64> {
        let clocks = Clocks::default();
        for (i, seconds) in ahead.iter().enumerate() {
            let asked = Timestamp::from_second(1_700_000_000 - seconds).expect("a time");
            clocks.note(&format!("host{i}"), "Tue, 14 Nov 2023 22:13:20 GMT", asked);
        }
        clocks.skew().map(|skew| skew.seconds)
    }

    #[test]
    fn a_small_difference_is_none_and_a_large_one_is_skew() {
        assert_eq!(seen(&[0]), None);
        assert_eq!(seen(&[30]), None);
        assert_eq!(seen(&[31]), Some(31));
        assert_eq!(seen(&[-4000]), Some(-4000));
    }

    #[test]
    fn one_odd_server_among_three_does_not_accuse_this_machine() {
        assert_eq!(seen(&[0, 1, 9000]), None);
        assert_eq!(seen(&[9000, 8999, 0]), Some(8999));
    }
}
