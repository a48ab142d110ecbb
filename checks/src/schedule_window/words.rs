//! Times and moments in the words that all sources share.

use crate::contract::{Moment, Window, spoken};
use jiff::{SignedDuration, Timestamp};

/// How many times are told one by one.
const FIRST: usize = 6;
/// The most moments of an item.
const MOMENTS: usize = 200;
/// How far around the event moments are told.
const AROUND: SignedDuration = SignedDuration::from_hours(24);

/// `nothing from Wed 2 Dec 07:00 PST to Wed 2 Dec 11:30 PST`.
pub(super) fn nothing(what: &str, window: &Window) -> String {
    format!("no {what} from {} to {}", window.clock(window.opens()), window.clock(window.closes()))
}

/// `3 times: …`, or `54 times, every 5 min from … to …`; `times` is in order and not empty.
pub(super) fn told(times: &[Timestamp], window: &Window) -> String {
    let clock = |time: &Timestamp| window.clock(*time);
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return "never".to_owned() };
    match times {
        [only] => format!("{}, {}", clock(only), window.against_event(*only)),
        times if times.len() <= FIRST => {
            format!("{} times: {}", times.len(), times.iter().map(clock).collect::<Vec<_>>().join(", "))
        }
        times => {
            let sum = format!("{} times", count(times));
            if let Some(stride) = stride(times) {
                return format!("{sum}, every {} from {} to {}", spoken(stride), clock(first), clock(last));
            }
            let some: Vec<String> = times.iter().take(FIRST).map(clock).collect();
            format!("{sum}, from {} to {}: {}, …", clock(first), clock(last), some.join(", "))
        }
    }
}

fn count(times: &[Timestamp]) -> String {
    if times.len() < super::cron::MOST { times.len().to_string() } else { format!("{} or more", times.len()) }
}

/// The one length between each and the next, if it is one.
fn stride(times: &[Timestamp]) -> Option<SignedDuration> {
    let between = |pair: &[Timestamp]| pair[1].duration_since(pair[0]);
    let stride = times.windows(2).next().map(between)?;
    times.windows(2).all(|pair| between(pair) == stride).then_some(stride)
}

/// The stretch around the event within which repeated moments are told.
pub(super) fn around(window: &Window) -> (Timestamp, Timestamp) {
    let from = window.starts.saturating_sub(window.lead.max(AROUND)).unwrap_or(window.starts);
    let to = window.ends.saturating_add(window.tail.max(AROUND)).unwrap_or(window.ends);
    (from, to)
}

/// Those nearest to the event, in order.
pub(super) fn nearest(mut moments: Vec<Moment>, window: &Window) -> Vec<Moment> {
    let distance = |moment: &Moment| {
        let (before, after) = (window.starts.duration_since(moment.at), moment.at.duration_since(window.ends));
        before.max(after).max(SignedDuration::ZERO)
    };
    moments.sort_by_key(|moment| (distance(moment), moment.at));
    moments.truncate(MOMENTS);
    moments.sort_by(|a, b| (a.at, &a.subject).cmp(&(b.at, &b.subject)));
    moments
}
