//! `schedule-window` against the world: the incident, the repaired world, and each source's ways to see too little.

mod recorded;
mod sources;

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Moment, Place, SecretRef, Unobserved, Vault, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use gonogo_world::{
    State, World,
    incidents::{Times, workshop_2024_09_30 as workshop},
    kubernetes::Cluster,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::{fs, sync::Arc};
use tempfile::TempDir;

const OHIO: &str = "us-east-2";
const CONNECTIONS: &str = "
litellm: { kind: litellm, url: https://litellm.ai.coder.com, token: { env: LITELLM_PROBE_KEY } }
alertmanager: { kind: alertmanager, url: https://alertmanager.ai.coder.com }
";

/// The event begins two days from now and takes ninety minutes.
fn times() -> Times {
    let now = Timestamp::now();
    let starts = now + SignedDuration::from_hours(48);
    Times { now, starts, ends: starts + SignedDuration::from_mins(90) }
}

/// The world, and what reaches it.
struct Stage {
    world: World,
    times: Times,
    folder: TempDir,
}

impl Stage {
    async fn of(state: State) -> Self {
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kubeconfig"), world.kubeconfig()).expect("a kubeconfig");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        Self { world, times: times(), folder }
    }

    /// A world of one cluster.
    async fn one(cluster: Cluster) -> Self {
        let mut state = State::empty(Timestamp::now());
        state.clusters.insert(OHIO.to_owned(), cluster);
        Self::of(state).await
    }

    /// Changes the cluster that is looked at.
    fn edit(&self, change: impl FnOnce(&mut Cluster)) {
        self.world.edit(|state| change(state.clusters.get_mut(OHIO).expect("ohio")));
    }

    async fn findings(&self, with: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
        let item = item(with, expect);
        let evidence = item.observe(&self.context()).await?;
        Ok(item.judge(&evidence, &self.window()).expect("evidence that reads"))
    }

    async fn found(&self, with: &str, expect: &str) -> Vec<(&'static str, String)> {
        let findings = self.findings(with, expect).await.unwrap_or_else(|missing| panic!("{with}: {missing}"));
        findings.into_iter().map(|finding| (finding.code, finding.subject)).collect()
    }

    /// Its moments and its working.
    async fn told(&self, with: &str) -> (Vec<Moment>, Vec<String>) {
        let item = item(with, "{}");
        let evidence = item.observe(&self.context()).await.expect("seen");
        let window = self.window();
        let moments = item.moments(&evidence, &window).expect("evidence that reads");
        (moments, item.working(&evidence, &window).expect("evidence that reads"))
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        let key = SecretString::from(workshop::LITELLM_PROBE_KEY.to_owned());
        vault.keep(SecretRef::Env("LITELLM_PROBE_KEY".to_owned()), key);
        Context::new(Arc::new(Reach::new(network, vault, 16, self.folder.path().to_owned())), "schedules", 7)
    }

    fn window(&self) -> Window {
        let Times { now, starts, ends } = self.times;
        let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
        Window { now, starts, ends, lead, tail, zone: TimeZone::UTC, attendees: Some(15) }
    }
}

fn item(with: &str, expect: &str) -> Box<dyn Item> {
    made(with, expect).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn made(with: &str, expect: &str) -> Result<Box<dyn Item>, Vec<Problem>> {
    let mut problems = Vec::new();
    let kubernetes = Some(tree("{ context: us-east-2, kubeconfig: kubeconfig }", &mut problems));
    let site = SiteSystems { name: OHIO.to_owned(), kubernetes, aws: None };
    let named: Vec<(String, Node)> = ["litellm", "alertmanager"]
        .map(|name| (name.to_owned(), tree(CONNECTIONS, &mut problems).get(name).expect("named").clone()))
        .into();
    let connections = Connections::read(&named, &[site], &mut problems);
    let place = Place::new(Some(OHIO.to_owned()), vec![OHIO.to_owned()], connections);
    let kind = kind("schedule-window").expect("in the catalogue");
    let (with, expect) = (tree(with, &mut problems), tree(expect, &mut problems));
    (kind.item)(&with, &expect, &place, &mut problems).ok_or(problems)
}

fn tree(text: &str, problems: &mut Vec<Problem>) -> Node {
    load(0, text, problems).unwrap_or_else(|| panic!("{text}: {problems:?}"))
}
