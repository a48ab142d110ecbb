//! Keys beside the gateway's own: of its providers at Amazon and Google, of the App that deploys, of what pulls images; and
//! the certificates as they are served.

use jiff::{SignedDuration, Timestamp, Unit};

use super::{PLACES, SERVER, Times, ago, later};
use crate::aws::AccessKey;
use crate::gcp::Gcp;
use crate::github::{App, Format, Token};
use crate::kubernetes::Cluster;
use crate::state::State;

/// A token that may list the keys of the gateway's Google account.
pub const GOOGLE_ACCESS_TOKEN: &str = "ya29.world-reader-7c1d2e";
/// The gateway's user at Amazon, in an estate that keeps a key for it.
pub const BEDROCK_USER: &str = "litellm-bedrock";
/// The gateway's account at Google.
pub const VERTEX_ACCOUNT: &str = "vertex@workshop-world.iam.gserviceaccount.com";
/// The token by which images are pulled.
pub const PULL_TOKEN: &str = "ghp_worldpullworldpullworldpullworldpull";
/// Where the App that deploys is installed.
pub const INSTALLATION: u64 = 51_234_567;
const API: &str = "api.github.com";
const SERVICE_ACCOUNT: &str = include_str!("../../../keys/service_account.json");
const APP_KEY: &str = include_str!("../../../keys/app.pem");

pub(super) fn add(state: &mut State, times: Times) {
    add_amazon(state, times);
    state.gcp = Gcp::default().with_file(SERVICE_ACCOUNT, ago(times, 40));
    state.gcp.tokens.insert(GOOGLE_ACCESS_TOKEN.to_owned(), true);
    if let Some(key) = state.gcp.key_mut(VERTEX_ACCOUNT) {
        key.ends = Some(later(times, 60));
    }
    let github = state.github.entry(API.to_owned()).or_default();
    github.apps.push(App::installed("Iv23liWorldDeploy01", "workshop-deploy", APP_KEY, INSTALLATION, "coder-contrib"));
    let pull = Token { login: "workshop-pull".to_owned(), expires: Some(later(times, 60)), format: Format::Utc };
    github.tokens.insert(PULL_TOKEN.to_owned(), pull);
    if let Some(cluster) = state.clusters.get_mut(SERVER.region) {
        *cluster = with_secrets(cluster.clone());
    }
    serve(state, times);
}

fn add_amazon(state: &mut State, times: Times) {
    let used = times.now.checked_sub(SignedDuration::from_mins(50)).unwrap_or(times.now);
    let own = AccessKey::active(super::AWS_ACCESS_KEY_ID, ago(times, 25));
    let bedrock = AccessKey {
        used: Some((used, "bedrock".to_owned())),
        ..AccessKey::active("AKIAWORLDBEDROCK0002", ago(times, 20))
    };
    let users = [("workshop-ro", own), (BEDROCK_USER, bedrock)];
    state.aws.iam.users.extend(users.map(|(user, key)| (user.to_owned(), vec![key])));
}

fn with_secrets(cluster: Cluster) -> Cluster {
    cluster
        .secret("litellm", "gcloud-auth", "Opaque", &[("service_account.json", SERVICE_ACCOUNT)])
        .secret("coder", "github-app", "Opaque", &[("private-key.pem", APP_KEY)])
        .pull_secret("coder-ws", "ghcr-pull", "ghcr.io", "workshop-pull", PULL_TOKEN)
}

/// Serves in every region the certificate that cert-manager has issued there.
fn serve(state: &mut State, times: Times) {
    for place in PLACES {
        if let Some(region) = state.coder.region_mut(place.host) {
            let issued = region.certificate.clone().since(second(ago(times, 30)));
            region.certificate = issued.until(second(later(times, 45)));
        }
    }
}

/// Whole seconds, as a certificate has them.
fn second(time: Timestamp) -> Timestamp {
    time.round(Unit::Second).unwrap_or(time)
}
