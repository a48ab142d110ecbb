//! What a key will do by itself: end, begin, be replaced.

use super::{
    evidence::{Ends, Evidence, Key},
    source::Source,
};
use crate::contract::{Does, Moment};
use jiff::Timestamp;

/// The moments of every key, and of its rotation as far as the system says when.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let keys = evidence.keys.iter().flat_map(|key| of(key, evidence.look.asked_at));
    keys.chain(renewal(evidence)).collect()
}

/// When cert-manager issues the next certificate.
fn renewal(evidence: &Evidence) -> Option<Moment> {
    let Source::Certificate { issued: Some(issued), host, .. } = &evidence.source else { return None };
    Some(Moment::new(issued.renewal?, Does::Renews, format!("certificate of {host}")))
}

fn of(key: &Key, asked_at: Timestamp) -> Vec<Moment> {
    let mut moments = Vec::new();
    if let (Ends::At { time, .. }, Some(renews)) = (&key.ends, &key.renews) {
        let says = format!("by itself before then: by {}", renews.by);
        moments.push(Moment::new(*time, Does::Renews, &key.name).saying(says));
    } else if let Ends::At { time, .. } = &key.ends {
        moments.push(Moment::new(*time, Does::Expires, &key.name));
    }
    moments.extend(key.begins.map(|begins| Moment::new(begins, Does::Begins, &key.name).saying("valid from then on")));
    if let Some(rotation) = &key.rotation {
        // The scan replaces it, at the latest one scan after it is due.
        let due = rotation.due.unwrap_or(asked_at).max(asked_at);
        let says = format!("replaced at the gateway's next scan, within {}", rotation.scan);
        moments.push(Moment::new(due, Does::Rotates, &key.name).saying(says));
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::{
        super::evidence::{Rotation, Standing},
        *,
    };
    use crate::contract::values::Period;

    #[test]
    fn a_rotation_that_is_overdue_comes_at_the_next_scan_from_the_look_on() {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        let (asked, ends) = (time("2026-11-30T17:00:00Z"), time("2026-12-02T18:10:00Z"));
        let mut key = Key::of("workshop", Standing::InForce);
        key.ends = Ends::At { time: ends, told_by: "/key/list".to_owned() };
        key.rotation = Some(Rotation { due: None, every: None, scan: "1d".parse::<Period>().expect("a length") });
        let told: Vec<_> = of(&key, asked).into_iter().map(|moment| (moment.at, moment.does)).collect();
        assert_eq!(told, [(ends, Does::Expires), (asked, Does::Rotates)]);
    }
}
