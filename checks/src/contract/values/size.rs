//! A number of bytes as Kubernetes writes it: `20Gi`, `500M`.
//!
//! Source of the suffixes: the Kubernetes API reference, `Quantity`.

use std::{fmt, str::FromStr};

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub u64);

const UNITS: [(&str, u64); 12] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("Pi", 1 << 50),
    ("k", 1_000),
    ("K", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("", 1),
];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a size: write `20Gi`, `500Mi` or a number of bytes in quotes");
        let trimmed = text.trim();
        let digits = trimmed.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(trimmed.len());
        let (number, suffix) = trimmed.split_at(digits);
        let unit = UNITS.iter().find(|(name, _)| *name == suffix).map(|(_, unit)| *unit).ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(unit).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Size {
    /// In the largest binary unit that leaves at least one, with at most one decimal, rounded down.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS[..5].iter().rev().find(|(_, unit)| self.0 >= *unit) {
            Some((name, unit)) if (self.0 / (unit / 10)).is_multiple_of(10) => write!(f, "{}{name}", self.0 / unit),
            Some((name, unit)) => write!(f, "{}.{}{name}", self.0 / unit, self.0 % unit * 10 / unit),
            None => write!(f, "{} B", self.0),
        }
    }
}

super::written_as_text!(Size, "Size", r"^[0-9]+([KMGTP]i|[kKMGTP])?$", "a size such as `20Gi`");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_and_decimal_units_differ() {
        assert_eq!("20Gi".parse(), Ok(Size(20 << 30)));
        assert_eq!("20G".parse(), Ok(Size(20_000_000_000)));
        assert!(
            "20 GB".parse::<Size>().is_err()
                && "-1Gi".parse::<Size>().is_err()
                && "99999999Pi".parse::<Size>().is_err()
        );
        assert_eq!(Size(20 << 30).to_string(), "20Gi");
        assert_eq!(Size(3 << 29).to_string(), "1.5Gi");
        assert_eq!(Size(12).to_string(), "12 B");
    }
}
