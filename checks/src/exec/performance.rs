//! Performance data: `'label'=value[unit];[warn];[crit];[min];[max]`, split by spaces.
//!
//! Source: the Monitoring Plugins Development Guidelines, "Performance data" and "Threshold and Ranges". A range says where an
//! alert is: `10` outside 0 to 10, `10:` below 10, `~:10` above 10, `10:20` outside, `@10:20` inside.

use serde::{Deserialize, Serialize};

/// The most numbers of one program.
const MOST: usize = 500;
/// The most letters of a label.
const LABEL: usize = 120;

/// One number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Its name.
    pub label: String,
    /// Its value; `None` where the program says `U`: it could not be measured.
    pub value: Option<f64>,
    /// Its unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Where the program warns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<Range>,
    /// Where the program alerts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crit: Option<Range>,
}

/// Where an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// From here; `None` from minus infinity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// To here; `None` to infinity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// The alert is inside, its ends included, and not outside.
    #[serde(default)]
    pub is_inside: bool,
    /// Written as one number, which should mean from 0 to it; many programs mean a lower bound, or a bound of what has no sign.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_plain: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(is: &bool) -> bool {
    !*is
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (is_inside, plain) = text.strip_prefix('@').map_or((false, text), |rest| (true, rest));
        let (from, to) = plain.split_once(':').unwrap_or(("0", plain));
        let is_open = plain.ends_with(':');
        // `~` is minus infinity, and nothing behind the colon is infinity.
        let from = if from == "~" { None } else { Some(number(from)?) };
        let to = if is_open { None } else { Some(number(to)?) };
        let is_sound = from.zip(to).is_none_or(|(from, to)| from <= to);
        is_sound.then_some(Self { from, to, is_inside, is_plain: !text.contains([':', '@']) })
    }

    /// True if and only if `value` alerts.
    #[must_use]
    pub fn alerts(&self, value: f64) -> bool {
        let is_within = self.from.is_none_or(|from| value >= from) && self.to.is_none_or(|to| value <= to);
        is_within == self.is_inside
    }
}

/// A number as plugins write it; some write a comma.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
}

/// The numbers in `text`, and the words in it that are none.
pub(super) fn read(text: &str) -> (Vec<Metric>, Vec<String>) {
    let (mut metrics, mut unread, mut rest) = (Vec::new(), Vec::new(), text.trim_start());
    while !rest.is_empty() && metrics.len() + unread.len() < MOST {
        let (label, behind) = match label(rest) {
            Some(split) => split,
            None => ("", rest),
        };
        let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
        let (values, next) = behind.split_at(end);
        match metric(label, values) {
            Some(metric) => metrics.push(metric),
            None => unread.push(rest[..rest.len() - next.len()].chars().take(LABEL).collect()),
        }
        rest = next.trim_start();
    }
    (metrics, unread)
}

/// The label, quoted or not, and what stands behind its `=`.
fn label(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let bytes = quoted.as_bytes();
        let mut at = 0;
        // Two quotes within the label stand for one.
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'\'', Some(b'\'')) => at += 2,
                (b'\'', Some(b'=')) => return Some((&quoted[..at], &quoted[at + 2..])),
                (b'\'', _) => return None,
                _ => at += 1,
            }
        }
        return None;
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let equals = text[..end].find('=')?;
    Some((&text[..equals], &text[equals + 1..]))
}

fn metric(label: &str, values: &str) -> Option<Metric> {
    let label: String = label.replace("''", "'").chars().take(LABEL).collect();
    let mut parts = values.split(';');
    let first = parts.next()?;
    let split = first.find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+')));
    let (value, unit) = first.split_at(split.unwrap_or(first.len()));
    let (value, unit) = if first == "U" { (None, "") } else { (Some(number(value)?), unit) };
    if label.is_empty() || unit.len() > 8 {
        return None;
    }
    let mut range = || match parts.next() {
        None | Some("") => Some(None),
        Some(text) => Range::read(text).map(Some),
    };
    let (warn, crit) = (range()?, range()?);
    Some(Metric { label, value, unit: unit.to_owned(), warn, crit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Metric> {
        let (metrics, unread) = read(text);
        assert_eq!(unread, [""; 0], "{text}");
        metrics
    }

    #[test]
    fn numbers_are_read_with_their_units_and_ranges() {
        let seen = of(
            "time=0.009583s;;;0.000000;10.000000 size=146B;;;0; '/var lib'=36314284032B;243497277849;257024904396;0;270552530944",
        );
        let short: Vec<_> = seen.iter().map(|m| (m.label.as_str(), m.value, m.unit.as_str())).collect();
        assert_eq!(
            short,
            [("time", Some(0.009_583), "s"), ("size", Some(146.0), "B"), ("/var lib", Some(36_314_284_032.0), "B")]
        );
        assert_eq!(seen[2].crit.expect("a range").to, Some(257_024_904_396.0));
        assert_eq!(of("'it''s'=-3%")[0].label, "it's");
        assert_eq!(of("a=U")[0].value, None);
    }

    #[test]
    fn a_range_says_where_the_alert_is() {
        for (text, alerts, does_not) in [
            ("10", [-1.0, 11.0], [0.0, 10.0]),
            ("10:", [9.0, -9.0], [10.0, 99.0]),
            ("~:10", [11.0, 99.0], [10.0, -99.0]),
            ("10:20", [9.0, 21.0], [10.0, 20.0]),
            ("@10:20", [10.0, 20.0], [9.0, 21.0]),
        ] {
            let range = Range::read(text).expect(text);
            assert!(alerts.iter().all(|value| range.alerts(*value)), "{text}");
            assert!(!does_not.iter().any(|value| range.alerts(*value)), "{text}");
        }
        for text in ["", "x", "20:10", "nan", "1:2:3", "@"] {
            assert_eq!(Range::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_of_one_number_is_told_apart() {
        for (text, is_plain) in [("10", true), ("0", true), ("10:", false), ("0:10", false), ("@10", false)] {
            assert_eq!(Range::read(text).expect(text).is_plain, is_plain, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_kept_apart_and_the_rest_is_read() {
        let (metrics, unread) = read("a=1 nonsense b=x c=2;y =5 'open=3 d=4");
        assert_eq!(metrics.iter().map(|metric| metric.label.as_str()).collect::<Vec<_>>(), ["a", "d"]);
        assert_eq!(unread, ["nonsense", "b=x", "c=2;y", "=5", "'open=3"]);
    }
}
