//! When locks become free by themselves.

use super::{evidence::Evidence, judge::subject};
use crate::contract::{Does, Moment};
use jiff::SignedDuration;

/// A leader's lease of seconds is renewed all the time: its end says nothing.
const WORTH_TELLING: SignedDuration = SignedDuration::from_mins(1);

/// The end of every lease that lasts.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let ends = evidence.locks.iter().filter_map(|lock| Some((lock, lock.runs_out?)));
    let lasting = ends.filter(|(_, end)| end.duration_since(evidence.asked_at) > WORTH_TELLING);
    lasting
        .map(|(lock, end)| {
            Moment::new(end, Does::Ends, subject(evidence, lock)).saying("free from then on, unless it is renewed")
        })
        .collect()
}
