//! Who gets in: the sign-in page, sign-up, and the accounts that exist.
//!
//! The page says nothing of sign-up: it offers GitHub to whoever comes, and turns a newcomer away after GitHub has let
//! them pass. So either sign-ups are allowed, or every participant has an account already.

use super::{
    Evidence, Offered, Person, SignUps, codes, cure,
    settings::{Method, Through},
};
use crate::contract::{Code, Finding, Remedy};

/// The most names that a finding lists.
const MOST_NAMES: usize = 10;

pub(super) fn judge(evidence: &Evidence) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence.sign_in.iter().flat_map(page).collect();
    let people = evidence.participants.as_ref();
    if let Some(ups) = &evidence.sign_up {
        findings.extend(sign_up(ups, people.is_some()));
    }
    match people {
        Some(Ok(people)) => findings.extend(accounts(evidence, people)),
        Some(Err(missing)) => findings.push(Finding::unobserved(missing)),
        None => {}
    }
    findings
}

fn page(offered: &Offered) -> Vec<Finding> {
    let offers = match &offered.offers {
        Ok(offers) => offers,
        Err(missing) => return vec![Finding::unobserved(missing)],
    };
    let all = [(Method::Password, offers.password), (Method::Github, offers.github), (Method::Oidc, offers.oidc)];
    let has = |wanted: &Method| all.iter().any(|(method, is_there)| method == wanted && *is_there);
    let there: Vec<&str> = all.iter().filter(|(_, is_there)| *is_there).map(|(method, _)| method.word()).collect();
    let seen = if there.is_empty() { "no way at all".to_owned() } else { format!("only {}", there.join(", ")) };
    let lacking = offered.wanted.iter().filter(|wanted| !has(wanted)).map(|wanted| {
        Finding::new(codes::NOT_OFFERED, format!("sign-in by {}", wanted.word()))
            .expected("offered on the sign-in page")
            .seen(&seen)
            .mended_by(Remedy::prose("configure this way where the server is deployed from and roll it out"))
    });
    lacking.collect()
}

/// Where it `is_known` who comes, or was to be, their accounts decide and not the setting alone. The allowed organisations,
/// teams and domains bind those who have an account too: Coder looks at them each time somebody signs in.
fn sign_up(ups: &SignUps, is_known: bool) -> Vec<Finding> {
    let told = match &ups.told {
        Ok(told) => told,
        Err(missing) => return vec![Finding::unobserved(missing)],
    };
    let mut findings = Vec::new();
    if !told.allows_signups && !is_known {
        let seen = format!("{}=false", ups.through.setting());
        findings.push(
            Finding::new(codes::NO_SIGN_UP, format!("sign-up by {}", ups.through.method().word()))
                .expected("whoever comes for the first time gets an account")
                .seen(seen)
                .mended_by(cure::sign_ups(ups.through)),
        );
    }
    let allowed = if told.allows_everyone { None } else { Some(told.organisations.as_slice()) };
    match &ups.organisations {
        Some(wanted) => findings.extend(organisations(wanted, allowed)),
        None if ups.through == Through::Github => findings.extend(allowed.map(unnamed)),
        None => {}
    }
    findings.extend(narrowed(&ups.only, [&told.only, &told.groups]));
    findings
}

/// Members of these organisations alone are let in, and nobody has said that they are who comes.
fn unnamed(allowed: &[String]) -> Finding {
    let seen = if allowed.is_empty() { "none is allowed".to_owned() } else { format!("allowed: {}", some(allowed)) };
    Finding::new(codes::NARROWED, "GitHub")
        .expected("everyone, or organisations that the checklist names")
        .seen(seen)
        .mended_by(Remedy::prose("name the organisations of those who come in `sign_up: { organisations: … }`"))
}

