//! A length of time as it is written: `90m`, `7d`, `1h30m`. A day is 24 hours.

use std::{fmt, str::FromStr, time::Duration};

/// A length of time, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Period(pub Duration);

impl Period {
    /// As jiff counts it.
    #[must_use]
    pub fn signed(self) -> jiff::SignedDuration {
        jiff::SignedDuration::try_from(self.0).unwrap_or(jiff::SignedDuration::MAX)
    }

    /// `days` times 24 hours.
    #[must_use]
    pub const fn days(days: u64) -> Self {
        Self(Duration::from_secs(days * 86_400))
    }

    /// `seconds`.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a length of time: write `30s`, `90m`, `2h` or `7d`");
        let plain = text.trim();
        if plain.is_empty() || plain.starts_with('-') || plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let span: jiff::Span = plain.parse().map_err(|_| wrong())?;
        let length = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
        Duration::try_from(length).map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let parts =
            [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
        let millis = self.0.subsec_millis();
        for (count, unit) in parts.iter().filter(|(count, _)| *count > 0) {
            write!(f, "{count}{unit}")?;
        }
        if millis > 0 || seconds == 0 {
            write!(f, "{millis}ms")?;
        }
        Ok(())
    }
}

super::written_as_text!(Period, "Period", r"^[0-9][0-9a-z. ]*$", "a length of time such as `30s`, `90m`, `2h` or `7d`");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_meant() {
        for (text, seconds) in
            [("30s", 30), ("90m", 5_400), ("2h", 7_200), ("7d", 604_800), ("1h30m", 5_400), ("1w", 604_800)]
        {
            assert_eq!(text.parse::<Period>().expect(text), Period::seconds(seconds), "{text}");
        }
        assert_eq!("90m".parse::<Period>().expect("90m").to_string(), "1h30m");
        assert_eq!(Period::default().to_string(), "0ms");
    }

    #[test]
    fn a_number_without_a_unit_and_nonsense_are_refused() {
        for text in ["", "30", "-5m", "soon", "1y", "5 minuets", "1mo"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
