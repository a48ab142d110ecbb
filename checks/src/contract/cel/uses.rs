//! What an expression loops over, speaks of and calls: read from its tree, without evaluating it.

use cel::common::ast::{ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use std::collections::BTreeSet;

/// True if and only if a comprehension stands within another.
pub(super) fn has_nested_comprehension(expression: &IdedExpr) -> bool {
    is_nested(expression, false)
}

fn is_nested(expression: &IdedExpr, is_within: bool) -> bool {
    let is_loop = matches!(expression.expr, Expr::Comprehension(_));
    (is_loop && is_within) || parts(expression).into_iter().any(|part| is_nested(part, is_within || is_loop))
}

/// The expressions that one is made of.
fn parts(expression: &IdedExpr) -> Vec<&IdedExpr> {
    match &expression.expr {
        Expr::Comprehension(loops) => {
            vec![&loops.iter_range, &loops.accu_init, &loops.loop_cond, &loops.loop_step, &loops.result]
        }
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Map(map) => map.entries.iter().flat_map(|entry| entry_parts(&entry.expr)).collect(),
        Expr::Struct(fields) => fields.entries.iter().flat_map(|entry| entry_parts(&entry.expr)).collect(),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => Vec::new(),
    }
}

fn entry_parts(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

/// What an expression speaks of and calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses {
    /// The variables that it does not bind itself.
    pub(super) variables: BTreeSet<String>,
    /// What it calls, operators left out.
    pub(super) functions: BTreeSet<String>,
    /// The values that it reads by a fixed path, in the order of the text: `["object", "status", "phase"]`.
    pub(super) paths: Vec<Vec<String>>,
}

impl Uses {
    pub(super) fn of(expression: &IdedExpr) -> Self {
        let mut uses = Self::default();
        uses.gather(expression, &mut Vec::new());
        uses
    }

    fn gather<'e>(&mut self, expression: &'e IdedExpr, bound: &mut Vec<&'e str>) {
        if let Some(path) = path(expression) {
            if !bound.contains(&path[0].as_str()) {
                self.variables.insert(path[0].clone());
                if path.len() > 1 && !self.paths.contains(&path) {
                    self.paths.push(path);
                }
            }
            return;
        }
        match &expression.expr {
            Expr::Comprehension(loops) => return self.gather_loop(loops, bound),
            Expr::Call(call) if call.func_name.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                self.functions.insert(call.func_name.clone());
            }
            _ => {}
        }
        for part in parts(expression) {
            self.gather(part, bound);
        }
    }

    fn gather_loop<'e>(&mut self, loops: &'e ComprehensionExpr, bound: &mut Vec<&'e str>) {
        self.gather(&loops.iter_range, bound);
        self.gather(&loops.accu_init, bound);
        let before = bound.len();
        bound.extend([loops.accu_var.as_str(), loops.iter_var.as_str()]);
        bound.extend(loops.iter_var2.as_deref());
        for part in [&loops.loop_cond, &loops.loop_step, &loops.result] {
            self.gather(part, bound);
        }
        bound.truncate(before);
    }
}

/// The words of `a.b['c'].?d`, if that is all there is.
fn path(expression: &IdedExpr) -> Option<Vec<String>> {
    let (below, step) = match &expression.expr {
        Expr::Ident(name) => return Some(vec![name.clone()]),
        Expr::Select(select) => (select.operand.as_ref(), select.field.clone()),
        Expr::Call(call)
            if [operators::INDEX, operators::OPT_INDEX, operators::OPT_SELECT].contains(&&*call.func_name) =>
        {
            match (call.target.as_deref(), &call.args[..]) {
                (None, [below, step]) | (Some(below), [step]) => (below, literal(step)?),
                _ => return None,
            }
        }
        _ => return None,
    };
    let mut path = path(below)?;
    path.push(step);
    Some(path)
}

fn literal(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
        Expr::Literal(LiteralValue::Int(number)) => Some(number.inner().to_string()),
        _ => None,
    }
}
