//! A world with the workshop's Coder, and one look of a probe at it.

use gonogo_checks::{
    clients::{Network, Reach, connections::Connections, network::NetworkSettings},
    contract::{
        Context, Finding, Item, Place, SecretRef, Unobserved, Vault, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use gonogo_world::{
    World,
    coder::{Deployment, provisioning::Organization},
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::Value;
use std::{fs, sync::Arc};
use tempfile::TempDir;

/// The sites, and the names and domains of their proxies.
pub const SITES: [(&str, &str, &str); 3] = [
    ("us-east-2", "primary", "ai.coder.com"),
    ("us-west-2", "oregon", "oregon-proxy.ai.coder.com"),
    ("eu-west-2", "emea", "emea-proxy.ai.coder.com"),
];

/// The world, and what reaches it.
pub struct Stage {
    pub world: World,
    times: Times,
    folder: TempDir,
}

impl Stage {
    /// The repaired world.
    pub async fn repaired() -> Self {
        let now = Timestamp::now();
        let starts = now + SignedDuration::from_hours(48);
        let times = Times { now, starts, ends: starts + SignedDuration::from_mins(90) };
        let world = World::start(workshop::repaired(times)).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        Self { world, times, folder }
    }

    /// Changes the deployment.
    pub fn deployment(&self, change: impl FnOnce(&mut Deployment)) {
        self.world.edit(|state| change(&mut state.coder));
    }

    /// Changes an organisation.
    pub fn organization(&self, name: &str, change: impl FnOnce(&mut Organization)) {
        self.deployment(|coder| change(coder.provisioning.organization_mut(name).expect("an organisation")));
    }

    /// The evidence as it is stored, and what is found.
    pub async fn look(&self, probe: &str, with: &str, expect: &str) -> Result<(Value, Vec<Finding>), Unobserved> {
        let item = item(probe, with, expect).unwrap_or_else(|problems| panic!("{problems:?}"));
        let evidence = item.observe(&self.context()).await?;
        let found = item.judge(&evidence, &self.window()).expect("evidence that reads");
        Ok((evidence, found))
    }

    /// The arithmetic.
    pub async fn working(&self, probe: &str, with: &str, expect: &str) -> Vec<String> {
        let item = item(probe, with, expect).unwrap_or_else(|problems| panic!("{problems:?}"));
        let evidence = item.observe(&self.context()).await.expect("evidence");
        item.working(&evidence, &self.window()).expect("evidence that reads")
    }

    /// Each finding as `code@site`, and `code` where it has no site.
    pub async fn codes(&self, probe: &str, with: &str, expect: &str) -> Vec<String> {
        let (_, found) = self.look(probe, with, expect).await.expect("evidence, whatever was seen");
        let word = |finding: &Finding| match &finding.site {
            Some(site) => format!("{}@{site}", finding.code),
            None => finding.code.to_owned(),
        };
        found.iter().map(word).collect()
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        let token = SecretString::from(workshop::CODER_SESSION_TOKEN);
        vault.keep(SecretRef::Env("CODER_SESSION_TOKEN".to_owned()), token);
        Context::new(Arc::new(Reach::new(network, vault, 16, self.folder.path().to_owned())), "coder", 7)
    }

    fn window(&self) -> Window {
        let Times { now, starts, ends } = self.times;
        let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
        Window { now, starts, ends, lead, tail, zone: TimeZone::UTC, attendees: Some(15) }
    }
}

/// What is wrong with these settings.
pub fn refused(probe: &str, with: &str) -> String {
    match item(probe, with, "{}") {
        Ok(_) => panic!("{with} is taken"),
        Err(problems) => problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "),
    }
}

fn item(probe: &str, with: &str, expect: &str) -> Result<Box<dyn Item>, Vec<Problem>> {
    let mut problems = Vec::new();
    let named = [
        ("coder", "{ kind: coder, url: https://ai.coder.com, token: { env: CODER_SESSION_TOKEN } }"),
        ("bare", "{ kind: coder, url: https://ai.coder.com }"),
    ];
    let named = named.map(|(name, text)| (name.to_owned(), node(text)));
    let connections = Connections::read(&named, &[], &mut problems);
    let sites = SITES.iter().map(|(site, ..)| (*site).to_owned()).collect();
    let place = Place::new(None, sites, connections);
    let kind = kind(probe).expect("in the catalogue");
    (kind.item)(&node(with), &node(expect), &place, &mut problems).ok_or(problems)
}

fn node(text: &str) -> Node {
    let mut problems = Vec::new();
    load(0, text, &mut problems).unwrap_or_else(|| panic!("{text}: {problems:?}"))
}
