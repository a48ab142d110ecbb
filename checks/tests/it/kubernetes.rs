//! The Kubernetes client against the world's clusters.

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::Cluster,
        kubernetes::{Api, Meta, Selector, path},
        network::NetworkSettings,
    },
    contract::{Context, Remedy, Unobserved, Vault, Why},
};
use gonogo_world::{
    Fault, Rule, State, System, World,
    kubernetes::{self, Account, Grant, NodeStats},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::{fs, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;

const UID: &str = "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001";

/// A world with its kubeconfig written beside it.
pub struct Stage {
    pub world: World,
    folder: TempDir,
}

impl Stage {
    pub async fn of(state: State) -> Self {
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kubeconfig"), world.kubeconfig()).expect("a kubeconfig");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("a certificate");
        Self { world, folder }
    }

    pub async fn one(cluster: kubernetes::Cluster) -> Self {
        let mut state = State::empty(Timestamp::now());
        state.clusters.insert("ohio".to_owned(), cluster);
        Self::of(state).await
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn context(&self) -> Context {
        self.context_of(&NetworkSettings::default())
    }

    pub fn context_of(&self, settings: &NetworkSettings) -> Context {
        let network = Arc::new(Network::new(settings, self.path()).expect("a network"));
        Context::new(Arc::new(Reach::new(network, Vault::default(), 16, self.path().to_owned())), "item", 7)
    }

    pub fn inject(&self, fault: Fault) {
        self.world.inject(Rule::on(System::Kubernetes, fault)).expect("a rule");
    }

    async fn api(&self) -> Result<Api, Unobserved> {
        self.context().cluster(&cluster("ohio")).await
    }
}

/// A site's cluster by the context of the same name.
pub fn cluster(context: &str) -> Cluster {
    Cluster {
        site: context.to_owned(),
        context: Some(context.to_owned()),
        kubeconfig: Some("kubeconfig".into()),
        is_in_cluster: false,
        uid: None,
        as_user: None,
        proxy: None,
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Object {
    metadata: Meta,
}

fn nodes(count: usize) -> kubernetes::Cluster {
    (0..count)
        .fold(kubernetes::Cluster::new(UID), |cluster, i| cluster.node(&format!("node-{i:04}"), NodeStats::used(0.3)))
}

fn command(remedy: Option<&Remedy>) -> &str {
    remedy.and_then(|remedy| remedy.command.as_ref()).expect("a command").as_str()
}

async fn list(stage: &Stage) -> Result<Vec<String>, Unobserved> {
    let api = stage.api().await?;
    let seen = api.list::<Object>(&path("v1", None, &["nodes"]), &Selector::default()).await?;
    Ok(seen.iter().map(|object| object.metadata.name.clone()).collect())
}

#[tokio::test]
async fn a_list_of_several_pages_is_whole() {
    let stage = Stage::one(nodes(501)).await;
    let names = list(&stage).await.expect("nodes");
    assert_eq!((names.len(), names[500].as_str()), (501, "node-0500"));
}

#[tokio::test]
async fn a_list_that_expires_is_begun_again_once_and_never_given_in_part() {
    let stage = Stage::one(nodes(300)).await;
    let expire =
        |times| stage.world.edit(|state| state.clusters.get_mut("ohio").expect("ohio").expire_continues = times);
    expire(1);
    assert_eq!(list(&stage).await.expect("the second reading").len(), 300);
    expire(2);
    assert_eq!(list(&stage).await.expect_err("expired twice").why, Why::NotFound);
}

#[tokio::test]
async fn equal_requests_of_a_run_are_made_once() {
    let stage = Stage::one(nodes(3)).await;
    let cx = stage.context();
    let path = path("v1", None, &["nodes", "node-0001"]);
    for _ in 0..3 {
        let api = cx.cluster(&cluster("ohio")).await.expect("ohio");
        assert_eq!(api.get::<Object>(&path).await.expect("a node").metadata.name, "node-0001");
    }
    assert_eq!(stage.world.requests().len(), 1);
}

#[tokio::test]
async fn another_cluster_than_the_one_that_is_meant_is_the_wrong_system() {
    let stage = Stage::one(nodes(1)).await;
    let meant = |uid: &str| Cluster { uid: Some(uid.to_owned()), ..cluster("ohio") };
    assert!(stage.context().cluster(&meant(UID)).await.is_ok());
    let missing = stage.context().cluster(&meant("another")).await.err().expect("another cluster");
    assert_eq!(missing.why, Why::WrongSystem);
    assert!(missing.detail.contains(UID) && missing.detail.contains("another"), "{missing}");
}

#[tokio::test]
async fn whoever_may_not_read_the_uid_is_told_which_right_is_missing() {
    let token = "token-of-nobody";
    let mut blind = nodes(1);
    blind.accounts = vec![Account::nobody(token, "nobody")];
    let stage = Stage::one(blind).await;
    let meant = Cluster { uid: Some(UID.to_owned()), ..cluster("ohio") };
    let missing = stage.context().cluster(&meant).await.err().expect("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("get namespaces kube-system"), "{missing}");
}

#[tokio::test]
async fn a_refusal_names_the_right_and_how_to_ask_for_it() {
    let mut cluster = nodes(1);
    cluster.accounts[0].denied.push(Grant::new(&["*"], &["nodes/proxy", "pods"]));
    let stage = Stage::one(cluster).await;
    let api = stage.api().await.expect("ohio");
    let missing = api.raw("/api/v1/nodes/node-0000/proxy/stats/summary").await.expect_err("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("`get nodes/proxy`"), "{missing}");
    let kubeconfig = stage.path().join("kubeconfig");
    let prefix = format!("kubectl --kubeconfig {} --context ohio", kubeconfig.display());
    let remedy = missing.remedy.as_deref();
    assert_eq!(command(remedy), format!("{prefix} auth can-i get nodes --subresource=proxy"));
    let missing = api.pods("coder", "app=x").await.expect_err("forbidden");
    assert!(missing.detail.contains("`list pods in namespace coder`"), "{missing}");
    assert_eq!(command(missing.remedy.as_deref()), format!("{prefix} -n coder auth can-i list pods"));
}

#[tokio::test]
async fn an_absent_object_a_path_that_is_not_served_and_an_empty_namespace_are_told_apart() {
    let stage = Stage::one(nodes(1).namespace("coder")).await;
    let api = stage.api().await.expect("ohio");
    let absent = api.find::<Object>(&path("apps/v1", Some("coder"), &["deployments", "nope"])).await;
    assert!(absent.expect("an answer").is_none());
    let unserved = api.find::<Object>("/apis/karpenter.sh/v1/nodepools/x").await.expect_err("no such group");
    assert_eq!(unserved.why, Why::NotFound);
    assert!(unserved.detail.contains("does not serve"), "{unserved}");
    assert!(api.pods("no-such-namespace", "").await.expect("an empty list").is_empty());
    assert!(!api.has_namespace("no-such-namespace").await.expect("an answer"));
    assert!(api.has_namespace("coder").await.expect("an answer"));
}

#[tokio::test]
async fn a_secret_is_read_and_its_metadata_without_it() {
    let mut cluster = nodes(1).namespace("coder").secret("coder", "key", "Opaque", &[("token", "sk-12345")]);
    cluster.accounts[0] = cluster.accounts[0].clone().with_secrets();
    let stage = Stage::one(cluster).await;
    let api = stage.api().await.expect("ohio");
    let secret = api.secret("coder", "key").await.expect("a secret");
    assert_eq!(secret.keys().collect::<Vec<_>>(), ["token"]);
    assert_eq!(api.secret_metadata("coder", "key").await.expect("metadata").name, "key");
}

#[tokio::test]
async fn a_context_that_is_not_there_names_those_that_are() {
    let stage = Stage::one(nodes(1)).await;
    let missing = stage.context().cluster(&cluster("ohoi")).await.err().expect("no such context");
    assert_eq!(missing.why, Why::Unconfigured);
    assert!(missing.detail.contains("did you mean `ohio`?"), "{missing}");
    let nowhere = Cluster { kubeconfig: Some("nowhere".into()), ..cluster("ohio") };
    assert_eq!(stage.context().cluster(&nowhere).await.err().expect("no file").why, Why::Unconfigured);
}

#[tokio::test]
async fn no_fault_gives_an_object_and_each_says_what_it_was() {
    let stage = Stage::one(nodes(2)).await;
    for (fault, why) in [
        (Fault::Refuse, Why::Unreachable),
        (Fault::Reset, Why::Unreachable),
        (Fault::Hang, Why::TimedOut),
        (Fault::SlowDrip, Why::TimedOut),
        (Fault::TruncatedBody, Why::Unreachable),
        (Fault::EndlessBody, Why::TooLarge),
        (Fault::WrongType, Why::Malformed),
        (Fault::MalformedJson, Why::Malformed),
        (Fault::Empty, Why::Malformed),
        (Fault::Status(401, None), Why::Unauthorised),
        (Fault::Status(403, None), Why::Forbidden),
        (Fault::Status(404, None), Why::NotFound),
        (Fault::Status(429, None), Why::Throttled),
        (Fault::Status(500, None), Why::ServerError),
        (Fault::Status(503, None), Why::ServerError),
        (Fault::RedirectLoop, Why::Redirected),
        (Fault::ExpiredCertificate, Why::Untrusted),
        (Fault::WrongCertificate, Why::Untrusted),
        (Fault::UntrustedCertificate, Why::Untrusted),
    ] {
        stage.world.clear_faults().expect("open ports");
        stage.inject(fault);
        let api = stage.api().await.expect("a kubeconfig is enough");
        let limit = Duration::from_millis(if why == Why::TimedOut { 300 } else { 5_000 });
        let path = path("v1", None, &["nodes", "node-0000"]);
        let missing = api.get_within::<Object>(&path, limit).await.err().unwrap_or_else(|| panic!("{fault:?}"));
        assert_eq!(missing.why, why, "{fault:?}: {missing}");
        assert!(command(missing.remedy.as_deref()).contains("kubectl"), "{fault:?}");
    }
}

#[tokio::test]
async fn a_throttled_look_is_made_again() {
    let stage = Stage::one(nodes(2)).await;
    stage.world.inject(Rule::on(System::Kubernetes, Fault::Status(429, Some(0))).times(2)).expect("a rule");
    assert_eq!(list(&stage).await.expect("the third attempt").len(), 2);
}

#[tokio::test]
async fn a_server_is_led_elsewhere_by_name_and_by_address_and_must_still_prove_itself() {
    let stage = Stage::one(nodes(1)).await;
    let plain = fs::read_to_string(stage.path().join("kubeconfig")).expect("a kubeconfig");
    let socket = plain.split("https://").nth(1).and_then(|rest| rest.lines().next()).expect("a server");
    let path = path("v1", None, &["nodes", "node-0000"]);
    for server in ["api.ohio.test:6443", "198.51.100.7:6443"] {
        let text = plain.replace(socket, server);
        fs::write(stage.path().join("kubeconfig"), &text).expect("a kubeconfig");
        let connect = [(server.to_owned(), socket.parse().expect("a socket"))].into_iter().collect();
        let cx = stage.context_of(&NetworkSettings { connect, ..NetworkSettings::default() });
        let api = cx.cluster(&cluster("ohio")).await.expect("a way");
        let missing = api.get::<Object>(&path).await.expect_err("a certificate for another name");
        assert_eq!(missing.why, Why::Untrusted, "{missing}");
        let named = text.replace("    server:", "    tls-server-name: \"127.0.0.1\"\n    server:");
        fs::write(stage.path().join("kubeconfig"), named).expect("a kubeconfig");
        let connect = [(server.to_owned(), socket.parse().expect("a socket"))].into_iter().collect();
        let cx = stage.context_of(&NetworkSettings { connect, ..NetworkSettings::default() });
        let api = cx.cluster(&cluster("ohio")).await.expect("a way");
        assert_eq!(api.get::<Object>(&path).await.expect("a node").metadata.name, "node-0000");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_credential_plugin_is_run_without_a_prompt_and_its_failure_shows_no_token() {
    let stage = Stage::one(nodes(1)).await;
    let plain = fs::read_to_string(stage.path().join("kubeconfig")).expect("a kubeconfig");
    let token = format!("token-{UID}");
    let path = path("v1", None, &["nodes", "node-0000"]);
    let given = format!(r#"echo '{{"kind":"ExecCredential","status":{{"token":"{token}"}}}}'"#);
    let asks = r#"read answer && exit 0; echo "$KUBERNETES_EXEC_INFO" | grep -q '"interactive":false' || exit 9"#;
    for (script, why) in [
        (format!("{asks}; {given}"), None),
        (format!("{given}; echo sso session expired >&2; exit 3"), Some(Why::Unauthorised)),
        (format!("echo '{{\"status\": \"{token}\"}}'"), Some(Why::Malformed)),
        ("echo '{\"status\": {}}'".to_owned(), Some(Why::Unauthorised)),
    ] {
        let plugin = serde_json::json!({ "exec": {
            "apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script],
            "interactiveMode": "IfAvailable",
        } });
        let text = plain.replace(&format!("    token: \"{token}\""), &format!("    exec: {}", plugin["exec"]));
        fs::write(stage.path().join("kubeconfig"), text).expect("a kubeconfig");
        let cx = stage.context();
        let seen = match cx.cluster(&cluster("ohio")).await {
            Ok(api) => api.get::<Object>(&path).await.map(|seen| seen.metadata.name.clone()),
            Err(missing) => Err(missing),
        };
        match why {
            None => assert_eq!(seen.expect("a node"), "node-0000"),
            Some(why) => {
                let missing = seen.expect_err("no credential");
                assert_eq!(missing.why, why, "{missing}");
                assert!(!format!("{missing:?}").contains(&token), "{missing:?}");
            }
        }
    }
}
