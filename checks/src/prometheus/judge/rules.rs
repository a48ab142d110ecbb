//! The rules: there, evaluated, with something to read, and what was agreed.

use super::{
    super::{Agreed, Evidence, Expect, Found, Is, Rules, Threshold, codes, promql::metric},
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

fn about(code: Code, rules: &Rules, name: &str, says: &str) -> Finding {
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
        Group::Empty(all) if all.iter().all(|input| may_be_empty(expect, &input.selector)) => None,
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
        Group::Lives(age) if age > expect.fresh_within.signed() => Some(
            about(codes::OLD, rules, name, "see whether what measures it still runs")
                .expected(format_args!("a sample of the last {}", expect.fresh_within))
                .seen(format_args!("the newest of {} is {} old", short(&needs.join(" or ")), inputs::age(age))),
        ),
        Group::Lives(_) => None,
    }
}

fn may_be_empty(expect: &Expect, selector: &str) -> bool {
    let metric = metric(selector).unwrap_or(selector);
    expect.may_be_empty.iter().any(|name| name == metric)
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

/// Each agreement against the rule that it is about, and each rule against what was agreed.
fn as_agreed(rules: &Rules, name: &str, found: &[&Found], agreed: &[Agreed]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = agreed.iter().filter_map(|one| kept(rules, name, found, one)).collect();
    if agreed.iter().all(|one| one.numbers().next().is_some()) && findings.is_empty() {
        let stranger = |one: &&&Found| one.reads.is_ok() && !agreed.iter().any(|agreed| agreed.compares(one));
        findings.extend(found.iter().filter(stranger).map(|one| {
            about(codes::THRESHOLD, rules, name, "take the further rule away, or agree on it")
                .expected(format_args!("{} rules of this name", agreed.len()))
                .seen(format_args!("one more, that {}", compares(one)))
        }));
    }
    findings
}

fn kept(rules: &Rules, name: &str, found: &[&Found], agreed: &Agreed) -> Option<Finding> {
    let readable: Vec<&&Found> = found.iter().filter(|one| one.reads.is_ok()).collect();
    let alike: Vec<&&Found> = readable.iter().copied().filter(|one| agreed.compares(one)).collect();
    if alike.is_empty() {
        // None that can be read is a finding already.
        let seen: Vec<String> = readable.iter().map(|one| compares(one)).collect();
        return (!readable.is_empty()).then(|| {
            about(codes::THRESHOLD, rules, name, "set the rule to what was agreed, or agree on what it says")
                .expected(agreed.words())
                .seen(short(&seen.join("; ")))
        });
    }
    let labelled: Vec<&&Found> = alike.iter().copied().filter(|one| agreed.is_labelled(one)).collect();
    let Some(first) = labelled.first() else {
        let seen: Vec<String> = alike.iter().map(|one| labels(one)).collect();
        return Some(
            about(codes::LABELS, rules, name, "give the rule the label by which alerts are routed")
                .expected(agreed.label_words())
                .seen(short(&seen.join("; "))),
        );
    };
    if labelled.iter().any(|one| agreed.waits(one)) {
        return None;
    }
    let (duration, interval) = (lasting(first.rule.duration), lasting(first.rule.interval));
    Some(
        about(codes::DURATION, rules, name, "set its `for` to what was agreed")
            .expected(agreed.wait_words())
            .seen(format_args!("for {}, evaluated every {}", spoken(duration), spoken(interval))),
    )
}

fn lasting(seconds: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::MAX)
}

/// `compares > 0.7, < 0.9`.
fn compares(found: &Found) -> String {
    let all = found.reads.as_ref().map_or(&[][..], |reads| &reads.compares);
    let word = |is: Is| match is {
        Is::Above => "above",
        Is::Below => "below",
        Is::Equal => "equal to",
        Is::Other => "other than",
    };
    let numbers: Vec<String> = all.iter().map(|one| format!("{} {}", word(one.is), one.number)).collect();
    if numbers.is_empty() { "compares with no number".to_owned() } else { format!("fires {}", numbers.join(", ")) }
}

fn labels(found: &Found) -> String {
    let pairs: Vec<String> = found.rule.labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
    if pairs.is_empty() { "no labels".to_owned() } else { pairs.join(", ") }
}

impl Agreed {
    fn numbers(&self) -> impl Iterator<Item = (Is, &Threshold)> {
        let all = [(Is::Above, &self.above), (Is::Below, &self.below), (Is::Equal, &self.equal)];
        all.into_iter().filter_map(|(is, number)| number.as_ref().map(|number| (is, number)))
    }

    fn compares(&self, found: &Found) -> bool {
        let Ok(reads) = &found.reads else { return false };
        self.numbers().all(|(is, wanted)| reads.compares.iter().any(|one| one.is == is && wanted.is(one.number)))
    }

    fn is_labelled(&self, found: &Found) -> bool {
        self.labels.iter().all(|(label, value)| found.rule.labels.get(label) == Some(value))
    }

    fn waits(&self, found: &Found) -> bool {
        let (duration, interval) = (lasting(found.rule.duration), lasting(found.rule.interval));
        self.duration.is_none_or(|wanted| wanted.signed() == duration)
            && self.fires_within.is_none_or(|most| duration.saturating_add(interval) <= most.signed())
    }

    fn words(&self) -> String {
        let word = |is: Is| match is {
            Is::Above => "above",
            Is::Below => "below",
            _ => "equal to",
        };
        let all: Vec<String> = self.numbers().map(|(is, number)| format!("{} {number}", word(is))).collect();
        format!("a rule that fires {}", all.join(" and "))
    }

    fn label_words(&self) -> String {
        self.labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect::<Vec<_>>().join(", ")
    }

    fn wait_words(&self) -> String {
        let exact = self.duration.map(|wanted| format!("for {wanted}"));
        let most = self.fires_within.map(|most| format!("its `for` and its interval within {most}"));
        exact.into_iter().chain(most).collect::<Vec<_>>().join(", ")
    }
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
