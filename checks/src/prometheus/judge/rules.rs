//! The rules: there, evaluated, with something to read, and not firing.

use super::{
    super::{Evidence, Expect, Found, Rules, codes},
    agreed::{as_agreed, compares, labels},
    holds::short,
    inputs::{self, Group},
    mended, warned,
};
use crate::contract::{Code, Finding, Remedy, Weight, Window, spoken, values::Period};
use jiff::SignedDuration;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let names: &[String] = evidence.rules.as_ref().map_or(&[], |rules| &rules.names);
    let strangers = expect.rules.keys().filter(|name| !names.contains(name));
    let mut findings: Vec<Finding> = strangers.map(|name| not_asked(name)).collect();
    let Some(rules) = &evidence.rules else { return findings };
    findings.extend(warned("alerting rules", &rules.warnings, rules.by_hand.as_ref()));
    for name in names {
        let found: Vec<&Found> = rules.found.iter().filter(|found| found.rule.name == *name).collect();
        if found.is_empty() {
            findings.push(missing(rules, name));
            continue;
        }
        for one in &found {
            findings.extend(works(expect, evidence, rules, one, window));
        }
        if let Some(agreed) = expect.rules.get(name) {
            findings.extend(as_agreed(rules, name, &found, agreed));
        }
    }
    findings
}

pub(super) fn about(code: Code, rules: &Rules, name: &str, says: &str) -> Finding {
    Finding::new(code, name).mended_by(mended(rules.by_hand.as_ref(), says))
}

fn not_asked(name: &str) -> Finding {
    Finding::new(codes::NOT_ASKED, name)
        .expected("every rule of `expect.rules` in `with.rules` too")
        .seen("it was not looked at")
        .mended_by(Remedy::prose(format!("add `{name}` to `with: {{ rules: … }}`")))
}

fn missing(rules: &Rules, name: &str) -> Finding {
    let seen = match rules.among {
        0 => "there is no alerting rule at all".to_owned(),
        among => format!("none of the {among} alerting rules is called so"),
    };
    about(codes::NO_RULE, rules, name, "add the rule, or name it as it is loaded; a file that is not loaded is no rule")
        .expected("an alerting rule of this name")
        .seen(seen)
}

/// Whether it can fire, and whether it does.
fn works(expect: &Expect, evidence: &Evidence, rules: &Rules, found: &Found, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evaluated(expect, evidence, rules, found, window).into_iter().collect();
    match &found.reads {
        Err(reason) => findings.push(
            about(
                codes::UNREADABLE,
                rules,
                &found.rule.name,
                "see its expression; ask for its series in a check of `queries`",
            )
            .expected("an expression that can be read")
            .seen(short(reason)),
        ),
        Ok(reads) => {
            findings.extend(reads.needs.iter().filter_map(|needs| input(expect, evidence, rules, found, needs)));
        }
    }
    findings.extend(fires(expect, rules, found));
    findings
}

fn evaluated(expect: &Expect, evidence: &Evidence, rules: &Rules, found: &Found, window: &Window) -> Option<Finding> {
    let rule = &found.rule;
    if rule.health == "err" {
        return Some(
            about(codes::UNHEALTHY, rules, &rule.name, "mend its expression, or what it joins")
                .expected("a rule that can be evaluated")
                .seen(short(&rule.error)),
        );
    }
    let Some(at) = rule.evaluated.filter(|_| rule.health == "ok") else {
        return Some(
            about(codes::UNTRIED, rules, &rule.name, "look again after its group's interval")
                .expected("a rule that was evaluated")
                .seen(format_args!("its health is `{}`", short(&rule.health))),
        );
    };
    let usual = SignedDuration::try_from_secs_f64(2.0 * rule.interval + 60.0).unwrap_or(SignedDuration::MAX);
    let within = expect.evaluated_within.map_or(usual, Period::signed);
    let age = evidence.asked_at.duration_since(at);
    (age > within).then(|| {
        about(codes::STOPPED, rules, &rule.name, "see whether the server that evaluates the rules runs")
            .expected(format_args!("evaluated within {}", spoken(within)))
            .seen(format_args!("last evaluated {}, {} before it was asked", window.clock(at), spoken(age)))
    })
}

fn input(expect: &Expect, evidence: &Evidence, rules: &Rules, found: &Found, needs: &[String]) -> Option<Finding> {
    let name = &found.rule.name;
    let blind = |code: Code, inputs: &[&super::super::Input], seen: String, says: &str| {
        Some(
            Finding::new(code, name.clone())
                .expected(format_args!("live series of {}", short(&inputs::named(inputs))))
                .seen(seen)
                .mended_by(mended(inputs::by_hand(inputs), says)),
        )
    };
    match inputs::group(evidence, &rules.inputs, needs) {
        Group::Unseen(missing) => Some(inputs::unobserved(missing)),
        Group::Absent(all) => blind(
            codes::BLIND,
            &all,
            "none: no such metric".to_owned(),
            "measure what the rule is about, or name the metric as it is",
        ),
        Group::Empty(all) if all.iter().all(|input| expect.may_be_empty(&input.selector)) => None,
        Group::Empty(all) => blind(
            codes::EMPTY,
            &all,
            "none, though the metric has series with other labels".to_owned(),
            "compare the labels; where nothing of that kind happened yet, write its metric at zero, or name it in `may_be_empty`",
        ),
        Group::Lacks(input, values) => {
            let label = evidence.by.as_ref().map_or("", |by| by.label.as_str());
            let seen = format!("none with {label} of {}", values.join(", "));
            blind(codes::BLIND, &[input], seen, "see what should measure it there")
        }
        Group::Lives(age) if expect.is_old(needs, age) => Some(
            about(codes::OLD, rules, name, "see whether what measures it still runs")
                .expected(format_args!("a sample of the last {}", expect.fresh_within))
                .seen(format_args!("the newest of {} is {} old", short(&needs.join(" or ")), inputs::age(age))),
        ),
        Group::Lives(_) => None,
    }
}

fn fires(expect: &Expect, rules: &Rules, found: &Found) -> Option<Finding> {
    let rule = &found.rule;
    let weight = expect.firing.weight()?;
    let alerts = if rule.alerts == 0 { String::new() } else { format!(": {} alerts", rule.alerts) };
    let (code, weight) = match rule.state.as_str() {
        "firing" => (codes::FIRING, weight),
        "pending" => (codes::PENDING, Weight::Warn),
        _ => return None,
    };
    Some(
        about(code, rules, &rule.name, "mend what it warns of; a heartbeat has `firing: ok`")
            .expected("an alert that does not fire")
            .seen(format_args!("{}{alerts}", rule.state))
            .weighing(weight),
    )
}

pub(super) fn lasting(seconds: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::MAX)
}

/// `NodeFull: fires above 0.85, for 5 min, severity="page"; evaluated …`.
pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let line = |found: &Found| {
        let rule = &found.rule;
        let at =
            rule.evaluated.map_or_else(|| "never evaluated".to_owned(), |at| format!("evaluated {}", window.clock(at)));
        short(&format!(
            "{}: {}, for {}, {}; {}, {at}",
            rule.name,
            compares(found),
            spoken(lasting(rule.duration)),
            labels(found),
            if rule.state.is_empty() { "state unknown" } else { &rule.state },
        ))
    };
    evidence.rules.iter().flat_map(|rules| rules.found.iter().map(line)).collect()
}
