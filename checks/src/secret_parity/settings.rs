//! `with`: one secret's source and where it is copied to; `expect`: how many copies there must be.

use super::origin::{Look, Origin};
use crate::{
    clients::{aws::StoredInAws, connections::AwsAccount, kubernetes::is_name},
    contract::{
        Invalid, Place, SecretRef,
        text::{Placed, Step},
    },
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to compare.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the value comes from: what every copy is compared with.
    pub source: Source,
    /// Where it is copied to. In the checklist: `sites`, and the rest for each of them.
    pub copies: Vec<IndexMap<String, Copied>>,
}

/// Where a value comes from: exactly one of these.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A Kubernetes secret at a site.
    Kubernetes(KubernetesSecret),
    /// A secret of AWS Secrets Manager; its current version.
    AwsSecret(AwsSecret),
    /// A value on this machine: `{ env: … }`, `{ file: … }` or `{ command: […] }`.
    Value(Placed<SecretRef>),
}

/// A Kubernetes secret at a site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KubernetesSecret {
    /// The site whose cluster holds it.
    pub site: String,
    /// The namespace.
    pub namespace: String,
    /// The secret's name.
    pub name: String,
    /// The key in its `data`.
    pub key: String,
    /// Where what stands there is a JSON object: the entry that is the value.
    #[serde(default)]
    pub json_key: Option<String>,
}

/// A secret of AWS Secrets Manager.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwsSecret {
    /// The connection (kind `aws` or `ecr`) to the account that holds it; or `site`.
    #[serde(default)]
    pub connection: Option<String>,
    /// The site whose `aws:` is that account; or `connection`.
    #[serde(default)]
    pub site: Option<String>,
    /// The region; the connection's own or the site's where it is not given.
    #[serde(default)]
    pub region: Option<String>,
    /// Its name or its ARN.
    pub id: String,
    /// Where what stands there is a JSON object: the entry that is the value.
    #[serde(default)]
    pub json_key: Option<String>,
}

/// Copies at one site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copied {
    /// The namespaces; each must hold one.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// The one namespace; in place of `namespaces`.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The secret's name.
    pub name: String,
    /// The key in its `data`.
    pub key: String,
    /// Where what stands there is a JSON object: the entry that is the value.
    #[serde(default)]
    pub json_key: Option<String>,
    /// The `CronJob` of the namespace that copies it: the remedy starts it once.
    #[serde(default)]
    pub cronjob: Option<String>,
}

/// What must hold, beside equality.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The least number of copies; one unless said. It guards against a list of sites or namespaces that has shrunk.
    #[serde(default = "one")]
    pub at_least: u32,
}

const fn one() -> u32 {
    1
}

impl Settings {
    /// The looks that it takes: the source's and the copies', in the order of the checklist.
    pub(super) fn looks(self, place: &Place) -> Result<(Look, Vec<Look>), Invalid> {
        let Self { source, copies } = self;
        let source = look(source, place)?;
        let mut looks: Vec<Look> = Vec::new();
        for (i, copied) in copies.into_iter().enumerate() {
            for (site, copied) in copied {
                for look in copied.looks(i, &site, place)? {
                    if look.origin.is_same_place(&source.origin) {
                        let message = "this copy is the source itself, and would be compared with itself";
                        return Err(at(i, &site, "", message).help("leave it out of `copies`"));
                    }
                    if looks.iter().any(|known| known.origin.is_same_place(&look.origin)) {
                        return Err(at(i, &site, "", format!("{} is named twice", look.origin)));
                    }
                    looks.push(look);
                }
            }
        }
        if looks.is_empty() {
            return Err(Invalid::new("copies", "there is nothing to compare the source with")
                .help("write `copies: [{ sites: all, namespaces: [...], name: ..., key: ... }]`"));
        }
        Ok((source, looks))
    }
}

