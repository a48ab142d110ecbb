//! The way to a cluster: kubeconfig, credentials, proxies, names led elsewhere, and which cluster it is.

use super::{Object, Stage, UID, cluster, command, nodes};
use gonogo_checks::{
    clients::{connections::Cluster, kubernetes::path, network::NetworkSettings},
    contract::Why,
};
use gonogo_world::kubernetes::{Account, Grant};
use std::fs;

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
async fn a_context_that_is_not_there_names_those_that_are() {
    let stage = Stage::one(nodes(1)).await;
    let missing = stage.context().cluster(&cluster("ohoi")).await.err().expect("no such context");
    assert_eq!(missing.why, Why::Unconfigured);
    assert!(missing.detail.contains("did you mean `ohio`?"), "{missing}");
    let nowhere = Cluster { kubeconfig: Some("nowhere".into()), ..cluster("ohio") };
    assert_eq!(stage.context().cluster(&nowhere).await.err().expect("no file").why, Why::Unconfigured);
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

#[tokio::test]
async fn a_proxy_that_is_named_is_used_and_none_is_none() {
    let stage = Stage::one(nodes(1)).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let path = path("v1", None, &["nodes", "node-0000"]);
    for (proxy, is_seen) in [("none".to_owned(), true), (format!("http://{closed}"), false)] {
        let through = Cluster { proxy: Some(proxy), ..cluster("ohio") };
        let api = stage.context().cluster(&through).await.expect("a way");
        assert_eq!(api.get::<Object>(&path).await.is_ok(), is_seen, "{through:?}");
    }
}

#[tokio::test]
async fn outside_a_pod_there_is_no_service_account() {
    let stage = Stage::one(nodes(1)).await;
    let inside = Cluster { is_in_cluster: true, ..cluster("ohio") };
    assert_eq!(stage.context().cluster(&inside).await.err().expect("no pod").why, Why::Unconfigured);
}

#[tokio::test]
async fn whoever_is_acted_for_needs_the_right_and_acting_takes_one_too() {
    let mut ohio = nodes(1).account(Account::nobody("other", "limited"));
    let stage = Stage::one(ohio.clone()).await;
    let limited = Cluster { as_user: Some("limited".to_owned()), ..cluster("ohio") };
    let ask = async |stage: &Stage| {
        let api = stage.context().cluster(&limited).await.expect("a way");
        api.raw("/api/v1/nodes").await.expect_err("forbidden")
    };
    let missing = ask(&stage).await;
    assert!(missing.detail.contains("`impersonate users`"), "{missing}");
    ohio.accounts[0].granted.push(Grant::new(&["impersonate"], &["users"]));
    let missing = ask(&Stage::one(ohio).await).await;
    assert!(missing.detail.contains(r#"User "limited" cannot"#), "{missing}");
    assert!(command(missing.remedy.as_deref()).contains("--as limited"));
}