/// The teams, domains and groups that sign-in is narrowed to against those that it is meant to be. Each bound that there is
/// must be met.
fn narrowed(wanted: &[String], bounds: [&[String]; 2]) -> Option<Finding> {
    let holds = |all: &[String], name: &String| all.iter().any(|other| other.eq_ignore_ascii_case(name));
    // Nobody is turned away where there is no bound, or where all who are named are let in and none of the bounds is unnamed.
    let is_named = |bound: &[String]| bound.is_empty() || wanted.iter().any(|name| holds(bound, name));
    let is_let_in = |name: &String| bounds.iter().any(|bound| holds(bound, name));
    let is_open = bounds.iter().all(|bound| bound.is_empty())
        || (bounds.iter().all(|bound| is_named(bound)) && wanted.iter().all(is_let_in));
    (!is_open).then(|| {
        let list =
            |names: &[String]| if names.is_empty() { "no teams, domains or groups".to_owned() } else { some(names) };
        let seen: Vec<String> = bounds.iter().filter(|bound| !bound.is_empty()).map(|bound| some(bound)).collect();
        Finding::new(codes::NARROWED, "teams, domains and groups")
            .expected(format_args!("narrowed to {}", list(wanted)))
            .seen(format_args!("narrowed to {}", seen.join(", and of these to ")))
            .mended_by(Remedy::prose(
                "correct the allowed teams, domains or groups where the server is deployed from, or `only`",
            ))
    })
}

/// The organisations that are to be let in against those that are; `None` for everyone.
fn organisations(wanted: &[String], allowed: Option<&[String]>) -> Vec<Finding> {
    let holds = |all: &[String], name: &str| all.iter().any(|other| other.eq_ignore_ascii_case(name));
    let finding = |code: Code, subject: String, seen: String| {
        let expected = format!("members of {}, and nobody else", wanted.join(", "));
        Finding::new(code, subject)
            .expected(expected)
            .seen(seen)
            .mended_by(cure::organisations(wanted, allowed.is_none()))
    };
    let Some(allowed) = allowed else {
        return vec![finding(codes::NOT_DECLARED, "GitHub".to_owned(), "everyone is let in".to_owned())];
    };
    let seen = if allowed.is_empty() { "none is allowed".to_owned() } else { format!("allowed: {}", some(allowed)) };
    let lacking = wanted.iter().filter(|name| !holds(allowed, name));
    let lacking = lacking.map(|name| finding(codes::NOT_ALLOWED, name.clone(), seen.clone()));
    let more = allowed.iter().filter(|name| !holds(wanted, name));
    let more = more.map(|name| finding(codes::NOT_DECLARED, name.clone(), seen.clone()));
    lacking.chain(more).collect()
}

fn accounts(evidence: &Evidence, people: &[Person]) -> Vec<Finding> {
    let of = |is_meant: &dyn Fn(Option<&str>) -> bool| -> Vec<String> {
        people.iter().filter(|person| is_meant(person.status.as_deref())).map(|person| person.name.clone()).collect()
    };
    let (absent, off) =
        (of(&|status| status.is_none()), of(&|status| status.is_some_and(|status| status == "suspended")));
    let ups = evidence.sign_up.as_ref();
    // Where sign-ups could not be seen, that is said already, and decides nothing here.
    let can_come = ups.is_some_and(|ups| ups.told.as_ref().map_or(true, |told| told.allows_signups));
    let mut findings = Vec::new();
    if !absent.is_empty() && !can_come {
        let cure =
            ups.map_or_else(|| Remedy::prose("make an account for each of them"), |ups| cure::sign_ups(ups.through));
        findings.push(
            Finding::new(codes::NO_ACCOUNT, "participants")
                .expected(format_args!("an account for each of {}", people.len()))
                .seen(format_args!("{} of {} have none: {}", absent.len(), people.len(), some(&absent)))
                .mended_by(cure),
        );
    }
    if let Some(first) = off.first() {
        let activate = Remedy::run(["coder", "--url", &evidence.url, "users", "activate", first]);
        findings.push(
            Finding::new(codes::SUSPENDED, "participants")
                .expected("accounts that may sign in")
                .seen(format_args!("{} of {} are suspended: {}", off.len(), people.len(), some(&off)))
                .mended_by(if off.len() == 1 { activate } else { activate.saying("and so for each of them") }),
        );
    }
    findings
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
