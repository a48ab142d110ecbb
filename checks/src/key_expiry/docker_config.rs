//! The source `docker_config`: the passwords in a pull secret, and when each ends.
//!
//! A password of Amazon's registry lives 12 h, and says so itself where it can be read; else it is reckoned from when the
//! secret's data was last written. A password that is a JSON web token says its end. One for `ghcr.io` is a GitHub token, of
//! which GitHub tells, where a connection leads to it. Of all others nobody does.

use super::{
    cure::ECR_LIFE,
    evidence::{Ends, Evidence, Key, Look, Standing},
    github,
    jwt::Claims,
    moment::Moment,
    settings::PullSecret,
    source::Source,
    stored::{self, Found},
};
use crate::{
    clients::{
        connections::{Cluster, Endpoint},
        kubernetes::StoredSecret,
    },
    contract::{Access, Context, Invalid, Place, Unobserved, Why},
};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Base64 with padding or without, as programs differ in it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who tells the end of an ECR password that does not tell it itself.
const RECKONED: &str = "the time at which the secret was written";

/// One pull secret.
pub(super) struct Looking {
    cluster: Cluster,
    settings: PullSecret,
    github: Option<Endpoint>,
}

impl Looking {
    pub(super) fn new(settings: PullSecret, place: &Place) -> Result<Self, Invalid> {
        let PullSecret { namespace, name, registry, github } = &settings;
        stored::are_named("docker_config", &[("namespace", namespace), ("name", name)])?;
        if registry.as_ref().is_some_and(|registry| registry.trim().is_empty()) {
            return Err(Invalid::new("docker_config.registry", "an empty name names no registry")
                .help("leave `registry` out to look at all of them"));
        }
        let github = match github {
            Some(name) => Some(place.endpoint(name, "github", "docker_config.github")?),
            None => None,
        };
        Ok(Self { cluster: place.cluster()?, settings, github })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        vec![stored::access(&self.settings.namespace, &self.settings.name)]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let PullSecret { namespace, name, registry, .. } = &self.settings;
        let found = stored::find(cx, &self.cluster, namespace, name).await?;
        let keys = match &found.secret {
            None => vec![missing(name, format!("there is no secret {name} in namespace {namespace}")).into()],
            Some(secret) => keys(name, secret, registry.as_deref()).map_err(|reason| {
                let path = format!("secret/{name}");
                let by_hand = found.kubectl.look_in(namespace, &["get", &path, "-o", "jsonpath={.type}"]);
                Unobserved::new(Why::Malformed, &found.asked, reason).by_hand(by_hand)
            })?,
        };
        let mut told = Vec::new();
        for Opened { key, github_token } in keys {
            told.push(match (&self.github, github_token) {
                (Some(endpoint), Some(password)) => asked(cx, endpoint, &password, &key).await?,
                _ => key,
            });
        }
        let Found { asked, asked_at, kubectl, .. } = found;
        let source = Source::DockerConfig { kubectl, namespace: namespace.clone(), name: name.clone() };
        Ok(Evidence::of(source, Look::here(asked, asked_at), told))
    }
}

/// True for the registries that take a GitHub token as password.
fn is_github(host: &str) -> bool {
    ["ghcr.io", "docker.pkg.github.com"].contains(&host)
}

/// The key that a password is, as GitHub tells of it.
async fn asked(cx: &Context, endpoint: &Endpoint, password: &SecretString, key: &Key) -> Result<Key, Unobserved> {
    cx.reach().vault.learn(password);
    let (told, _) = github::told(cx, endpoint, password, &key.name).await?;
    Ok(Key { issued: key.issued, note: Some("the password is a GitHub token".to_owned()), ..told })
}

/// A key in the secret, and its password where GitHub can tell of it: one registry may have several, each for a part of it.
struct Opened {
    key: Key,
    github_token: Option<SecretString>,
}

impl From<Key> for Opened {
    fn from(key: Key) -> Self {
        Self { key, github_token: None }
    }
}

