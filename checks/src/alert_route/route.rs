//! Where an alert goes: the tree of routes, walked as Alertmanager walks it.
//!
//! A child that matches ends the search unless it says `continue`; where no child matches, the route itself is the one. A
//! receiver, `group_wait`, `group_interval` and `group_by` are inherited, mute and active times are not. Source: Alertmanager, `dispatch/route.go`.

use crate::{clients::alertmanager::Matcher, contract::values::Period};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One route.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Route {
    /// The receiver; none means the parent's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// What an alert must be like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<Matcher>,
    /// True where the routes after it are tried too.
    #[serde(rename = "continue", skip_serializing_if = "is_false")]
    pub goes_on: bool,
    /// Intervals in which it tells nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mute: Vec<String>,
    /// Intervals in which alone it tells anybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub active: Vec<String>,
    /// How long an alert waits for others of its group; none means the parent's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_wait: Option<Period>,
    /// How long an alert waits that joins a group already told of; none means the parent's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_interval: Option<Period>,
    /// The labels by which alerts are grouped, `...` being all of them; none means the parent's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
    /// Its children.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(is: &bool) -> bool {
    !*is
}

/// How long Alertmanager waits where the root does not say.
const GROUP_WAIT: Period = Period::seconds(30);
const GROUP_INTERVAL: Period = Period::seconds(300);

/// A route that was chosen, with what it inherits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chosen<'a> {
    /// The receiver.
    pub(super) receiver: &'a str,
    /// The route itself.
    pub(super) route: &'a Route,
    /// How long the first alert of a group waits.
    pub(super) group_wait: Period,
    /// How long one waits that joins a group already told of.
    pub(super) group_interval: Period,
    /// True where each alert is a group of its own, which none joins.
    pub(super) is_alone: bool,
    /// True for the root, which takes what nothing else does.
    pub(super) is_default: bool,
}

impl Route {
    /// The routes that an alert of these labels takes; a label that is not there is empty.
    ///
    /// # Errors
    /// The pattern that cannot be read.
    pub(super) fn of<'a>(&'a self, labels: &BTreeMap<String, String>) -> Result<Vec<Chosen<'a>>, String> {
        let mut chosen = Vec::new();
        // The root takes everything, whatever its matchers are: Alertmanager refuses any there.
        let root = Chosen {
            receiver: self.receiver.as_deref().unwrap_or_default(),
            route: self,
            group_wait: self.group_wait.unwrap_or(GROUP_WAIT),
            group_interval: self.group_interval.unwrap_or(GROUP_INTERVAL),
            is_alone: self.is_alone(),
            is_default: true,
        };
        walk(root, labels, &mut chosen)?;
        Ok(chosen)
    }

    fn is_alone(&self) -> bool {
        self.group_by.iter().any(|label| label == "...")
    }
}

impl<'a> Chosen<'a> {
    /// A child, with what it inherits.
    fn below(&self, child: &'a Route) -> Self {
        Self {
            receiver: child.receiver.as_deref().unwrap_or(self.receiver),
            route: child,
            group_wait: child.group_wait.unwrap_or(self.group_wait),
            group_interval: child.group_interval.unwrap_or(self.group_interval),
            is_alone: if child.group_by.is_empty() { self.is_alone } else { child.is_alone() },
            is_default: false,
        }
    }

    /// The longest that an alert may wait, and the setting that says so.
    pub(super) fn longest(&self) -> (Period, &'static str) {
        if self.is_alone || self.group_wait >= self.group_interval {
            (self.group_wait, "group_wait")
        } else {
            (self.group_interval, "group_interval")
        }
    }
}

/// Walks the tree below `one`, a route with what it has or inherits; true where it takes the alert.
fn walk<'a>(one: Chosen<'a>, labels: &BTreeMap<String, String>, chosen: &mut Vec<Chosen<'a>>) -> Result<bool, String> {
    if !one.is_default && !fit(&one.route.matchers, labels)? {
        return Ok(false);
    }
    let mut has_child = false;
    for child in &one.route.routes {
        let is_taken = walk(one.below(child), labels, chosen)?;
        has_child |= is_taken;
        if is_taken && !child.goes_on {
            break;
        }
    }
    if !has_child {
        chosen.push(one);
    }
    Ok(true)
}

/// Whether all of them fit.
pub(super) fn fit(matchers: &[Matcher], labels: &BTreeMap<String, String>) -> Result<bool, String> {
    for matcher in matchers {
        if !matcher.fits(labels).map_err(|_| matcher.to_string())? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{super::matcher::matchers, *};

    fn route(receiver: &str, text: &str) -> Route {
        let receiver = Some(receiver.to_owned()).filter(|name| !name.is_empty());
        Route { receiver, matchers: matchers(text).expect("matchers"), ..Route::default() }
    }

    fn receivers(root: &Route, text: &str) -> Vec<String> {
        let labels = matchers(text).expect("labels").into_iter().map(|one| (one.name, one.value)).collect();
        root.of(&labels).expect("readable").iter().map(|chosen| chosen.receiver.to_owned()).collect()
    }

    fn tree() -> Route {
        let mut team = route("team", "team=web");
        team.routes = vec![route("", "severity=page"), route("night", "severity=~\"info|warning\"")];
        let mut audit = route("audit", "severity!=\"\"");
        audit.goes_on = true;
        Route {
            routes: vec![audit, team, route("other", "team=~\"w.*\""), route("bare", "severity=\"\"")],
            ..route("default", "")
        }
    }

    #[test]
    fn the_first_child_that_matches_takes_it_unless_it_goes_on() {
        let tree = tree();
        for (labels, expected) in [
            ("team=web,severity=page", vec!["audit", "team"]),
            ("team=web,severity=info", vec!["audit", "night"]),
            ("team=web,severity=informal", vec!["audit", "team"]),
            ("team=wide,severity=page", vec!["audit", "other"]),
            ("team=db,severity=page", vec!["audit"]),
            ("team=db", vec!["bare"]),
        ] {
            assert_eq!(receivers(&tree, labels), expected, "{labels}");
        }
        let plain = Route { routes: vec![route("pager", "severity=page")], ..route("default", "") };
        assert_eq!(receivers(&plain, "severity=info"), ["default"]);
    }

    #[test]
    fn a_pattern_that_cannot_be_read_is_told() {
        let tree = Route { routes: vec![route("a", "b=~\"(\"")], ..route("default", "") };
        assert_eq!(tree.of(&BTreeMap::new()).expect_err("unreadable"), "b=~\"(\"");
    }
}
