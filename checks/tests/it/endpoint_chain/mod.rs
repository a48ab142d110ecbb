//! `endpoint-chain` against the world: every link broken by itself, from here and inside a cluster.

mod here;
mod inside;

use crate::kubernetes::{Stage as Clusters, UID};
use gonogo_checks::{
    clients::{
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{Context, Finding, Item, Place, Window, text::load},
    kind,
};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;

/// A world, and the way into it by its own names.
pub struct Stage {
    clusters: Clusters,
}

impl Stage {
    pub async fn of(state: State) -> Self {
        Self { clusters: Clusters::of(state).await }
    }

    pub fn world(&self) -> &World {
        &self.clusters.world
    }

    /// A run's context; each has looked at nothing yet.
    pub fn context(&self) -> Context {
        self.clusters.context_of(&NetworkSettings {
            resolvers: self.world().resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world().connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        })
    }

    pub async fn look(&self, with: &str, expect: &str) -> (Value, Vec<Finding>) {
        let item = item(with, expect);
        match item.observe(&self.context()).await {
            Ok(evidence) => {
                let findings = item.judge(&evidence, &window()).expect("its own evidence");
                (evidence, findings)
            }
            Err(missing) => (Value::Null, vec![Finding::unobserved(&missing)]),
        }
    }

    pub async fn codes(&self, with: &str, expect: &str) -> Vec<&'static str> {
        self.look(with, expect).await.1.iter().map(|finding| finding.code).collect()
    }
}

pub fn window() -> Window {
    let now = Timestamp::now();
    let after = |hours| now + SignedDuration::from_hours(hours);
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: after(48), ends: after(50), lead: hour, tail: hour, zone: TimeZone::UTC, attendees: Some(15) }
}

/// A check at the site `ohio`.
pub fn item(with: &str, expect: &str) -> Box<dyn Item> {
    let mut problems = Vec::new();
    made(with, expect, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

/// What is wrong with settings that are to be refused.
pub fn refused(with: &str) -> String {
    let mut problems = Vec::new();
    assert!(made(with, "{}", &mut problems).is_none(), "{with} is taken");
    problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n")
}

fn made(with: &str, expect: &str, problems: &mut Vec<gonogo_checks::contract::text::Problem>) -> Option<Box<dyn Item>> {
    let node = |text: &str| load(0, text, &mut Vec::new()).expect("YAML");
    let kubernetes = node(&format!("{{ context: ohio, kubeconfig: kubeconfig, cluster_uid: {UID} }}"));
    let site = SiteSystems { name: "ohio".to_owned(), kubernetes: Some(kubernetes), aws: None };
    let connections = Connections::read(&[], &[site], problems);
    let place = Place::new(Some("ohio".to_owned()), vec!["ohio".to_owned()], connections);
    (kind("endpoint-chain").expect("a probe").item)(&node(with), &node(expect), &place, problems)
}
