//! Needs that grow with the crowd, where nobody has said how large the crowd is.

use super::expression::Failure;
use gonogo_checks::contract::text::{Node, Problem, Shape};

const HELP: &str = "add `attendees: 15` to the event: how many may come";

/// Says where a value asks for attendees that the event does not count.
pub(super) fn refuse_uncounted(node: &Node, problems: &mut Vec<Problem>) {
    match &node.shape {
        Shape::Map(entries) => {
            for (key, value) in entries {
                if matches!(key.text.as_str(), "by_attendees" | "attendees_per_unit") {
                    let message = format!("`{}`, and the event does not say how many may come", key.text);
                    problems.push(Problem::new(key.at, message).help(HELP));
                } else {
                    refuse_uncounted(value, problems);
                }
            }
        }
        Shape::Seq(items) => items.iter().for_each(|item| refuse_uncounted(item, problems)),
        _ => {}
    }
}

/// What an expression says that asks for them.
pub(super) fn absent(source: &str) -> Failure {
    Failure { message: format!("`{source}`: the event does not say how many may come"), help: Some(HELP.to_owned()) }
}
