//! Which sites `sites:` means: all, those named, or those for which an expression is true. Never none.

use super::{
    expand::evaluate,
    expression::{Expressions, Failure},
    scope::World,
};
use crate::checklist::{Site, Sites};
use gonogo_checks::contract::text::{Placed, Problem, Shape, nearest};

/// The sites that are meant, in the order of the checklist; `None` where `problems` says why.
pub(super) fn members<'a>(
    written: &Placed<Sites>,
    sites: &'a [Site],
    expressions: &Expressions,
    world: &World<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<&'a Site>> {
    let before = problems.len();
    let found = match &written.value {
        Sites::All => sites.iter().collect(),
        Sites::Named(names) => named(names, sites, problems),
        Sites::Where(condition) => where_true(condition, sites, expressions, world, problems),
    };
    if problems.len() > before {
        return None;
    }
    if found.is_empty() {
        let help =
            if sites.is_empty() { "there are no sites: add some under `sites:`" } else { "name a site, or `all`" };
        problems.push(Problem::new(written.at, "`sites` matches no site").help(help));
        return None;
    }
    Some(found)
}

fn named<'a>(names: &[Placed<String>], sites: &'a [Site], problems: &mut Vec<Problem>) -> Vec<&'a Site> {
    for (i, name) in names.iter().enumerate() {
        if names[..i].iter().any(|earlier| earlier.value == name.value) {
            problems.push(Problem::new(name.at, format!("`{}` is named twice", name.value)).help("name it once"));
        } else if !sites.iter().any(|site| site.name == name.value) {
            problems.push(unknown(name, sites));
        }
    }
    sites.iter().filter(|site| names.iter().any(|name| name.value == site.name)).collect()
}

/// The complaint about a site that is not there.
pub(super) fn unknown(name: &Placed<String>, sites: &[Site]) -> Problem {
    let help = match nearest(&name.value, sites.iter().map(|site| site.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None if sites.is_empty() => "there are no sites: add some under `sites:`".to_owned(),
        None => format!("one of: {}", sites.iter().map(|site| site.name.as_str()).collect::<Vec<_>>().join(", ")),
    };
    Problem::new(name.at, format!("no site is called `{}`", name.value)).help(help)
}

fn where_true<'a>(
    condition: &Placed<String>,
    sites: &'a [Site],
    expressions: &Expressions,
    world: &World<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<&'a Site> {
    let mut found = Vec::new();
    for site in sites {
        match is_true(condition, site, expressions, world) {
            Ok(true) => found.push(site),
            Ok(false) => {}
            Err(Failure { message, help }) => {
                let silent = message.is_empty();
                let message = format!("at {}: {message}", site.name);
                problems.extend((!silent).then_some(Problem { at: condition.at, message, help }));
                return Vec::new();
            }
        }
    }
    found
}

fn is_true(
    condition: &Placed<String>,
    site: &Site,
    expressions: &Expressions,
    world: &World<'_>,
) -> Result<bool, Failure> {
    let given = evaluate(&condition.value, condition.at, expressions, &world.scope("", Ok(site)))?;
    match given.shape {
        Shape::Bool(answer) => Ok(answer),
        other => Err(Failure {
            message: format!("`{}` gives {other}, not `true` or `false`", condition.value),
            help: Some("write an expression that is true or false: `${site.role == 'server'}`".to_owned()),
        }),
    }
}
