//! The Agentic Workshop of 30 September 2024, in three regions: six causes that were all there to be seen beforehand.
//!
//! It serves every name of `examples/coder-workshop/gonogo.yaml`. Names and numbers are those of the published
//! post-mortem where it has them; dates are moved to the event that the caller gives.

mod accounts;
mod capacity;
mod cause;
mod clusters;
mod deployed;
mod estate;
mod keys;
mod locks;
mod monitoring;
mod mounts;
mod names;
mod outside;
mod people;
mod provisioners;
mod pulls;
mod resources;
mod schedules;
mod support;

use std::collections::BTreeMap;

use jiff::civil;

use super::{Incident, Injection, Times, ago, ip, later};
use crate::coder::{Deployment, Region, Token, User};
use crate::ecr::{self, Aws, Identity, Repository};
use crate::litellm::{Gateway, Key, Role};
use crate::registry::{Image, Registry};
use crate::state::State;

pub use accounts::{COPIES, KEY_ID, WORKSPACE_KEY};
pub use cause::Cause;
pub use estate::{DASHBOARD, GRAFANA, GRAFANA_TOKEN};
pub use keys::{BEDROCK_USER, GOOGLE_ACCESS_TOKEN, INSTALLATION, PULL_TOKEN, VERTEX_ACCOUNT};
pub use monitoring::PROMETHEUS_TOKEN;
pub use outside::{CLOUDFLARE_API_TOKEN, GITHUB, GITHUB_TOKEN, ORGANISATION};
pub use support::{HANDBOOK, PAGERDUTY, POLICY};

/// Its row in the catalogue.
pub const INCIDENT: Incident = Incident {
    name: "workshop-2024-09-30",
    date: civil::date(2024, 9, 30),
    title: "Half of a workshop's workspaces restarted",
    repaired,
    causes: || Injection::each(&Cause::ALL, Cause::inject),
    credentials,
    aws_credentials_file,
};

/// A key of the gateway that may read about all keys.
pub const LITELLM_PROBE_KEY: &str = "sk-world-probe-4b1d9c7e2f8a";
/// A token of the deployment's automation.
pub const CODER_SESSION_TOKEN: &str = "wrkshpauto-abcdefghijklmnopqrstuv";
/// A token of the deployment's owner, for what only owners read.
pub const CODER_OWNER_TOKEN: &str = "wrkshpownr-ownerownerownerowner01";
/// An access key that may read the mirrors.
pub const AWS_ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// Its secret, which the world does not verify.
pub const AWS_SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The account of the mirrors.
pub const AWS_ACCOUNT: &str = "123456789012";

const GATEWAY: &str = "litellm.ai.coder.com";
const SOURCE: &str = "ghcr.io";
const SOURCE_REPOSITORY: &str = "coder/coder-preview";
const MIRROR: &str = "coder-preview";
const TAG: &str = "latest";

