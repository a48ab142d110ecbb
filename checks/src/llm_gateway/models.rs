//! The models that are served, and those that a key may use.

use super::{Key, Served, codes};
use crate::{
    clients::litellm::spend::Purse,
    contract::{Finding, Remedy, Weight, short},
};

/// The most models that a finding names.
const MOST_NAMES: usize = 20;

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

/// The models that what binds the key does not let it use.
pub(super) fn denials(key: &Key, purse: &Purse, models: &Served) -> Vec<Finding> {
    // What is served to the key itself it may use by this list, by whatever name the list has.
    let own = |model: &str| models.serves(model).filter(|_| key.is_own && is_served_by(key, purse));
    let is_denied = |model: &&String| !allows(&purse.models, model) && own(model) != Some(true);
    let finding = |model: &String| {
        let names: Vec<String> = purse.models.iter().take(MOST_NAMES).map(|name| short(name, 60)).collect();
        let finding = Finding::new(codes::DENIED, &purse.of).expected(format_args!("may use {model}"));
        let strange = purse.models.iter().find(|name| !models.knows(name)).filter(|_| own(model).is_none());
        match strange {
            // A group's models stand in the gateway's configuration alone.
            Some(group) => finding
                .weighing(Weight::Unknown)
                .seen(format_args!("may use {}; `{}` may be an access group", names.join(", "), short(group, 60)))
                .mended_by(Remedy::prose(format!(
                    "see in the gateway's configuration whether `{model}` is of this access group, look as the key itself (`key: {{}}`), or allow the model by its name"
                ))),
            None => finding
                .seen(format_args!("may use {}", names.join(", ")))
                .mended_by(Remedy::prose(format!("allow `{model}` to it"))),
        }
    };
    models.wanted.iter().filter(is_denied).map(finding).collect()
}

/// Whether the models that are served to a key are those of this list: the gateway goes by the key's own, and by the team's
/// only where that leaves it to the team.
fn is_served_by(key: &Key, purse: &Purse) -> bool {
    let is_left_to_others =
        |one: &&Purse| one.models.is_empty() || one.models.iter().any(|name| name == "all-team-models");
    let first = key.purses.iter().flatten().find(|one| !is_left_to_others(one));
    first.is_some_and(|first| first.of == purse.of)
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
