//! The models that are served, and those that a key may use.

use super::{Served, codes};
use crate::contract::{Finding, Remedy};

pub(super) fn judge(served: &Served, by: &str) -> Vec<Finding> {
    let (found, total) = match &served.served {
        Ok(served) => served,
        Err(missing) => return vec![Finding::unobserved(missing)],
    };
    let lacking = served.wanted.iter().filter(|name| !found.contains(name));
    let lacking = lacking.map(|name| {
        Finding::new(codes::NO_MODEL, name)
            .expected(format_args!("served by {by}"))
            .seen(format_args!("not among the {total} that this key may use"))
            .mended_by(Remedy::prose(format!(
                "configure `{name}`, allow it to the key, or correct its name in `models`"
            )))
    });
    lacking.collect()
}

/// Whether a list of models, as a key or a team has it, allows `model`: empty is all, and names may end in `*`.
pub(super) fn allows(models: &[String], model: &str) -> bool {
    let is_it = |allowed: &String| match allowed.strip_suffix('*') {
        Some(start) => model.starts_with(start),
        // The team's own list, which is looked at by itself.
        None => allowed == model || ["all-proxy-models", "all-team-models"].contains(&allowed.as_str()),
    };
    models.is_empty() || models.iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn a_list_allows_by_name_by_start_by_word_and_by_being_empty() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for names in [&[][..], &["claude-sonnet"], &["claude-*"], &["*"], &["all-proxy-models"]] {
            assert!(allows(&list(names), "claude-sonnet"), "{names:?}");
        }
        for names in [&["claude-haiku"][..], &["gpt-*"], &["claude"]] {
            assert!(!allows(&list(names), "claude-sonnet"), "{names:?}");
        }
    }
}
