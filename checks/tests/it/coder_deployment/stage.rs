//! A world, the connections that lead to it, and one look of a probe at it.

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
    coder::{Deployment, User},
    incidents::{Times, workshop_2024_09_30 as workshop},
    litellm::Gateway,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};
use tempfile::TempDir;

const CONNECTIONS: &str = "
coder: { kind: coder, url: https://ai.coder.com, token: { env: CODER_SESSION_TOKEN } }
owner: { kind: coder, url: https://ai.coder.com, token: { env: CODER_OWNER_TOKEN } }
proxy: { kind: coder, url: https://oregon-proxy.ai.coder.com, token: { env: CODER_OWNER_TOKEN } }
anybody: { kind: coder, url: https://ai.coder.com }
litellm: { kind: litellm, url: https://litellm.ai.coder.com, token: { env: LITELLM_PROBE_KEY } }
workspace: { kind: litellm, url: https://litellm.ai.coder.com, token: { env: WORKSPACE_KEY } }
keyless: { kind: litellm, url: https://litellm.ai.coder.com }
";

/// The world, and what reaches it.
pub struct Stage {
    pub world: World,
    pub times: Times,
    kind: &'static str,
    folder: TempDir,
    secrets: BTreeMap<String, String>,
    may_cost: bool,
}

/// The event begins two days from now and takes ninety minutes.
pub fn times() -> Times {
    let now = Timestamp::now();
    let starts = now + SignedDuration::from_hours(48);
    Times { now, starts, ends: starts + SignedDuration::from_mins(90) }
}

/// A user of Coder.
pub fn user(name: &str, status: &str, roles: &[&str]) -> User {
    User {
        id: format!("00000000-0000-4000-8000-{name:0>12}"),
        name: name.to_owned(),
        status: status.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        created_at: Timestamp::UNIX_EPOCH,
    }
}

impl Stage {
    /// The repaired workshop, for the probe `kind`.
    pub async fn of(kind: &'static str) -> Self {
        let times = times();
        Self::with(kind, workshop::repaired(times), times).await
    }

    pub async fn with(kind: &'static str, state: State, times: Times) -> Self {
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        let mut secrets: BTreeMap<String, String> =
            workshop::credentials().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        secrets.insert("WORKSPACE_KEY".to_owned(), workshop::WORKSPACE_KEY.to_owned());
        Self { world, times, kind, folder, secrets, may_cost: false }
    }

    /// The same with leave to spend money.
    pub const fn paying(mut self) -> Self {
        self.may_cost = true;
        self
    }

    /// The same with another value in an environment variable.
    pub fn with_secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn coder(&self, change: impl FnOnce(&mut Deployment)) {
        self.world.edit(|state| change(&mut state.coder));
    }

    pub fn gateway(&self, change: impl FnOnce(&mut Gateway)) {
        self.world.edit(|state| change(state.litellm.get_mut("litellm.ai.coder.com").expect("a gateway")));
    }

    /// What is found with these settings and this bar.
    pub async fn findings(&self, with: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
        Ok(self.look(with, expect).await?.1)
    }

    /// The codes of what is found.
    pub async fn codes(&self, with: &str, expect: &str) -> Vec<&'static str> {
        let found = self.findings(with, expect).await.unwrap_or_else(|missing| panic!("{with}: {missing}"));
        found.iter().map(|finding| finding.code).collect()
    }

    /// The evidence as it is stored, and what is found.
    pub async fn look(&self, with: &str, expect: &str) -> Result<(Value, Vec<Finding>), Unobserved> {
        let item = self.item(with, expect).unwrap_or_else(|problems| panic!("{with}: {problems:?}"));
        let evidence = item.observe(&self.context()).await?;
        let found = item.judge(&evidence, &self.window()).expect("evidence that reads");
        Ok((evidence, found))
    }

    /// The moments and the working of a look.
    pub async fn told(&self, with: &str, expect: &str) -> (Vec<Moment>, Vec<String>) {
        let item = self.item(with, expect).unwrap_or_else(|problems| panic!("{with}: {problems:?}"));
        let evidence = item.observe(&self.context()).await.expect("seen");
        let window = self.window();
        let moments = item.moments(&evidence, &window).expect("evidence that reads");
        (moments, item.working(&evidence, &window).expect("evidence that reads"))
    }

    /// The item, or what is wrong with its settings.
    pub fn item(&self, with: &str, expect: &str) -> Result<Box<dyn Item>, Vec<Problem>> {
        let mut problems = Vec::new();
        let all = tree(CONNECTIONS);
        let named: Vec<(String, Node)> =
            all.entries().iter().map(|(key, node)| (key.text.clone(), node.clone())).collect();
        let connections = Connections::read(&named, &[] as &[SiteSystems], &mut problems);
        let place = Place::new(None, Vec::new(), connections);
        let kind = kind(self.kind).expect("in the catalogue");
        let item = (kind.item)(&tree(with), &tree(expect), &place, &mut problems);
        item.ok_or(problems)
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        for (name, value) in &self.secrets {
            vault.keep(SecretRef::Env(name.clone()), SecretString::from(value.clone()));
        }
        let reach = Reach::new(network, vault, 16, self.folder.path().to_owned()).allowing_cost(self.may_cost);
        Context::new(Arc::new(reach), self.kind, 7)
    }

    fn window(&self) -> Window {
        let Times { now, starts, ends } = self.times;
        let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
        Window { now, starts, ends, lead, tail, zone: TimeZone::UTC, attendees: Some(15) }
    }
}

fn tree(text: &str) -> Node {
    let mut problems = Vec::new();
    load(0, text, &mut problems).unwrap_or_else(|| panic!("{text}: {problems:?}"))
}
