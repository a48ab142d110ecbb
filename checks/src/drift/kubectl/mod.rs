//! `kubectl diff`: 0 no difference, 1 differences, more than 1 an error — the reverse of Terraform's 1.
//!
//! Source: `kubectl diff --help`, and kubernetes/kubectl `pkg/cmd/diff/diff.go`: it makes two folders, `LIVE-…` and `MERGED-…`, with a file for each
//! object named `[GROUP.]VERSION.KIND.NAMESPACE.NAME`, and runs `diff -u -N` over them. Only the names of those files are read: the
//! lines of a diff show values. An exit code of 1 without a difference is a failure before the comparison (a flag that is not
//! known), and no difference.

mod declared;
mod headers;

use super::{
    codes,
    expect::{Act, Expect},
    settings::Kubectl,
};
use crate::{
    clients::{
        connections::Cluster,
        program::{Ended, Program, Surroundings, Variables},
    },
    contract::{Access, Context, Finding, Invalid, Place, Remedy, Unobserved, Why, short},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The variable by which kubectl finds its contexts.
const KUBECONFIG: &str = "KUBECONFIG";
/// The variables by which kubectl finds the cluster that it runs in.
const IN_CLUSTER: [&str; 2] = ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"];

/// What was different, asked of whom and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was compared: files, or a folder of Kustomize.
    pub manifests: String,
    /// What was run.
    pub asked: String,
    /// When it was started.
    pub asked_at: Timestamp,
    /// The same by hand.
    pub by_hand: Remedy,
    /// How it ended.
    pub ended: Ended,
    /// The last line of what it complained.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub complaint: String,
    /// How many objects the manifests declare.
    pub declared: usize,
    /// Those that differ.
    pub differing: Vec<Differing>,
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differing {
    /// As a person writes it: `Deployment coder/web`.
    pub object: String,
    /// What would be done with it.
    pub act: Act,
}

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    diff: Vec<String>,
    program: String,
    namespace: Option<String>,
    manifests: Vec<PathBuf>,
    kustomize: Option<PathBuf>,
    around: Surroundings,
}

impl Looking {
    pub(super) fn new(settings: Kubectl, place: &Place) -> Result<Self, Invalid> {
        let Kubectl { manifests, kustomize, namespace, program, env, secret_env, inherit, limit } = settings;
        if manifests.is_empty() == kustomize.is_none() {
            return Err(Invalid::new("kubectl", "exactly one of `manifests` and `kustomize` is needed")
                .help("write `manifests: [deploy/]` or `kustomize: overlays/workshop`"));
        }
        if let Some(i) = manifests.iter().position(|path| path.to_string_lossy().contains("://")) {
            return Err(Invalid::new(
                &format!("kubectl.manifests.{i}"),
                "only files and folders of this machine are compared",
            ));
        }
        let cluster = place.cluster()?;
        if cluster.context.is_none() && !cluster.is_in_cluster {
            return Err(Invalid::new("kubectl", format!("site `{}` names no context", cluster.site))
                .help("the cluster that is compared with must be named: `kubernetes: { context: … }`"));
        }
        let mut variables = Variables { env, secret_env, inherit };
        surround(&cluster, &mut variables)?;
        let mut diff = vec!["diff".to_owned()];
        for path in &manifests {
            diff.extend(["-f".to_owned(), path.display().to_string()]);
        }
        diff.extend(kustomize.iter().flat_map(|path| ["-k".to_owned(), path.display().to_string()]));
        let around = Surroundings::of(place, "kubectl", None, variables, limit)?;
        let program = program.unwrap_or_else(|| "kubectl".to_owned());
        Ok(Self { cluster, diff, program, namespace, manifests, kustomize, around })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let objects = "get and patch (as a dry run) every object that the manifests declare";
        let prove = self.cluster.uid.as_ref().map(|_| Access::new("kubernetes", "get namespaces, only kube-system"));
        let run = Access::new("this machine", format!("run {}, and diff", self.program));
        [run, Access::new("kubernetes", objects)].into_iter().chain(prove).chain(self.around.access()).collect()
    }

