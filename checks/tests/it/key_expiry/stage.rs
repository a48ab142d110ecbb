//! A world, the connections that lead to it, and one look of the probe at it.

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Place, SecretRef, Unobserved, Vault, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use gonogo_world::{
    State, World,
    ecr::{Identity, Role},
    github::{Format, Token},
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};
use tempfile::TempDir;

/// The token of the world's GitHub.
pub const GITHUB_TOKEN: &str = "ghp_worldworldworldworldworldworldworld1";

const CONNECTIONS: &str = "
litellm: { kind: litellm, url: https://litellm.ai.coder.com, token: { env: LITELLM_PROBE_KEY } }
coder: { kind: coder, url: https://ai.coder.com, token: { env: CODER_SESSION_TOKEN } }
github: { kind: github, url: https://api.github.com, token: { env: GITHUB_TOKEN } }
cloudflare: { kind: cloudflare, token: { env: CLOUDFLARE_API_TOKEN } }
http: { kind: http, url: https://litellm.ai.coder.com, token: { env: LITELLM_PROBE_KEY } }
account: { kind: aws, profile: workshop-ro, region: us-east-2, account: '123456789012', credentials_file: credentials, config_file: config }
elsewhere: { kind: aws, profile: workshop-ro, region: us-east-2, account: '999999999999', credentials_file: credentials, config_file: config }
pod: { kind: aws, profile: pod, region: us-east-2, credentials_file: credentials, config_file: config }
written: { kind: aws, profile: written, region: us-east-2, credentials_file: credentials, config_file: config }
process: { kind: aws, profile: process, region: us-east-2, credentials_file: credentials, config_file: config }
gcp: { kind: gcp, token: { env: GOOGLE_ACCESS_TOKEN } }
gcp-alone: { kind: gcp }
owner: { kind: coder, url: https://ai.coder.com, token: { env: CODER_OWNER_TOKEN } }
licensed: { kind: coder, url: https://licensed.test, token: { env: CODER_SESSION_TOKEN } }
";
const NAMES: [&str; 14] = [
    "cloudflare",
    "litellm",
    "coder",
    "github",
    "http",
    "account",
    "elsewhere",
    "pod",
    "written",
    "process",
    "gcp",
    "gcp-alone",
    "licensed",
    "owner",
];

/// The JSON file of the gateway's account at Google.
pub const GOOGLE_KEY: &str = include_str!("../../../../world/keys/service_account.json");
/// The role of the gateway's pods.
pub const ROLE: &str = "arn:aws:iam::123456789012:role/gateway";
/// A session whose end a program tells.
pub const SESSION: &str = "ASIAWORLDSESSIONFILE";

/// The world, and what reaches it.
pub struct Stage {
    pub world: World,
    pub times: Times,
    folder: TempDir,
    secrets: BTreeMap<String, String>,
}

/// The event begins two days from now and takes ninety minutes.
pub fn times() -> Times {
    let now = Timestamp::now();
    let starts = now + SignedDuration::from_hours(48);
    Times { now, starts, ends: starts + SignedDuration::from_mins(90) }
}

/// The repaired world, with a GitHub and a pull secret besides.
pub fn repaired(times: Times) -> State {
    let mut state = workshop::repaired(times);
    let expires = Some(times.ends + SignedDuration::from_hours(24 * 30));
    let token = Token { login: "workshop".to_owned(), expires, format: Format::Offset };
    state.github.entry("api.github.com".to_owned()).or_default().tokens.insert(GITHUB_TOKEN.to_owned(), token);
    let role = Role { trusts: vec!["cluster-token".to_owned()], lives: SignedDuration::from_hours(1) };
    state.aws.roles.insert(ROLE.to_owned(), role);
    let holder = state.aws.identities.values().next().expect("an identity").clone();
    let session = Identity { expires: Some(times.now + SignedDuration::from_hours(3)), ..holder };
    state.aws.identities.insert(SESSION.to_owned(), session);
    for cluster in state.clusters.values_mut() {
        for account in &mut cluster.accounts {
            *account = account.clone().with_secrets();
        }
    }
    state
}

impl Stage {
    pub async fn of(state: State, times: Times) -> Self {
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kubeconfig"), world.kubeconfig()).expect("a kubeconfig");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        write_profiles(folder.path(), times);
        let mut secrets: BTreeMap<String, String> =
            workshop::credentials().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        secrets.insert("GITHUB_TOKEN".to_owned(), GITHUB_TOKEN.to_owned());
        secrets.insert("GOOGLE_KEY_FILE".to_owned(), GOOGLE_KEY.to_owned());
        Self { world, times, folder, secrets }
    }

    /// The same with another value in an environment variable.
    pub fn with_secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.insert(name.to_owned(), value.to_owned());
        self
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
    pub async fn look(&self, with: &str, expect: &str) -> Result<(serde_json::Value, Vec<Finding>), Unobserved> {
        let item = Self::item(with, expect);
        let evidence = item.observe(&self.context()).await?;
        let found = item.judge(&evidence, &self.window()).expect("evidence that reads");
        Ok((evidence, found))
    }

    fn item(with: &str, expect: &str) -> Box<dyn Item> {
        let mut problems = Vec::new();
        let site = SiteSystems {
            name: "us-east-2".to_owned(),
            kubernetes: Some(tree("{ context: us-east-2, kubeconfig: kubeconfig }", &mut problems)),
            aws: None,
        };
        let named: Vec<(String, Node)> = NAMES
            .map(|name| (name.to_owned(), tree(CONNECTIONS, &mut problems).get(name).expect("named").clone()))
            .into();
        let connections = Connections::read(&named, &[site], &mut problems);
        let place = Place::new(Some("us-east-2".to_owned()), vec!["us-east-2".to_owned()], connections);
        let kind = kind("key-expiry").expect("in the catalogue");
        let (with, expect) = (tree(with, &mut problems), tree(expect, &mut problems));
        let item = (kind.item)(&with, &expect, &place, &mut problems);
        item.unwrap_or_else(|| panic!("{problems:?}"))
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
        Context::new(Arc::new(Reach::new(network, vault, 16, self.folder.path().to_owned())), "keys", 7)
    }

    fn window(&self) -> Window {
        let Times { now, starts, ends } = self.times;
        let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
        Window { now, starts, ends, lead, tail, zone: TimeZone::UTC, attendees: Some(15) }
    }
}

/// Profiles: a key in a file, a session in a file, a session that a program tells, and a pod's role.
fn write_profiles(folder: &Path, times: Times) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    let session = format!(
        "[written]\naws_access_key_id = {SESSION}\naws_secret_access_key = world\naws_session_token = world-session\n"
    );
    write("credentials", &format!("{}{session}", workshop::aws_credentials_file()));
    let ends = times.now + SignedDuration::from_hours(3);
    let told = format!(
        r#"{{"Version":1,"AccessKeyId":"{SESSION}","SecretAccessKey":"world","SessionToken":"world-session","Expiration":"{}"}}"#,
        ends.strftime("%Y-%m-%dT%H:%M:%SZ")
    );
    write("session.json", &told);
    write("token", "cluster-token");
    let at = |name: &str| folder.join(name).display().to_string();
    let pod = format!(
        "[profile pod]\nrole_arn = {ROLE}\nweb_identity_token_file = {}\nrole_session_name = gonogo\n",
        at("token")
    );
    write("config", &format!("{pod}[profile process]\ncredential_process = cat {}\n", at("session.json")));
}

fn tree(text: &str, problems: &mut Vec<Problem>) -> Node {
    load(0, text, problems).unwrap_or_else(|| panic!("{text}: {problems:?}"))
}
