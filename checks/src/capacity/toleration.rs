//! Which taints workspaces tolerate, written on one line.

use crate::clients::kubernetes::Taint;
use std::{fmt, str::FromStr};

/// `key`, `key=value`, and either with an effect behind it: `dedicated=workspaces:NoSchedule`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    key: String,
    value: Option<String>,
    effect: Option<String>,
}

/// The effects that keep new pods away. `PreferNoSchedule` only asks to.
const CLOSING: [&str; 2] = ["NoSchedule", "NoExecute"];

impl Toleration {
    fn covers(&self, taint: &Taint) -> bool {
        let is_value = self.value.as_ref().is_none_or(|value| *value == taint.value);
        let is_effect = self.effect.as_ref().is_none_or(|effect| *effect == taint.effect);
        self.key == taint.key && is_value && is_effect
    }
}

/// The first taint that keeps out pods which tolerate only these.
pub(super) fn untolerated<'a>(taints: &'a [Taint], tolerates: &[Toleration]) -> Option<&'a Taint> {
    let keeps_out = |taint: &&Taint| {
        CLOSING.contains(&taint.effect.as_str()) && !tolerates.iter().any(|toleration| toleration.covers(taint))
    };
    taints.iter().find(keeps_out)
}

/// As `kubectl` writes it.
pub(super) fn shown(taint: &Taint) -> String {
    let value = if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
    format!("{}{value}:{}", taint.key, taint.effect)
}

impl FromStr for Toleration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("`{}` is no toleration: write `key`, `key=value` or `key=value:NoSchedule`", text.escape_debug())
        };
        let (rest, effect) = match text.trim().rsplit_once(':') {
            Some((rest, effect)) if ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect) => {
                (rest, Some(effect.to_owned()))
            }
            Some(_) => return Err(wrong()),
            None => (text.trim(), None),
        };
        let (key, value) = rest.split_once('=').map_or((rest, None), |(key, value)| (key, Some(value.to_owned())));
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err(wrong());
        }
        Ok(Self { key: key.to_owned(), value, effect })
    }
}

impl fmt::Display for Toleration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if let Some(value) = &self.value {
            write!(f, "={value}")?;
        }
        if let Some(effect) = &self.effect {
            write!(f, ":{effect}")?;
        }
        Ok(())
    }
}

crate::contract::values::written_as_text!(
    Toleration,
    "Toleration",
    r"^[^\s=:]+(=[^\s:]*)?(:(NoSchedule|PreferNoSchedule|NoExecute))?$",
    "a taint that is tolerated, such as `dedicated=workspaces:NoSchedule`"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn taint(text: &str) -> Taint {
        let (rest, effect) = text.split_once(':').expect("an effect");
        let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
        Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() }
    }

    #[test]
    fn a_taint_keeps_out_whoever_does_not_tolerate_its_key_value_and_effect() {
        for (tolerates, text, is_out) in [
            (&[][..], "dedicated=a:NoSchedule", true),
            (&["dedicated"], "dedicated=a:NoSchedule", false),
            (&["dedicated=b"], "dedicated=a:NoSchedule", true),
            (&["dedicated=a:NoExecute"], "dedicated=a:NoSchedule", true),
            (&["dedicated=a:NoSchedule"], "dedicated=a:NoSchedule", false),
            (&[], "dedicated=a:PreferNoSchedule", false),
        ] {
            let tolerates: Vec<Toleration> = tolerates.iter().map(|text| text.parse().expect("one")).collect();
            assert_eq!(untolerated(&[taint(text)], &tolerates).is_some(), is_out, "{tolerates:?} {text}");
        }
    }

    #[test]
    fn what_is_no_toleration_is_refused() {
        for text in ["", "=a", "a:Sometimes", "a b", ":NoSchedule"] {
            assert!(text.parse::<Toleration>().is_err(), "{text}");
        }
    }
}