    /// The program with the cluster named, whatever the kubeconfig's current context is.
    fn program(&self, base: &Path) -> Program {
        let kubeconfig = self.cluster.kubeconfig.as_ref().map(|path| base.join(path).display().to_string());
        let named = [
            ("--kubeconfig", kubeconfig.filter(|_| !self.cluster.is_in_cluster)),
            ("--context", self.cluster.context.clone().filter(|_| !self.cluster.is_in_cluster)),
            ("--as", self.cluster.as_user.clone()),
            ("--namespace", self.namespace.clone()),
        ];
        let flags = named.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?])).flatten();
        let command = std::iter::once(self.program.clone()).chain(flags).chain(self.diff.iter().cloned()).collect();
        Program { command, around: self.around.clone() }
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        if self.cluster.uid.is_some() {
            // Opening the cluster compares its UID.
            cx.cluster(&self.cluster).await?;
        }
        let declared = self.declared(cx).await?;
        let program = self.program(&cx.reach().base);
        let ran = cx.run(&program).await?;
        let places: Vec<String> =
            self.manifests.iter().chain(&self.kustomize).map(|path| short(&path.display().to_string(), 120)).collect();
        Ok(Evidence {
            manifests: places.join(", "),
            asked: ran.asked.clone(),
            asked_at: ran.asked_at,
            by_hand: program.by_hand(&cx.reach().base),
            ended: ran.ended,
            complaint: ran.complaint.clone(),
            declared,
            differing: headers::differing(&String::from_utf8_lossy(&ran.stdout)),
        })
    }

    /// How many objects the manifests declare: a folder without any never differs.
    async fn declared(&self, cx: &Context) -> Result<usize, Unobserved> {
        let Some(folder) = &self.kustomize else {
            let paths: Vec<PathBuf> = self.manifests.iter().map(|path| cx.reach().base.join(path)).collect();
            let counted = tokio::task::spawn_blocking(move || {
                paths.iter().map(|path| declared::count(path)).sum::<std::io::Result<usize>>()
            })
            .await;
            return counted
                .map_err(|error| Unobserved::new(Why::Panicked, "the manifests", error))?
                .map_err(|error| Unobserved::new(Why::Unconfigured, "the manifests", error));
        };
        let command = vec![self.program.clone(), "kustomize".to_owned(), folder.display().to_string()];
        let built = cx.run(&Program { command, around: self.around.clone() }).await?;
        if built.ended != Ended::Exit(0) {
            let detail = format!("{}: {}", built.ended, built.complaint);
            return Err(Unobserved::new(Why::Unconfigured, &built.asked, detail));
        }
        Ok(declared::kinds(&String::from_utf8_lossy(&built.stdout)))
    }
}

/// What kubectl needs to reach the cluster that was proven, and no other.
fn surround(cluster: &Cluster, variables: &mut Variables) -> Result<(), Invalid> {
    let is_named = |variables: &Variables, name: &str| {
        let Variables { env, secret_env, inherit } = variables;
        env.contains_key(name) || secret_env.contains_key(name) || inherit.iter().any(|known| known == name)
    };
    let wanted: &[&str] = if cluster.is_in_cluster { &IN_CLUSTER } else { &["HOME", KUBECONFIG] };
    if cluster.is_in_cluster {
        if let Some(name) = IN_CLUSTER.iter().chain([&KUBECONFIG]).find(|name| is_named(variables, name)) {
            let wrong = Invalid::new("kubectl", format!("`{name}` may lead kubectl to another cluster than its own"));
            return Err(wrong.help(format!("site `{}` is within its cluster: leave it out", cluster.site)));
        }
        if cluster.as_user.is_some() {
            // client-go takes no user to act as from within a cluster, and says nothing.
            return Err(Invalid::new("kubectl", "within its cluster, kubectl does not act as another user")
                .help(format!("leave `as` out of site `{}`, or name a context", cluster.site)));
        }
        // Any kubeconfig would come before the cluster's own account.
        variables.env.insert(KUBECONFIG.to_owned(), "/dev/null".to_owned());
    }
    for name in wanted {
        if !is_named(variables, name) {
            variables.inherit.push((*name).to_owned());
        }
    }
    Ok(())
}

pub(super) fn judge(expect: &Expect, diff: &Evidence) -> Vec<Finding> {
    let about = |code| Finding::new(code, format!("manifests {}", diff.manifests));
    let look = || diff.by_hand.clone().saying("see what differs; it shows values, secrets too");
    let contradicts = |seen: &str| {
        let finding =
            about(codes::CONTRADICTS).expected("differences by the exit code and by the words, or by neither");
        vec![finding.seen(seen).mended_by(look())]
    };
    match (diff.ended, diff.differing.is_empty()) {
        (Ended::Exit(0), true) if diff.declared == 0 => {
            let finding = about(codes::NOTHING).expected("at least one object that is declared");
            vec![
                finding
                    .seen("the manifests declare no object")
                    .mended_by(Remedy::prose("name the files that are applied")),
            ]
        }
        (Ended::Exit(0), true) => Vec::new(),
        (Ended::Exit(0), false) => contradicts("exit code 0, which is no difference, and differences in what it wrote"),
        (Ended::Exit(1), true) => {
            let words = if diff.complaint.is_empty() { "it says nothing" } else { &diff.complaint };
            contradicts(&format!("exit code 1, which is a difference, and none in what it wrote: {words}"))
        }
        (Ended::Exit(1), false) => {
            let differing = diff.differing.iter().filter(|one| !expect.allows(&one.object, one.act));
            let found = differing.map(|one| {
                let seen = if one.act == Act::Create { "it is not there" } else { "it is otherwise" };
                Finding::new(codes::DRIFTED, one.object.as_str())
                    .expected("what was declared")
                    .seen(seen)
                    .mended_by(look())
            });
            found.collect()
        }
        (ended, _) => {
            let finding = about(codes::FAILED).expected("a whole comparison: exit code 0 or 1");
            let words = if diff.complaint.is_empty() { "it says nothing" } else { &diff.complaint };
            vec![finding.seen(format!("{ended}: {words}")).mended_by(look())]
        }
    }
}
