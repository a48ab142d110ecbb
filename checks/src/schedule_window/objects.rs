//! Objects of a kind in some namespaces or all of them, and the proof that there was something to look at.
//!
//! A namespace that is named and holds nothing that fits is a finding of its own: a renamed one would be looked at for ever
//! without anything being seen.

use super::{codes, glob::Glob};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Api, Kubectl, Meta, Selector, is_name, path, right},
    },
    contract::{Access, Context, Finding, Invalid, Place, Unobserved},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Where to look, and for which kind.
pub(super) struct Scope {
    pub(super) cluster: Cluster,
    api: &'static str,
    plural: &'static str,
    namespaces: Vec<String>,
    selector: Option<String>,
    is_none_expected: bool,
}

/// What was asked of whom, and whether it proves anything.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// How `kubectl` reaches the cluster.
    pub cluster: Kubectl,
    /// The kind, as `kubectl` writes it.
    pub kind: String,
    /// What was asked.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// How many objects of the kind there were, fitting or not.
    pub total: usize,
    /// True where there need be none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub none_expected: bool,
    /// Where nothing was found that fits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<Empty>,
    /// What could not be read, beside what could.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unobserved>,
}

/// A place where nothing was found that fits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Empty {
    /// The namespace; `None` for the whole cluster.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Whether that namespace exists.
    #[serde(default)]
    pub exists: Option<Result<bool, Unobserved>>,
}

/// An object that has metadata.
pub(super) trait Named {
    fn meta(&self) -> &Meta;
}

impl Scope {
    pub(super) fn new(
        place: &Place,
        at: &str,
        (api, plural): (&'static str, &'static str),
        namespaces: Vec<String>,
        selector: Option<String>,
        is_none_expected: bool,
    ) -> Result<Self, Invalid> {
        for (index, namespace) in namespaces.iter().enumerate() {
            if !is_name(namespace) {
                let at = format!("{at}.namespaces.{index}");
                return Err(Invalid::new(&at, format!("`{namespace}` is no name of Kubernetes"))
                    .help("a name has lower-case letters, digits, `-` and `.`"));
            }
            if namespaces[..index].contains(namespace) {
                let at = format!("{at}.namespaces.{index}");
                return Err(Invalid::new(&at, format!("the namespace `{namespace}` stands here twice")));
            }
        }
        Ok(Self { cluster: place.cluster()?, api, plural, namespaces, selector, is_none_expected })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let mut rights: Vec<String> = self.paths().iter().map(|(_, path)| right("list", path)).collect();
        if !self.namespaces.is_empty() {
            rights.push("get namespaces".to_owned());
        }
        rights.into_iter().map(|right| Access::new("kubernetes", right)).collect()
    }

    /// The objects that `fits`, by namespace and name, and what was asked for them.
    pub(super) async fn find<T>(&self, cx: &Context, fits: impl Fn(&T) -> bool) -> Result<(Vec<T>, Look), Unobserved>
    where
        T: Named + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let api = cx.cluster(&self.cluster).await?;
        let selector = Selector { labels: self.selector.clone(), fields: None };
        let paths = self.paths();
        let looks = paths.iter().map(|(_, path)| api.list::<T>(path, &selector));
        let seen = futures::future::join_all(looks).await;
        let mut look = self.look(&api, cx.now());
        let mut found = Vec::new();
        for ((namespace, _), seen) in paths.iter().zip(seen) {
            let seen = match seen {
                Ok(seen) => seen,
                Err(missing) => {
                    look.unread.push(missing);
                    continue;
                }
            };
            (look.asked, look.asked_at) = (seen.asked.clone(), seen.asked_at.min(look.asked_at));
            look.total += seen.len();
            let before = found.len();
            found.extend(seen.value.into_iter().filter(|object| fits(object)));
            if found.len() == before {
                look.empty.push(empty(&api, *namespace).await);
            }
        }
        if look.unread.len() == paths.len() {
            return Err(look.unread.swap_remove(0));
        }
        let key = |object: &T| (object.meta().namespace.clone(), object.meta().name.clone());
        found.sort_by_key(key);
        Ok((found, look))
    }

    fn look(&self, api: &Api, asked_at: Timestamp) -> Look {
        Look {
            cluster: api.kubectl().clone(),
            kind: self.plural.to_owned(),
            asked: String::new(),
            asked_at,
            total: 0,
            none_expected: self.is_none_expected,
            empty: Vec::new(),
            unread: Vec::new(),
        }
    }

    fn paths(&self) -> Vec<(Option<&str>, String)> {
        if self.namespaces.is_empty() {
            return vec![(None, path(self.api, None, &[self.plural]))];
        }
        let paths = self.namespaces.iter();
        paths.map(|name| (Some(name.as_str()), path(self.api, Some(name), &[self.plural]))).collect()
    }
}

async fn empty(api: &Api, namespace: Option<&str>) -> Empty {
    let exists = match namespace {
        Some(namespace) => Some(api.has_namespace(namespace).await),
        None => None,
    };
    Empty { namespace: namespace.map(str::to_owned), exists }
}

impl Look {
    /// What says that too little was seen.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let unread = self.unread.iter().map(Finding::unobserved);
        unread.chain(self.empty.iter().filter_map(|empty| self.nothing(empty))).collect()
    }

    fn nothing(&self, empty: &Empty) -> Option<Finding> {
        let is_missing = matches!(empty.exists, Some(Ok(false)));
        if self.none_expected && !is_missing {
            return match &empty.exists {
                Some(Err(missing)) => Some(Finding::unobserved(missing)),
                _ => None,
            };
        }
        let kind = &self.kind;
        let (subject, seen) = match (&empty.namespace, &empty.exists) {
            (None, _) => (kind.clone(), format!("none that fits, of {} in the whole cluster", self.total)),
            (Some(namespace), Some(Ok(false))) => {
                (format!("{namespace}/{kind}"), format!("the namespace {namespace} does not exist"))
            }
            (Some(namespace), Some(Err(missing))) => {
                let hidden = format!("none, and whether the namespace {namespace} exists could not be seen");
                (format!("{namespace}/{kind}"), format!("{hidden}: {}", missing.detail))
            }
            (Some(namespace), _) => {
                (format!("{namespace}/{kind}"), format!("none that fits in the namespace {namespace}"))
            }
        };
        let kinds = if kind == "cronjobs" { "cronjobs,jobs,deployments" } else { kind };
        let by_hand = self.cluster.look(&["get", kinds, "--all-namespaces"]);
        let says = if kind == "cronjobs" {
            "see what fires by another way, a Deployment's loop or a workflow, and name what there is; `none_expected: true` where there need be none"
        } else {
            "see what there is, and name it; `none_expected: true` where there need be none"
        };
        let finding = Finding::new(codes::NOTHING_FOUND, subject).expected("at least one").seen(seen);
        Some(finding.mended_by(by_hand.saying(says)))
    }
}

/// `NAMESPACE/NAME`.
pub(super) fn full(namespace: &str, name: &str) -> String {
    format!("{namespace}/{name}")
}

/// True if and only if there are no patterns, or one of them fits.
pub(super) fn fits(names: &[Glob], name: &str) -> bool {
    names.is_empty() || names.iter().any(|glob| glob.fits(name))
}
