//! Which cluster is meant: the kubeconfig, its context, and what they say of address, trust and identity.
//!
//! Files are read as `kubectl` reads them: where `$KUBECONFIG` names several, those that are not there are left out.

use crate::{
    clients::connections::Cluster,
    contract::{Remedy, Unobserved, Why, text::nearest},
};
use kube::config::{Config, KubeConfigOptions, Kubeconfig};
use std::path::{Path, PathBuf};

/// The context that was chosen, and its configuration.
pub(super) struct Chosen {
    pub(super) config: Config,
    pub(super) context: Option<String>,
    /// The proxy that the kubeconfig itself names.
    pub(super) proxy: Option<String>,
}

/// Reads the files; no network.
pub(super) async fn choose(cluster: &Cluster, base: &Path) -> Result<Chosen, Unobserved> {
    let mut chosen = if cluster.is_in_cluster { in_cluster()? } else { from_files(cluster, base).await? };
    if let Some(user) = &cluster.as_user {
        let identity = &mut chosen.config.auth_info;
        identity.impersonate = Some(user.clone());
        (identity.impersonate_uid, identity.impersonate_groups, identity.impersonate_user_extra) = (None, None, None);
    }
    Ok(chosen)
}

fn in_cluster() -> Result<Chosen, Unobserved> {
    let asked = "the service account of this pod";
    let config = Config::incluster().map_err(|error| Unobserved::new(Why::Unconfigured, asked, error))?;
    Ok(Chosen { config, context: None, proxy: None })
}

async fn from_files(cluster: &Cluster, base: &Path) -> Result<Chosen, Unobserved> {
    let own = cluster.kubeconfig.as_ref().map(|path| base.join(path));
    let read = tokio::task::spawn_blocking(move || read(own)).await;
    let kubeconfig = read.map_err(|error| Unobserved::new(Why::Panicked, "kubeconfig", error))??;
    let context = named(cluster, &kubeconfig)?;
    let proxy = proxy(&kubeconfig, &context);
    let options = KubeConfigOptions { context: Some(context.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let config = config.map_err(|error| Unobserved::new(Why::Unconfigured, format!("context {context}"), error))?;
    Ok(Chosen { config, context: Some(context), proxy })
}

fn read(own: Option<PathBuf>) -> Result<Kubeconfig, Unobserved> {
    let paths = match own {
        Some(path) => vec![path],
        None => usual_paths(),
    };
    let present: Vec<&PathBuf> = paths.iter().filter(|path| path.exists()).collect();
    if present.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Unobserved::new(
            Why::Unconfigured,
            "kubeconfig",
            format_args!("no such file: {}", names.join(", ")),
        )
        .by_hand(Remedy::prose("make a kubeconfig, or name one with `kubeconfig:` or $KUBECONFIG")));
    }
    present.into_iter().try_fold(Kubeconfig::default(), |merged, path| {
        let asked = format!("kubeconfig {}", path.display());
        // The words of a reading error show lines of the file, and with them its tokens.
        let next = Kubeconfig::read_from(path)
            .map_err(|_| Unobserved::new(Why::Unconfigured, &asked, "it cannot be read as a kubeconfig"))?;
        merged.merge(next).map_err(|error| Unobserved::new(Why::Unconfigured, asked, error))
    })
}

fn usual_paths() -> Vec<PathBuf> {
    let listed = std::env::var_os("KUBECONFIG").unwrap_or_default();
    let listed: Vec<PathBuf> = std::env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect();
    if !listed.is_empty() {
        return listed;
    }
    std::env::home_dir().map(|home| home.join(".kube").join("config")).into_iter().collect()
}

/// The context's name, once it is known to be there.
fn named(cluster: &Cluster, kubeconfig: &Kubeconfig) -> Result<String, Unobserved> {
    let known: Vec<&str> = kubeconfig.contexts.iter().map(|context| context.name.as_str()).collect();
    let list = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
    let Some(wanted) = cluster.context.as_ref().or(kubeconfig.current_context.as_ref()) else {
        return Err(Unobserved::new(
            Why::Unconfigured,
            format!("the cluster of site {}", cluster.site),
            format_args!("the checklist names no context and the kubeconfig has no current one; {list}"),
        ));
    };
    if known.contains(&wanted.as_str()) {
        return Ok(wanted.clone());
    }
    let hint = nearest(wanted, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
    Err(Unobserved::new(
        Why::Unconfigured,
        format!("context {wanted}"),
        format_args!("the kubeconfig has no such context: {list}{}", hint.unwrap_or_default()),
    )
    .by_hand(Remedy::run(["kubectl", "config", "get-contexts"])))
}

fn proxy(kubeconfig: &Kubeconfig, context: &str) -> Option<String> {
    let chosen = kubeconfig.contexts.iter().find(|named| named.name == context)?.context.as_ref()?;
    let cluster = kubeconfig.clusters.iter().find(|named| named.name == chosen.cluster)?.cluster.as_ref()?;
    cluster.proxy_url.clone().filter(|proxy| !proxy.is_empty())
}
