//! What is told beside the findings: who holds which value, and when the source was last changed.

use super::evidence::{Evidence, Held, Seen};
use crate::contract::{Does, Moment, Window};

/// The most places that are told of.
const MOST: usize = 50;

/// One line for each place: which value, written when.
pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let copies = evidence.copies.iter().take(MOST).map(|held| line("copy", held, window));
    let more = evidence.copies.len().saturating_sub(MOST);
    std::iter::once(line("source", &evidence.source, window))
        .chain(copies)
        .chain((more > 0).then(|| format!("and {more} more copies")))
        .collect()
}

fn line(what: &str, held: &Held, window: &Window) -> String {
    let holds = match &held.seen {
        Ok(Seen::Value(value)) => format!("value {}", value.number),
        Ok(Seen::Blank { says } | Seen::Missing { says }) => format!("none: {says}"),
        Err(missing) => format!("not seen: {}", missing.detail),
    };
    let site = held.at.site().map_or_else(String::new, |site| format!(" at {site}"));
    let written = held.written.map_or_else(String::new, |time| format!(", written {}", window.clock(time)));
    format!("{what} {}{site}: {holds}{written}", held.at)
}

/// The source's last change: from then on a copy that was not made anew is out of date.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let source = &evidence.source;
    let changed = source.written.map(|at| {
        let moment = Moment::new(at, Does::Rotates, source.at.to_string());
        let moment = moment.saying(format!("its last change: {} copies must follow", evidence.copies.len()));
        match source.at.site() {
            Some(site) => moment.at_site(site),
            None => moment,
        }
    });
    changed.into_iter().collect()
}
