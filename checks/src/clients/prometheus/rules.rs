//! The alerting rules that a Prometheus has loaded.
//!
//! All of them are listed and those that are meant are kept: `rule_name[]` came with 2.45, and what does not know it answers all.

use super::{Question, Server};
use crate::contract::{Context, Unobserved, Why, short};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const PATH: &str = "api/v1/rules";
/// The longest expression that is kept, in bytes.
const LONGEST: usize = 8 << 10;
/// The most letters of an error that are kept.
const WORDS: usize = 240;

/// One alerting rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The alert's name.
    pub name: String,
    /// The group that it is evaluated with.
    pub group: String,
    /// How often, in seconds.
    pub interval: f64,
    /// Its expression.
    pub query: String,
    /// For how long it must hold before the alert fires, in seconds.
    pub duration: f64,
    /// The labels that it gives its alerts.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// `ok`, `err` or `unknown`.
    pub health: String,
    /// What went wrong when it was last evaluated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// When it was; `None` before the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluated: Option<Timestamp>,
    /// `inactive`, `pending` or `firing`.
    pub state: String,
    /// How many alerts of it fire or are pending now.
    #[serde(default)]
    pub alerts: usize,
}

/// The rules that were meant, and how many alerting rules there are at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Those of the names that were asked for, in the server's order.
    pub rules: Vec<Rule>,
    /// How many alerting rules are loaded.
    pub among: usize,
    /// What Prometheus warns of.
    pub warnings: Vec<String>,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Groups {
    groups: Vec<Group>,
    #[serde(default)]
    group_next_token: Option<String>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    interval: f64,
    rules: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    name: String,
    query: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    duration: f64,
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
    health: String,
    #[serde(default)]
    last_error: Option<String>,
    #[serde(default)]
    last_evaluation: Option<Timestamp>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    alerts: Option<Vec<serde::de::IgnoredAny>>,
}

impl Context {
    /// The alerting rules of these names at `server`.
    ///
    /// # Errors
    /// No answer, an error of Prometheus, or rules that cannot be read.
    pub async fn prometheus_rules(&self, server: &Server, names: &[String]) -> Result<Listed, Unobserved> {
        let parameters = [("type", "alert")];
        let question = Question { server, path: PATH, parameters: &parameters, shown: "alerting rules" };
        let told = self.prometheus_told::<Groups>(&question).await?;
        if told.data.group_next_token.is_some_and(|token| !token.is_empty()) {
            return Err(question.without(Why::TooLarge, "the rules come in pages, though none were asked for"));
        }
        let (rules, among) =
            chosen(told.data.groups, names).map_err(|detail| question.without(Why::TooLarge, detail))?;
        Ok(Listed { rules, among, warnings: told.warnings, asked_at: told.asked_at })
    }
}

fn chosen(groups: Vec<Group>, names: &[String]) -> Result<(Vec<Rule>, usize), String> {
    let (mut rules, mut among) = (Vec::new(), 0);
    for group in groups {
        // A server that does not know `type=alert` gives its recording rules too.
        for written in group.rules.into_iter().filter(|rule| rule.kind == "alerting") {
            among += 1;
            if !names.contains(&written.name) {
                continue;
            }
            if written.query.len() > LONGEST {
                return Err(format!("the expression of {} has more than 8 KiB", written.name));
            }
            rules.push(rule(&group.name, group.interval, written));
        }
    }
    Ok((rules, among))
}

fn rule(group: &str, interval: f64, written: Written) -> Rule {
    let error = written.last_error.unwrap_or_default();
    Rule {
        name: written.name,
        group: group.to_owned(),
        interval,
        query: written.query,
        duration: written.duration,
        labels: written.labels.unwrap_or_default(),
        health: written.health,
        error: short(&error, WORDS),
        // Never is written as the first moment of the year 1.
        evaluated: written.last_evaluation.filter(|at| at.as_second() > 0),
        state: written.state.unwrap_or_default(),
        alerts: written.alerts.map_or(0, |alerts| alerts.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Vec<Group> {
        let text = include_str!("../../../tests/recordings/prometheus/rules.http").replace('\r', "");
        let (_, body) = text.split_once("\n\n").expect("a body");
        let envelope: super::super::Envelope<Groups> = serde_json::from_str(body).expect("JSON");
        envelope.told().expect("a success").0.groups
    }

    #[test]
    fn recorded_rules_are_chosen_by_name_and_counted() {
        let (rules, among) = chosen(groups(), &["OutOfFiles".to_owned(), "Down".to_owned()]).expect("rules");
        assert_eq!(among, 6);
        let [files, down] = &rules[..] else { panic!("{rules:?}") };
        assert_eq!(
            (files.name.as_str(), files.group.as_str(), files.health.as_str()),
            ("OutOfFiles", "workshop", "ok")
        );
        assert_eq!(files.query, "process_open_fds{job=\"self\"} / process_max_fds{job=\"self\"} > 0.85");
        assert!((files.duration - 300.0).abs() < 0.1 && (files.interval - 1.0).abs() < 0.1);
        assert_eq!(files.labels["severity"], "page");
        assert!(files.evaluated.is_some() && down.alerts <= 3);
    }

    #[test]
    fn a_rule_that_was_never_evaluated_has_no_time_and_one_that_is_too_long_is_told() {
        let rule = |query: &str| {
            let text = format!(
                r#"{{"name":"g","interval":60,"rules":[{{"name":"A","query":"{query}","type":"alerting","health":"unknown","lastEvaluation":"0001-01-01T00:00:00Z","state":"unknown"}},{{"name":"A","query":"up","type":"recording","health":"ok"}}]}}"#
            );
            chosen(vec![serde_json::from_str(&text).expect("a group")], &["A".to_owned()])
        };
        let (rules, among) = rule("up").expect("rules");
        assert_eq!((rules.len(), among, rules[0].evaluated), (1, 1, None));
        assert!(rule(&"u".repeat(9_000)).is_err());
    }
}