fn missing(name: &str, says: String) -> Key {
    Key::of(format!("secret {name}"), Standing::Missing { says })
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    auths: BTreeMap<String, Login>,
}

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    auth: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
}

/// The keys in `secret`, only `registry`'s where it is given; the reason why there are none never quotes it.
fn keys(name: &str, secret: &StoredSecret, registry: Option<&str>) -> Result<Vec<Opened>, String> {
    let Some(auths) = auths(secret)? else {
        return Ok(vec![missing(name, "it holds neither `.dockerconfigjson` nor `.dockercfg`".to_owned()).into()]);
    };
    let all: Vec<&str> = auths.keys().map(|address| host(address)).collect();
    let wanted = auths.iter().filter(|(address, _)| registry.is_none_or(|wanted| host(wanted) == host(address)));
    let keys: Vec<Opened> = wanted
        .map(|(address, login)| {
            let is_alone = all.iter().filter(|other| **other == host(address)).count() < 2;
            opened(if is_alone { host(address) } else { bare(address) }, login, secret.written())
        })
        .collect();
    if !keys.is_empty() {
        return Ok(keys);
    }
    let says = if all.is_empty() {
        "it holds no password for any registry".to_owned()
    } else {
        format!("it holds passwords for {} only", all.join(", "))
    };
    Ok(vec![missing(name, says).into()])
}

fn auths(secret: &StoredSecret) -> Result<Option<BTreeMap<String, Login>>, String> {
    let text = |key: &str| secret.text(key);
    let unread = |key: &str| format!("`{key}` is no docker configuration");
    if let Some(text) = text(".dockerconfigjson") {
        let config = text.and_then(|text| serde_json::from_str::<Config>(text).ok());
        return config.map(|config| Some(config.auths)).ok_or_else(|| unread(".dockerconfigjson"));
    }
    match text(".dockercfg") {
        None => Ok(None),
        Some(text) => {
            text.and_then(|text| serde_json::from_str(text).ok()).map(Some).ok_or_else(|| unread(".dockercfg"))
        }
    }
}

/// An address without its scheme.
fn bare(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

/// `https://index.docker.io/v1/` is kept under its address; its host is what people call it.
fn host(address: &str) -> &str {
    let bare = bare(address);
    bare.split('/').next().unwrap_or(bare)
}

fn opened(name: &str, login: &Login, written: Option<Timestamp>) -> Opened {
    let (host, (user, password)) = (host(name), pair(login));
    if let Some(standing) = super::empty(&password) {
        return Key::of(name, standing).into();
    }
    let ends = ends(host, &user, &password, written);
    let note = matches!(&ends, Ends::At { told_by, .. } if told_by == RECKONED)
        .then(|| "12 h from when the secret was written".to_owned());
    let key = Key { issued: written, note, ..Key::ending(name, ends) };
    Opened { key, github_token: is_github(host).then(|| SecretString::from(password)) }
}

/// User and password.
fn pair(login: &Login) -> (String, String) {
    let written = login.auth.as_deref().and_then(|auth| String::from_utf8(BASE64.decode(auth.trim()).ok()?).ok());
    match written.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((user, password)) => (user.to_owned(), password.to_owned()),
        None => (login.username.clone().unwrap_or_default(), login.password.clone().unwrap_or_default()),
    }
}

fn ends(host: &str, user: &str, password: &str, written: Option<Timestamp>) -> Ends {
    let is_ecr = is_amazon(host) && user == "AWS";
    if let Some(moment) = told_by_itself(password).filter(|_| is_ecr) {
        return Ends::told(moment, "the ECR password itself");
    }
    if is_ecr {
        return match written.and_then(|written| written.checked_add(ECR_LIFE).ok()) {
            Some(time) => Ends::At { time, told_by: RECKONED.to_owned() },
            None => Ends::Untold { says: "nothing says when the ECR password was written".to_owned() },
        };
    }
    match Claims::of(password).ok().and_then(|claims| claims.ends) {
        Some(moment) => Ends::told(moment, "the password's own `exp`"),
        None => Ends::Untold { says: format!("a password for {host} does not say when it ends") },
    }
}