/// A region of the workshop.
struct Place {
    region: &'static str,
    cluster_uid: &'static str,
    namespace: &'static str,
    name: &'static str,
    host: &'static str,
    balancer: &'static str,
    addresses: [&'static str; 2],
}

const SERVER: Place = Place {
    region: "us-east-2",
    cluster_uid: "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001",
    namespace: "coder",
    name: "primary",
    host: "ai.coder.com",
    balancer: "k8s-coder-ohio.elb.us-east-2.amazonaws.com",
    addresses: ["203.0.113.10", "203.0.113.11"],
};

const OREGON: Place = Place {
    region: "us-west-2",
    cluster_uid: "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0002",
    namespace: "coder-proxy",
    name: "oregon",
    host: "oregon-proxy.ai.coder.com",
    balancer: "k8s-coder-oregon.elb.us-west-2.amazonaws.com",
    addresses: ["203.0.113.20", "203.0.113.21"],
};

const EMEA: Place = Place {
    region: "eu-west-2",
    cluster_uid: "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0003",
    namespace: "coder-proxy",
    name: "emea",
    host: "emea-proxy.ai.coder.com",
    balancer: "k8s-coder-london.elb.eu-west-2.amazonaws.com",
    addresses: ["203.0.113.30", "203.0.113.31"],
};

const PLACES: [&Place; 3] = [&SERVER, &OREGON, &EMEA];

/// What a checker needs in its environment to be let in.
#[must_use]
pub fn credentials() -> BTreeMap<&'static str, &'static str> {
    [
        ("LITELLM_PROBE_KEY", LITELLM_PROBE_KEY),
        ("CODER_SESSION_TOKEN", CODER_SESSION_TOKEN),
        ("GRAFANA_TOKEN", GRAFANA_TOKEN),
        ("PAGERDUTY_TOKEN", support::PAGERDUTY_TOKEN),
        ("CODER_OWNER_TOKEN", CODER_OWNER_TOKEN),
        ("PROMETHEUS_TOKEN", PROMETHEUS_TOKEN),
        ("AWS_ACCESS_KEY_ID", AWS_ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", AWS_SECRET_ACCESS_KEY),
        ("CLOUDFLARE_API_TOKEN", CLOUDFLARE_API_TOKEN),
        ("GITHUB_TOKEN", GITHUB_TOKEN),
        ("GOOGLE_ACCESS_TOKEN", GOOGLE_ACCESS_TOKEN),
    ]
    .into()
}

/// The text of an AWS credentials file with the profile that the checklist names, `workshop-ro`.
#[must_use]
pub fn aws_credentials_file() -> String {
    format!("[workshop-ro]\naws_access_key_id = {AWS_ACCESS_KEY_ID}\naws_secret_access_key = {AWS_SECRET_ACCESS_KEY}\n")
}

/// The world as it was: repaired, and then every cause injected.
#[must_use]
pub fn before(times: Times) -> State {
    INCIDENT.before(times)
}

/// The world as it should have been.
#[must_use]
pub fn repaired(times: Times) -> State {
    let mut state = State::empty(times.now);
    let current = current_image();
    let mut source = Registry::ghcr();
    source.addresses = vec![ip(names::GHCR)];
    source.push(SOURCE_REPOSITORY, TAG, &current);
    state.registries.insert(SOURCE.to_owned(), source);
    state.aws = aws(times, &current);
    state.clusters = PLACES.map(|place| (place.region.to_owned(), clusters::cluster(place, &current, times))).into();
    accounts::copy_key(&mut state, times);
    state.dns = names::dns();
    state.litellm.insert(GATEWAY.to_owned(), gateway(times));
    state.coder = deployment(times);
    provisioners::add(&mut state);
    people::add(&mut state, times);
    locks::add(&mut state, times);
    deployed::add(&mut state, times);
    schedules::add(&mut state, times);
    capacity::stock(&mut state);
    estate::add(&mut state);
    pulls::add(&mut state, times);
    outside::add(&mut state, times);
    support::add(&mut state, times);
    keys::add(&mut state, times);
    monitoring::add(&mut state, times);
    state
}

/// What everyone should run.
fn current_image() -> Image {
    Image::multi_arch("v2.20.0-devel+4b2f1c9")
}

/// What the mirrors held: the image of the month before.
fn last_months_image() -> Image {
    Image::multi_arch("v2.19.0-devel+9d01e77")
}

fn aws(times: Times, current: &Image) -> Aws {
    let identity = Identity {
        account: AWS_ACCOUNT.to_owned(),
        arn: format!("arn:aws:iam::{AWS_ACCOUNT}:user/workshop-ro"),
        user_id: "AIDAIOSFODNN7EXAMPLE".to_owned(),
        expires: None,
        denied: Vec::new(),
    };
    let regions = PLACES.iter().zip(names::AWS).map(|(place, names)| {
        let region = ecr::Region {
            ecr_addresses: vec![ip(names.ecr)],
            sts_addresses: vec![ip(names.sts)],
            repositories: [(MIRROR.to_owned(), mirror(current, times, 3))].into(),
            services: accounts::services(place, names, times),
            ..ecr::Region::default()
        };
        (place.region.to_owned(), region)
    });
    Aws {
        account: AWS_ACCOUNT.to_owned(),
        identities: [(AWS_ACCESS_KEY_ID.to_owned(), identity)].into(),
        regions: regions.collect(),
        ..Aws::default()
    }
}

/// A mirror that was filled so many days ago.
fn mirror(image: &Image, times: Times, days: i64) -> Repository {
    let mut mirror = Repository::created(ago(times, 365));
    mirror.push("previous", &pulls::previous_image(), ago(times, 20));
    mirror.push(TAG, image, ago(times, days));
    mirror
}

fn gateway(times: Times) -> Gateway {
    let mut gateway = Gateway::new("sk-world-master");
    gateway.addresses = vec![ip(names::GATEWAY)];
    let probe = Key::new("gonogo", LITELLM_PROBE_KEY, ago(times, 30)).of("gonogo", Role::Viewer);
    let last = Key::new("workshop-before", "sk-world-august", ago(times, 60)).until(ago(times, 31));
    let workshop = Key::new("workshop", WORKSPACE_KEY, ago(times, 1));
    gateway.keys = vec![last, probe.until(later(times, 60)), workshop.until(later(times, 30))];
    gateway
}

fn deployment(times: Times) -> Deployment {
    let (id, secret) = CODER_SESSION_TOKEN.split_once('-').unwrap_or_default();
    let automation = User {
        id: "2b1f0a77-6a1c-4d51-8a3e-00000000a001".to_owned(),
        name: "workshop-automation".to_owned(),
        status: "active".to_owned(),
        roles: Vec::new(),
        created_at: ago(times, 200),
    };
    let token = Token {
        id: id.to_owned(),
        secret: secret.to_owned(),
        name: "workshop".to_owned(),
        user_id: automation.id.clone(),
        created_at: ago(times, 10),
        expires_at: later(times, 60),
        login_type: "token".to_owned(),
        scopes: vec!["all".to_owned()],
    };
    let region = |place: &&Place| Region::new(place.name, place.host, &place.addresses.map(ip));
    Deployment {
        regions: PLACES.iter().map(region).collect(),
        users: vec![automation],
        tokens: vec![token],
        ..Deployment::default()
    }
}
