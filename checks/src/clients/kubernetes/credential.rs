//! Who asks: a token, a certificate, or what a credential plugin gives.
//!
//! The plugin is run here and not by `kube`, which lets it prompt, waits for it without end, and puts all that it wrote,
//! tokens too, into its error. Source of the protocol: `client.authentication.k8s.io/v1`, `ExecCredential`.

use crate::contract::{Remedy, Unobserved, Why, short};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use kube::config::{AuthInfo, ExecConfig};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
};

/// The longest that a credential plugin may take.
pub(super) const PLUGIN: Duration = Duration::from_secs(10);
/// The most that it may write.
const MOST: u64 = 1 << 20;

/// Runs the credential plugin, if there is one, and puts what it gave in its place.
pub(super) async fn settle(identity: &mut AuthInfo) -> Result<(), Unobserved> {
    if let Some(provider) = identity.auth_provider.as_ref().filter(|provider| provider.name != "oidc") {
        return Err(Unobserved::new(
            Why::Unconfigured,
            "kubeconfig",
            format_args!("the auth-provider `{}` is no longer part of Kubernetes", provider.name),
        )
        .by_hand(Remedy::prose("write the kubeconfig anew, with a credential plugin (`exec:`)")));
    }
    let Some(plugin) = identity.exec.take() else { return Ok(()) };
    let given = run(&plugin).await?;
    identity.client_certificate_data = given.client_certificate_data.map(|pem| STANDARD.encode(pem));
    identity.client_key_data =
        given.client_key_data.map(|pem| SecretString::from(STANDARD.encode(pem.expose_secret())));
    identity.token = given.token;
    Ok(())
}

/// The headers that say who asks, and as whom.
pub(super) fn headers(identity: &AuthInfo) -> Result<HeaderMap, Unobserved> {
    let mut headers = HeaderMap::new();
    if let Some(shown) = shown(identity)? {
        let mut value = HeaderValue::from_str(shown.expose_secret())
            .map_err(|_| unfit("the kubeconfig's token holds characters that no header may hold"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    let mut add = |name: &str, value: &str| {
        let name = HeaderName::try_from(name.to_ascii_lowercase());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) else {
            return Err(unfit("the user to impersonate holds characters that no header may hold"));
        };
        headers.append(name, value);
        Ok(())
    };
    for (name, value) in [("impersonate-user", &identity.impersonate), ("impersonate-uid", &identity.impersonate_uid)] {
        value.iter().try_for_each(|value| add(name, value))?;
    }
    identity.impersonate_groups.iter().flatten().try_for_each(|group| add("impersonate-group", group))?;
    for (key, values) in identity.impersonate_user_extra.iter().flatten() {
        let name = format!("impersonate-extra-{}", utf8_percent_encode(key, NON_ALPHANUMERIC));
        values.iter().try_for_each(|value| add(&name, value))?;
    }
    Ok(headers)
}

fn shown(identity: &AuthInfo) -> Result<Option<SecretString>, Unobserved> {
    let bearer = |token: &str| Some(SecretString::from(format!("Bearer {}", token.trim())));
    if let Some(token) = &identity.token {
        return Ok(bearer(token.expose_secret()));
    }
    if let (Some(user), Some(password)) = (&identity.username, &identity.password) {
        let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        return Ok(Some(SecretString::from(format!("Basic {pair}"))));
    }
    if let Some(path) = &identity.token_file {
        let token = std::fs::read_to_string(path)
            .map_err(|error| Unobserved::new(Why::Unconfigured, format!("token file {path}"), error))?;
        return Ok(bearer(&token));
    }
    let oidc = identity.auth_provider.as_ref().and_then(|provider| provider.config.get("id-token"));
    Ok(oidc.and_then(|token| bearer(token)))
}

fn unfit(detail: &str) -> Unobserved {
    Unobserved::new(Why::Unconfigured, "kubeconfig", detail)
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    status: Option<Given>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    #[serde(default, deserialize_with = "secret_text")]
    token: Option<SecretString>,
    #[serde(default)]
    client_certificate_data: Option<String>,
    #[serde(default, deserialize_with = "secret_text")]
    client_key_data: Option<SecretString>,
}

fn secret_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()).map(SecretString::from))
}

async fn run(plugin: &ExecConfig) -> Result<Given, Unobserved> {
    let name = plugin.command.as_deref().ok_or_else(|| unfit("its credential plugin has no command"))?;
    let asked = format!("credential plugin {name}");
    let missing = |why, detail: &dyn std::fmt::Display| {
        let unobserved = Unobserved::new(why, &asked, detail);
        match &plugin.install_hint {
            Some(hint) if why == Why::Unconfigured => unobserved.by_hand(Remedy::prose(hint.clone())),
            _ => unobserved,
        }
    };
    let mut child = command(name, plugin)?.spawn().map_err(|error| missing(Why::Unconfigured, &error))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let whole = async { tokio::join!(bounded(out), bounded(err), child.wait()) };
    let Ok((out, err, ended)) = tokio::time::timeout(PLUGIN, whole).await else {
        return Err(missing(Why::TimedOut, &format_args!("not done after {} s", PLUGIN.as_secs())));
    };
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) => {
            return Err(missing(Why::Unauthorised, &format_args!("{status}: {}", last_words(&err))));
        }
        Err(error) => return Err(missing(Why::Unconfigured, &error)),
    }
    let unread = || missing(Why::Malformed, &"what it wrote is no ExecCredential with a status");
    let text = String::from_utf8(out).map_err(|_| unread())?;
    let written: Written = serde_saphyr::from_str(&text).map_err(|_| unread())?;
    let given = written.status.ok_or_else(unread)?;
    if given.token.is_none() && given.client_certificate_data.is_none() {
        return Err(missing(Why::Unauthorised, &"it gave neither a token nor a certificate"));
    }
    Ok(given)
}

fn command(name: &str, plugin: &ExecConfig) -> Result<Command, Unobserved> {
    let mut spec = serde_json::json!({ "interactive": false });
    if plugin.provide_cluster_info {
        let cluster = plugin.cluster.as_ref().map(serde_json::to_value).transpose();
        spec["cluster"] = cluster.map_err(|error| unfit(&error.to_string()))?.unwrap_or_default();
    }
    let version = plugin.api_version.as_deref().unwrap_or("client.authentication.k8s.io/v1");
    let info = serde_json::json!({ "apiVersion": version, "kind": "ExecCredential", "spec": spec });
    let mut command = Command::new(name);
    let variables = plugin.env.iter().flatten().filter_map(|entry| Some((entry.get("name")?, entry.get("value")?)));
    command
        .args(plugin.args.iter().flatten())
        .envs(variables)
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Ok(command)
}

async fn bounded(pipe: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut text = Vec::new();
    if let Some(pipe) = pipe {
        // What could be read is all there is; a plugin that breaks off is seen by its exit.
        let _ = pipe.take(MOST).read_to_end(&mut text).await;
    }
    text
}

/// The last line of what a program complained, short and printable.
fn last_words(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it says nothing");
    short(line, 200)
}
