//! `${…}` → values, for one place. A text that is one expression takes its type; else the pieces are joined.

use super::{
    expression::{Expressions, Failure},
    scope::Scope,
    template::{Piece, pieces},
};
use gonogo_checks::contract::text::{At, Node, Problem, Shape};
use std::sync::Arc;

/// Replaces every expression in a value; what cannot be evaluated is noted and left out of reading.
pub(super) fn expand(node: &mut Node, expressions: &Expressions, scope: &Scope<'_>, problems: &mut Vec<Problem>) {
    match &mut node.shape {
        Shape::Seq(items) => items.iter_mut().for_each(|item| expand(item, expressions, scope, problems)),
        Shape::Map(entries) => {
            for (_, value) in entries {
                expand(value, expressions, scope, problems);
            }
        }
        Shape::Text(text) if text.contains("${") => match evaluate(text, node.at, expressions, scope) {
            Ok(Node { shape, .. }) => {
                node.from = text.contains("${").then(|| Arc::from(text.as_str()));
                node.shape = shape;
            }
            Err(Failure { message, help }) => {
                if !message.is_empty() {
                    problems.push(Problem { at: node.at, message, help });
                }
                node.leave_out();
            }
        },
        _ => {}
    }
}

/// What a text with expressions means.
pub(super) fn evaluate(text: &str, at: At, expressions: &Expressions, scope: &Scope<'_>) -> Result<Node, Failure> {
    let pieces = pieces(text).map_err(Failure::new)?;
    if let [Piece::Expression(source)] = pieces[..] {
        return expressions.evaluate(source, at, scope);
    }
    let mut joined = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => joined.push_str(literal),
            Piece::Expression(source) => {
                joined.push_str(&word(source, &expressions.evaluate(source, at, scope)?.shape)?);
            }
        }
    }
    Ok(Node::new(at, Shape::Text(joined)))
}

fn word(source: &str, shape: &Shape) -> Result<String, Failure> {
    Ok(match shape {
        Shape::Text(text) => text.clone(),
        Shape::Int(i) => i.to_string(),
        Shape::UInt(u) => u.to_string(),
        Shape::Float(x) => x.to_string(),
        Shape::Bool(b) => b.to_string(),
        other => return Err(Failure::new(format!("`{source}` gives {other}, which cannot stand within a text"))),
    })
}