/// Amazon's private registries: `*.dkr.ecr.REGION.amazonaws.com`, its FIPS, China and dual-stack forms; and its public one.
fn is_amazon(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_private = [".dkr.ecr.", ".dkr.ecr-fips.", ".dkr-ecr."].iter().any(|part| host.contains(part));
    let is_there = [".amazonaws.com", ".amazonaws.com.cn", ".on.aws", ".on.amazonwebservices.com.cn"];
    host == "public.ecr.aws" || (is_private && is_there.iter().any(|end| host.ends_with(end)))
}

/// An ECR password is base64 of a JSON object, which names the second of its end among what only Amazon can read.
fn told_by_itself(password: &str) -> Option<Moment> {
    let object: Value = serde_json::from_slice(&BASE64.decode(password.trim()).ok()?).ok()?;
    Moment::of(object.get("expiration")?).filter(|moment| matches!(moment, Moment::At(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(config: &str) -> StoredSecret {
        let data = BASE64.encode(config);
        let text = format!(
            r#"{{"metadata":{{"name":"pull","creationTimestamp":"2026-12-02T06:00:00Z"}},"data":{{".dockerconfigjson":"{data}"}}}}"#
        );
        serde_json::from_str(&text).expect("a secret")
    }

    fn login(host: &str, user: &str, password: &str) -> String {
        format!(r#"{{"auths":{{"{host}":{{"auth":"{}"}}}}}}"#, BASE64.encode(format!("{user}:{password}")))
    }

    const ECR: &str = "123456789012.dkr.ecr.us-east-2.amazonaws.com";

    fn one(config: &str) -> Key {
        keys("pull", &secret(config), None).expect("readable").remove(0).key
    }

    fn end(key: &Key) -> Option<String> {
        match &key.ends {
            Ends::At { time, .. } => Some(time.to_string()),
            _ => None,
        }
    }

    #[test]
    fn an_ecr_password_dies_twelve_hours_after_it_was_written() {
        let key = one(&login(ECR, "AWS", "opaque"));
        assert_eq!((key.name.as_str(), end(&key).as_deref()), (ECR, Some("2026-12-02T18:00:00Z")));
    }

    #[test]
    fn an_ecr_password_that_names_its_end_is_believed_over_the_secrets_age() {
        let password =
            BASE64.encode(r#"{"payload":"x","datakey":"y","version":"2","type":"DATA_KEY","expiration":1796200000}"#);
        assert_eq!(end(&one(&login(ECR, "AWS", &password))).as_deref(), Some("2026-12-02T08:26:40Z"));
    }

    #[test]
    fn a_password_for_another_registry_says_nothing_of_its_end() {
        for (host, user) in [
            ("ghcr.io", "octo"),
            ("ghcr.io", "AWS"),
            (ECR, "someone"),
            ("x.dkr.ecr.us-east-2.amazonaws.com.evil.example", "AWS"),
        ] {
            assert!(matches!(one(&login(host, user, "opaque")).ends, Ends::Untold { .. }), "{host} {user}");
        }
    }

    #[test]
    fn an_empty_or_null_password_is_no_password() {
        for password in ["", "null", " "] {
            assert!(matches!(one(&login(ECR, "AWS", password)).standing, Standing::Empty { .. }), "{password:?}");
        }
        assert!(matches!(one(r#"{"auths":{"ghcr.io":{}}}"#).standing, Standing::Empty { .. }));
    }

    #[test]
    fn no_password_for_the_wanted_registry_is_missing_and_names_the_others() {
        let found = keys("pull", &secret(&login("ghcr.io", "octo", "x")), Some(ECR)).expect("readable");
        let standing = &found[0].key.standing;
        assert!(matches!(standing, Standing::Missing { says } if says.contains("ghcr.io")), "{standing:?}");
        let none = keys("pull", &secret(r#"{"auths":{}}"#), None).expect("readable");
        assert!(matches!(&none[0].key.standing, Standing::Missing { .. }));
        assert!(keys("pull", &secret("{broken"), None).is_err_and(|reason| reason.contains(".dockerconfigjson")));
    }
}
