//! Whether a key outlives the event: LiteLLM, Coder, GitHub, AWS, Google, pull secrets, JSON web tokens, certificates, any
//! JSON answer.
//!
//! One module a source gives the same evidence: what the system says of the key, when it ends, who says so. A source that
//! does not say when its key ends gives `expiry-unknown`, never a pass: a guess from the kind of key was rejected, but
//! where the kind fixes it (an ECR password lives 12 h).

mod aws;
mod certificate;
mod cloudflare;
mod coder;
mod coder_licence;
pub(crate) mod codes;
mod cure;
mod docker_config;
mod evidence;
mod expect;
mod gcp;
mod github;
mod github_app;
mod held;
mod json;
mod judge;
mod jwt;
pub(crate) mod litellm;
mod moment;
pub(crate) mod rotation;
mod served;
mod settings;
mod source;
mod stored;
mod term;
mod timeline;
mod usage;

pub use evidence::{Beside, Ends, Evidence, Key, Look, Renews, Rotation, Standing, Usage};
pub use expect::{Expect, NeverExpires};
pub use moment::Moment;
pub use settings::{
    AwsKey, CertManager, CloudflareToken, CoderLicence, CoderToken, GcpKey, GithubApp, GithubToken, InForce, JsonTime,
    KeyFrom, Level, LitellmKey, Permissions, PullSecret, SecretKey, ServedCertificate, Settings,
};
pub use source::{Issued, Source};

use crate::{
    clients::{blank::blank, connections::Endpoint},
    contract::{self, Access, Code, Context, Finding, Invalid, Place, Probe, Secret, Unobserved, Window},
};

/// The probe.
pub struct KeyExpiry(Looking);

/// Each source with all that it needs.
enum Looking {
    Litellm(litellm::Looking),
    Coder(coder::Looking),
    Cloudflare(cloudflare::Looking),
    Github(github::Looking),
    DockerConfig(docker_config::Looking),
    Jwt(jwt::Looking),
    Json(json::Looking),
    Aws(aws::Looking),
    CoderLicence(coder_licence::Looking),
    Gcp(gcp::Looking),
    GithubApp(github_app::Looking),
    Certificate(certificate::Looking),
}

impl Probe for KeyExpiry {
    const KIND: &'static str = "key-expiry";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Ok(Self(match settings {
            Settings::Litellm(key) => Looking::Litellm(litellm::Looking::new(key, place)?),
            Settings::Coder(token) => Looking::Coder(coder::Looking::new(token, place)?),
            Settings::Cloudflare(token) => Looking::Cloudflare(cloudflare::Looking::new(token, place)?),
            Settings::Github(token) => Looking::Github(github::Looking::new(&token, place)?),
            Settings::DockerConfig(secret) => Looking::DockerConfig(docker_config::Looking::new(secret, place)?),
            Settings::Jwt(from) => Looking::Jwt(jwt::Looking::new(from, place)?),
            Settings::Json(time) => Looking::Json(json::Looking::new(time, place)?),
            Settings::Aws(key) => Looking::Aws(aws::Looking::new(key, place)?),
            Settings::CoderLicence(of) => Looking::CoderLicence(coder_licence::Looking::new(&of, place)?),
            Settings::Gcp(key) => Looking::Gcp(gcp::Looking::new(key, place)?),
            Settings::GithubApp(app) => Looking::GithubApp(github_app::Looking::new(app, place)?),
            Settings::Certificate(served) => Looking::Certificate(certificate::Looking::new(served, place)?),
        }))
    }

    fn access(&self) -> Vec<Access> {
        match &self.0 {
            Looking::Litellm(looking) => looking.access(),
            Looking::Coder(looking) => looking.access(),
            Looking::Cloudflare(looking) => looking.access(),
            Looking::Github(_) => vec![Access::new("github", "the token itself; no scope")],
            Looking::DockerConfig(looking) => looking.access(),
            Looking::Jwt(looking) => looking.access(),
            Looking::Json(looking) => looking.access(),
            Looking::Aws(looking) => looking.access(),
            Looking::CoderLicence(_) => coder_licence::Looking::access(),
            Looking::Gcp(looking) => looking.access(),
            Looking::GithubApp(looking) => looking.access(),
            Looking::Certificate(looking) => looking.access(),
        }
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let mut evidence = match &self.0 {
            Looking::Litellm(looking) => looking.observe(cx).await?,
            Looking::Coder(looking) => looking.observe(cx).await?,
            Looking::Cloudflare(looking) => looking.observe(cx).await?,
            Looking::Github(looking) => looking.observe(cx).await?,
            Looking::DockerConfig(looking) => looking.observe(cx).await?,
            Looking::Jwt(looking) => looking.observe(cx).await?,
            Looking::Json(looking) => looking.observe(cx).await?,
            Looking::Aws(looking) => looking.observe(cx).await?,
            Looking::CoderLicence(looking) => looking.observe(cx).await?,
            Looking::Gcp(looking) => looking.observe(cx).await?,
            Looking::GithubApp(looking) => looking.observe(cx).await?,
            Looking::Certificate(looking) => looking.observe(cx).await?,
        };
        evidence.keys.sort_by(|a, b| (&a.name, a.ends.order(), a.issued).cmp(&(&b.name, b.ends.order(), b.issued)));
        Ok(evidence)
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<contract::Moment> {
        timeline::moments(evidence)
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}

/// The ticket of the token of a connection that must have one.
fn token_of(endpoint: &Endpoint, at: &str) -> Result<Secret, Invalid> {
    endpoint.token().ok_or_else(|| {
        Invalid::new(at, format!("connection `{}` has no token, and this probe looks as one", endpoint.name))
            .help("add `token: { env: … }` to the connection")
    })
}

/// An address as a person writes it: without the `/` at its end.
fn shown(url: &url::Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// Another system's words: short, without control characters.
fn plain(text: &str) -> String {
    crate::contract::short(text, 160)
}

/// What is wrong with a secret in which there is no secret.
fn empty(secret: &str) -> Option<Standing> {
    blank(secret).map(|says| Standing::Empty { says })
}
