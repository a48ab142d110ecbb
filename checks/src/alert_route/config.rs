//! A configuration as Alertmanager gives it back, read for names, matchers and kinds alone.
//!
//! It is read with the checklist's own reader, which bounds depth and size. No word of what is wrong quotes the text: an address
//! in it may hold a token, though Alertmanager hides what it knows to be one.

use super::{
    Inhibit, Interval, Route,
    interval::{items, text},
    matcher::matchers,
};
use crate::{
    clients::alertmanager::Matcher,
    contract::{
        text::{Node, Shape, load},
        values::Period,
    },
};
use std::collections::BTreeMap;

/// The most routes that are read.
const MOST: usize = 2_000;

/// What a configuration says of alerts' ways.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) route: Route,
    pub(super) receivers: BTreeMap<String, BTreeMap<String, usize>>,
    pub(super) intervals: BTreeMap<String, Vec<Interval>>,
    pub(super) inhibitions: Vec<Inhibit>,
}

/// Reads one.
///
/// # Errors
/// What in it cannot be read.
pub(super) fn config(original: &str) -> Result<Config, String> {
    let tree = load(0, original, &mut Vec::new()).ok_or("the configuration is no YAML")?;
    let root = tree.get("route").ok_or("the configuration has no `route`")?;
    let mut left = MOST;
    let route = route(root, &mut left)?;
    let receivers = tree.get("receivers").map(items).into_iter().flatten().map(receiver).collect::<BTreeMap<_, _>>();
    if route.receiver.is_none() || receivers.is_empty() {
        return Err("the configuration names no receiver".to_owned());
    }
    let mut intervals = BTreeMap::new();
    for key in ["mute_time_intervals", "time_intervals"] {
        for one in tree.get(key).map(items).into_iter().flatten() {
            let name = one.get("name").map(text).unwrap_or_default();
            let spans = one.get("time_intervals").map(items).into_iter().flatten();
            intervals.insert(name, spans.map(Interval::read).collect::<Result<_, _>>()?);
        }
    }
    let inhibitions =
        tree.get("inhibit_rules").map(items).into_iter().flatten().map(inhibit).collect::<Result<_, _>>()?;
    Ok(Config { route, receivers, intervals, inhibitions })
}

fn route(node: &Node, left: &mut usize) -> Result<Route, String> {
    *left = left.checked_sub(1).ok_or_else(|| format!("the configuration has more than {MOST} routes"))?;
    let names = |key: &str| node.get(key).map(items).into_iter().flatten().map(text).collect();
    let mut children = Vec::new();
    for child in node.get("routes").map(items).into_iter().flatten() {
        children.push(route(child, left)?);
    }
    Ok(Route {
        receiver: node.get("receiver").map(text).filter(|name| !name.is_empty()),
        matchers: of_three(node, "match", "match_re", "matchers")?,
        goes_on: matches!(node.get("continue").map(|node| &node.shape), Some(Shape::Bool(true))),
        mute: names("mute_time_intervals"),
        active: names("active_time_intervals"),
        group_wait: wait(node, "group_wait")?,
        group_interval: wait(node, "group_interval")?,
        group_by: names("group_by"),
        routes: children,
    })
}

fn wait(node: &Node, key: &str) -> Result<Option<Period>, String> {
    let written = node.get(key).map(text).filter(|text| !text.is_empty());
    written.map(|text| text.parse().map_err(|_| format!("a `{key}` cannot be read"))).transpose()
}

/// The matchers of the two old writings and the new one.
fn of_three(node: &Node, plain: &str, pattern: &str, new: &str) -> Result<Vec<Matcher>, String> {
    let mut all = Vec::new();
    for (key, is_regex) in [(plain, false), (pattern, true)] {
        let entries = node.get(key).map_or(&[][..], Node::entries);
        all.extend(entries.iter().map(|(name, value)| Matcher {
            name: name.text.clone(),
            value: text(value),
            is_regex,
            is_equal: true,
        }));
    }
    for one in node.get(new).map(items).into_iter().flatten() {
        all.extend(matchers(&text(one))?);
    }
    Ok(all)
}

/// Its name, and the kinds of its integrations: `pagerduty_configs` with something in it is `pagerduty`.
fn receiver(node: &Node) -> (String, BTreeMap<String, usize>) {
    let kind = |(key, value): &(crate::contract::text::Key, Node)| {
        let kind = key.text.strip_suffix("_configs")?;
        Some((kind.to_owned(), items(value).count())).filter(|(_, count)| *count > 0)
    };
    (node.get("name").map(text).unwrap_or_default(), node.entries().iter().filter_map(kind).collect())
}

fn inhibit(node: &Node) -> Result<Inhibit, String> {
    Ok(Inhibit {
        source: of_three(node, "source_match", "source_match_re", "source_matchers")?,
        target: of_three(node, "target_match", "target_match_re", "target_matchers")?,
        equal: node.get("equal").map(items).into_iter().flatten().map(text).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGINAL: &str = "
global: { pagerduty_url: https://events.pagerduty.com/v2/enqueue }
route:
  receiver: default-receiver
  continue: false
  routes:
  - receiver: pager
    match: { severity: page }
    match_re: { team: web|db }
    matchers: [region!=\"test\"]
    mute_time_intervals: [night]
    group_interval: 1h30m
    group_by: ['...']
    continue: true
receivers:
- name: default-receiver
- name: pager
  pagerduty_configs: [{ routing_key: <secret> }]
  slack_configs: []
  webhook_configs: [{ url: https://hooks.example.com/token-in-a-path }, { url: <secret> }]
inhibit_rules:
- { source_matchers: [severity=\"critical\"], target_match: { severity: page }, equal: [instance] }
mute_time_intervals:
- { name: night, time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }] }] }
templates: []
";

    #[test]
    fn names_matchers_and_kinds_are_kept_and_no_address_is() {
        let config = config(ORIGINAL).expect("a configuration");
        let child = &config.route.routes[0];
        let shown: Vec<String> = child.matchers.iter().map(Matcher::to_string).collect();
        assert_eq!(shown, ["severity=\"page\"", "team=~\"web|db\"", "region!=\"test\""]);
        assert!(child.goes_on && child.mute == ["night"]);
        assert_eq!((child.group_wait, child.group_interval), (None, Some(Period::seconds(5_400))));
        assert_eq!(child.group_by, ["..."]);
        let pager: Vec<_> = config.receivers["pager"].iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        assert_eq!(pager, [("pagerduty", 1), ("webhook", 2)]);
        assert!(config.receivers["default-receiver"].is_empty());
        assert_eq!(config.inhibitions[0].equal, ["instance"]);
        assert_eq!(config.intervals["night"][0].times, [(1320, 1440)]);
        assert!(!format!("{config:?}").contains("hooks.example.com"));
    }

    #[test]
    fn what_is_no_configuration_is_told_without_its_text() {
        for text in ["", "route: {}", "route: { receiver: a }", "token: [", "route: { receiver: a, matchers: ['='] }"] {
            let reason = config(text).expect_err(text);
            assert!(!reason.contains("token"), "{reason}");
        }
    }
}
