//! The kubeconfig of a world: a context, a cluster and a user for each API server, all of the same name.

use std::fmt::Write;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::state::State;

/// The file's text; the first context is the current one. Texts are quoted as JSON, which YAML reads.
pub(crate) fn text<'a>(state: &State, ca_pem: &str, servers: impl Iterator<Item = (&'a str, SocketAddr)>) -> String {
    let authority = STANDARD.encode(ca_pem);
    let (mut clusters, mut contexts, mut users) = (String::new(), String::new(), String::new());
    let mut current = None;
    for (context, socket) in servers {
        let name = json!(context);
        let token = json!(state.clusters.get(context).and_then(|cluster| cluster.token()).unwrap_or_default());
        current.get_or_insert_with(|| name.clone());
        // Writing to a String cannot fail.
        let _ = write!(
            clusters,
            "- name: {name}\n  cluster:\n    server: https://{socket}\n    certificate-authority-data: {authority}\n"
        );
        let _ = write!(contexts, "- name: {name}\n  context:\n    cluster: {name}\n    user: {name}\n");
        let _ = write!(users, "- name: {name}\n  user:\n    token: {token}\n");
    }
    let current = current.unwrap_or_else(|| json!(""));
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: {current}\n{}{}{}",
        section("clusters", &clusters),
        section("contexts", &contexts),
        section("users", &users)
    )
}

fn section(name: &str, entries: &str) -> String {
    if entries.is_empty() { format!("{name}: []\n") } else { format!("{name}:\n{entries}") }
}
