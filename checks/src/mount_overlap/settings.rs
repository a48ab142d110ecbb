//! What to look at: a list of paths, a file that holds them, or the workloads of the site's cluster.

use super::Listed;
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{is_name, path, right},
    },
    contract::{Access, Invalid, Place},
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to look at: one of `paths`, `file` and `workloads`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Paths of one machine's filesystem, all compared with each other.
    #[serde(default)]
    paths: Option<Vec<Listed>>,
    /// A YAML or JSON file: Kubernetes manifests, or with `pointer` a list of paths. It starts at the folder of the file
    /// that names it.
    #[serde(default)]
    file: Option<String>,
    /// Where in the file the paths are: a JSON pointer in which `*` stands for every element, `/jobs/*/storages`.
    #[serde(default)]
    pointer: Option<String>,
    /// Workloads of the site's cluster, each container by itself, and the volumes that they share.
    #[serde(default)]
    workloads: Option<Workloads>,
    /// Symlinks that are known, `{ /data: /mnt/disk1 }`, besides `/var/run` and `/var/lock`.
    #[serde(default)]
    symlinks: IndexMap<String, String>,
    /// True where the filesystem takes `/Data` and `/data` for one path.
    #[serde(default)]
    ignore_case: bool,
}

/// Which workloads.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workloads {
    /// Which kinds; all of them unless it says otherwise.
    #[serde(default = "every_kind")]
    kinds: Vec<Kind>,
    /// The namespace.
    #[serde(default)]
    namespace: Option<String>,
    /// Several namespaces.
    #[serde(default)]
    namespaces: Vec<String>,
    /// True: every namespace.
    #[serde(default)]
    all_namespaces: bool,
    /// Labels of the objects themselves.
    #[serde(default)]
    selector: Option<String>,
}

/// A kind of workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Deployments,
    StatefulSets,
    DaemonSets,
    Jobs,
    CronJobs,
    Pods,
}

fn every_kind() -> Vec<Kind> {
    vec![Kind::Deployments, Kind::StatefulSets, Kind::DaemonSets, Kind::Jobs, Kind::CronJobs, Kind::Pods]
}

impl Kind {
    /// Group and version, and the plural in paths.
    const fn api(self) -> (&'static str, &'static str) {
        match self {
            Self::Deployments => ("apps/v1", "deployments"),
            Self::StatefulSets => ("apps/v1", "statefulsets"),
            Self::DaemonSets => ("apps/v1", "daemonsets"),
            Self::Jobs => ("batch/v1", "jobs"),
            Self::CronJobs => ("batch/v1", "cronjobs"),
            Self::Pods => ("v1", "pods"),
        }
    }

    /// The kind as one object has it: the API leaves it out of the objects of a list.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Deployments => "Deployment",
            Self::StatefulSets => "StatefulSet",
            Self::DaemonSets => "DaemonSet",
            Self::Jobs => "Job",
            Self::CronJobs => "CronJob",
            Self::Pods => "Pod",
        }
    }
}

/// What will be looked at.
pub(super) struct Target {
    pub(super) from: From,
    pub(super) symlinks: IndexMap<String, String>,
    pub(super) ignore_case: bool,
}

/// Where the mounts are written.
pub(super) enum From {
    List(Vec<Listed>),
    File { path: String, pointer: Option<String> },
    Cluster(Box<(Cluster, Workloads)>),
}