fn look(source: Source, place: &Place) -> Result<Look, Invalid> {
    match source {
        Source::Kubernetes(KubernetesSecret { site, namespace, name, key, json_key }) => {
            for (word, name) in [("namespace", &namespace), ("name", &name)] {
                is_named(name).map_err(|message| Invalid::new(&format!("source.kubernetes.{word}"), message))?;
            }
            if key.is_empty() {
                return Err(Invalid::new("source.kubernetes.key", "an empty key names no value"));
            }
            let cluster = place
                .cluster_of(&site)
                .map_err(|invalid| Invalid { at: Invalid::new("source.kubernetes.site", "").at, ..invalid })?;
            let origin = Origin::Kubernetes { site, namespace, name, key, json_key, cronjob: None };
            Ok(Look::in_cluster(origin, cluster))
        }
        Source::AwsSecret(secret) => aws(secret, place),
        Source::Value(value) => {
            let secret = place.secret(&value);
            Ok(Look::here(Origin::Here { from: secret.source().to_string() }, secret))
        }
    }
}

fn aws(secret: AwsSecret, place: &Place) -> Result<Look, Invalid> {
    let AwsSecret { connection, site, region, id, json_key } = secret;
    let account: AwsAccount = match (connection, site) {
        (Some(name), None) => place.aws(&name, "source.aws_secret.connection")?,
        (None, Some(site)) => place.site_aws(&site).ok_or_else(|| {
            Invalid::new("source.aws_secret.site", format!("site `{site}` has no `aws:`"))
                .help("add `aws: { profile: ..., region: ... }` to the site")
        })?,
        _ => return Err(Invalid::new("source.aws_secret", "exactly one of `connection` and `site` is needed")),
    };
    if id.trim().is_empty() {
        return Err(Invalid::new("source.aws_secret.id", "an empty name names no secret"));
    }
    let region = region.or_else(|| account.region.clone()).ok_or_else(|| {
        Invalid::new("source.aws_secret", "no region: neither here nor in the account")
            .help("write `region: us-east-2`")
    })?;
    let origin = Origin::Aws { region: region.clone(), account: account.account.clone(), id: id.clone(), json_key };
    Ok(Look::in_aws(origin, StoredInAws { account, region, id }))
}

impl Copied {
    fn looks(self, i: usize, site: &str, place: &Place) -> Result<Vec<Look>, Invalid> {
        let Self { mut namespaces, namespace, name, key, json_key, cronjob } = self;
        if namespaces.is_empty() == namespace.is_none() {
            return Err(at(i, site, "", "exactly one of `namespaces` and `namespace` is needed"));
        }
        namespaces.extend(namespace);
        let names = namespaces.iter().map(|name| ("namespaces", name));
        let names = names.chain([("name", &name)]).chain(cronjob.iter().map(|name| ("cronjob", name)));
        for (word, name) in names {
            is_named(name).map_err(|message| at(i, site, word, message))?;
        }
        if key.is_empty() {
            return Err(at(i, site, "key", "an empty key names no value"));
        }
        let cluster = place.cluster_of(site).map_err(|invalid| Invalid { at: at(i, site, "", "").at, ..invalid })?;
        let look = |namespace| {
            let (site, name, key) = (site.to_owned(), name.clone(), key.clone());
            let (json_key, cronjob) = (json_key.clone(), cronjob.clone());
            let origin = Origin::Kubernetes { site, namespace, name, key, json_key, cronjob };
            Look::in_cluster(origin, cluster.clone())
        };
        Ok(namespaces.into_iter().map(look).collect())
    }
}

fn is_named(name: &str) -> Result<(), String> {
    if is_name(name) { Ok(()) } else { Err(format!("`{name}` is no name of Kubernetes")) }
}

/// A site's name may hold dots, so its path is made step by step.
fn at(i: usize, site: &str, key: &str, message: impl Into<String>) -> Invalid {
    let mut invalid = Invalid::new(&format!("copies.{i}"), message);
    let steps = [site, key].into_iter().filter(|step| !step.is_empty());
    invalid.at.extend(steps.map(|step| Step::Key(step.to_owned())));
    invalid
}