impl Target {
    pub(super) fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let Settings { paths, file, pointer, workloads, mut symlinks, ignore_case } = settings;
        if pointer.is_some() && file.is_none() {
            return Err(Invalid::new(
                "pointer",
                "`pointer` says where in a `file` the paths are, and there is no `file`",
            ));
        }
        let from = match (paths, file, workloads) {
            (Some(paths), None, None) => list(paths, &mut symlinks)?,
            (None, Some(path), None) => of_file(path, pointer)?,
            (None, None, Some(workloads)) => {
                workloads.check()?;
                From::Cluster(Box::new((place.cluster()?, workloads)))
            }
            _ => return Err(Invalid::new("", "exactly one of `paths`, `file` and `workloads` is needed")),
        };
        for (link, to) in &symlinks {
            if !link.starts_with('/') || to.is_empty() {
                return Err(Invalid::new("symlinks", format!("`{link}: {to}` is no symlink of a known place"))
                    .help("write `{ /the/link: /where/it/leads }`"));
            }
        }
        Ok(Self { from, symlinks, ignore_case })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        match &self.from {
            From::List(_) => Vec::new(),
            From::File { path, .. } => vec![Access::new("this machine", format!("read {path}"))],
            From::Cluster(of) => {
                let workloads = &of.1;
                let lists = workloads.lists().into_iter().map(|(_, path)| right("list", &path));
                let control = (!workloads.all_namespaces).then(|| "get namespaces".to_owned());
                lists.chain(control).map(|right| Access::new("kubernetes", right)).collect()
            }
        }
    }
}

fn list(paths: Vec<Listed>, symlinks: &mut IndexMap<String, String>) -> Result<From, Invalid> {
    if paths.is_empty() {
        return Err(Invalid::new("paths", "an empty list: there is nothing to compare"));
    }
    for listed in &paths {
        if let Some(to) = &listed.symlink_to {
            symlinks.insert(listed.path.clone(), to.clone());
        }
    }
    Ok(From::List(paths))
}

fn of_file(path: String, pointer: Option<String>) -> Result<From, Invalid> {
    if path.trim().is_empty() {
        return Err(Invalid::new("file", "the path of a file is needed"));
    }
    match pointer {
        Some(pointer) if !pointer.is_empty() && !pointer.starts_with('/') => {
            Err(Invalid::new("pointer", format!("`{pointer}` is no JSON pointer")).help(format!("write `/{pointer}`")))
        }
        pointer => Ok(From::File { path, pointer }),
    }
}

impl Workloads {
    fn check(&self) -> Result<(), Invalid> {
        let wrong = |at: &str, message: &str| Err(Invalid::new(&format!("workloads.{at}"), message.to_owned()));
        if self.kinds.is_empty() {
            return wrong("kinds", "an empty list: there is nothing to compare");
        }
        if let Some(name) = self.named().find(|name| !is_name(name)) {
            return wrong("namespace", &format!("`{name}` is no name of Kubernetes"));
        }
        match (self.all_namespaces, self.named().next().is_some()) {
            (false, false) => wrong("", "write `namespace`, `namespaces` or `all_namespaces: true`"),
            (true, true) => wrong("all_namespaces", "it stands beside a namespace that is named"),
            _ if self.selector.as_ref().is_some_and(|text| text.trim().is_empty()) => {
                wrong("selector", "an empty selector means every workload: leave it out")
            }
            _ => Ok(()),
        }
    }

    /// The namespaces that are named, in their order.
    pub(super) fn named(&self) -> impl Iterator<Item = &str> {
        self.namespace.iter().chain(&self.namespaces).map(String::as_str)
    }

    /// Labels; empty for all.
    pub(super) fn selector(&self) -> Option<&str> {
        self.selector.as_deref()
    }

    /// Every list that it takes: of which kind, and its path.
    pub(super) fn lists(&self) -> Vec<(Kind, String)> {
        let of = |kind: Kind, namespace: Option<&str>| (kind, path(kind.api().0, namespace, &[kind.api().1]));
        if self.all_namespaces {
            return self.kinds.iter().map(|kind| of(*kind, None)).collect();
        }
        self.named().flat_map(|namespace| self.kinds.iter().map(move |kind| of(*kind, Some(namespace)))).collect()
    }

    /// `deployments, jobs in coder-ws with app=x`.
    pub(super) fn words(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.api().1).collect();
        let named: Vec<&str> = self.named().collect();
        let place = if self.all_namespaces { "every namespace".to_owned() } else { named.join(", ") };
        let labels = self.selector.as_ref().map(|labels| format!(" with {labels}")).unwrap_or_default();
        format!("{} in {place}{labels}", kinds.join(", "))
    }
}
