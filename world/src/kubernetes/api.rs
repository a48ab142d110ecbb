//! The API server: who asks, may they, and what is there; in this order, as the real one does.
//!
//! The world's clusters are read, not written: every change is refused with 405 once the right to it is checked. Watches too.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use super::access::{Account, Wish};
use super::path::Target;
use super::status::{Status, no_method, no_object, no_page, no_resource, of, text, unauthorized};
use super::{Cluster, Key, Kind, build, discovery, list, partial, review};
use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

/// The user of whoever brings no token.
const ANONYMOUS: &str = "system:anonymous";
/// The pages that everyone may read.
const PUBLIC: [&str; 4] = ["version", "readyz", "livez", "healthz"];

/// The API server of one cluster.
#[derive(Debug)]
struct Api {
    context: String,
}

/// A listener for each cluster. Clients reach it by its loopback address, so its certificate names that.
pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let stand = |context: &String| Stand {
        system: System::Kubernetes,
        instance: context.clone(),
        address: None,
        hosts: Vec::new(),
        port: 443,
        behind: Arc::new(Api { context: context.clone() }),
    };
    state.clusters.keys().map(stand).collect()
}

impl Behind for Api {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_names(["127.0.0.1", "localhost", "kubernetes", "kubernetes.default.svc"]))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        match state.clusters.get_mut(&self.context) {
            Some(cluster) => dressed(answer(cluster, request), request),
            None => of(503),
        }
    }

    fn refusal(&self, status: u16, request: &Request) -> Reply {
        let segments = request.segments();
        let reply = match Target::read(&segments) {
            Some(target) if status == 403 => wish(&target, request).refused("checker"),
            Some(Target { group, plural, name: Some(name), .. }) if status == 404 => no_object(&group, &plural, &name),
            _ => of(status),
        };
        dressed(reply, request)
    }
}

fn answer(cluster: &mut Cluster, request: &Request) -> Reply {
    let Some(account) = account(cluster, request) else {
        return unauthorized();
    };
    let account = match acting(cluster, account, request) {
        Ok(account) => account,
        Err(refusal) => return *refusal,
    };
    if !is_acceptable(request) {
        return not_acceptable();
    }
    let segments = request.segments();
    let words: Vec<_> = segments.iter().map(String::as_str).collect();
    if let [page, ..] = words.as_slice()
        && PUBLIC.contains(page)
    {
        return public(cluster, page, request);
    }
    if account.user != ANONYMOUS
        && let Some(reply) = known(cluster, &account, &words, request)
    {
        return reply;
    }
    match Target::read(&segments) {
        Some(target) => resource(cluster, &account, &target, request),
        None if account.user == ANONYMOUS => forbidden_page(request),
        None => no_page(),
    }
}

/// What everyone may do who is known: review oneself, and discover what there is.
fn known(cluster: &Cluster, account: &Account, path: &[&str], request: &Request) -> Option<Reply> {
    match (request.method.as_str(), path) {
        ("POST", ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"]) => {
            Some(review::access(account, &cluster.version, request))
        }
        ("POST", ["apis", "authentication.k8s.io", "v1", "selfsubjectreviews"]) => {
            Some(review::subject(account, request))
        }
        ("GET", path) => discovery::answer(cluster, path).map(|body| Reply::json(200, &body)),
        _ => None,
    }
}

/// `None` is a token that nobody has. Without a token one is anonymous.
fn account(cluster: &Cluster, request: &Request) -> Option<Account> {
    match request.bearer() {
        None => Some(Account::nobody("", ANONYMOUS)),
        Some(token) => cluster.accounts.iter().find(|account| account.token == token).cloned(),
    }
}

/// The account that is acted for, where `Impersonate-User` names one.
fn acting(cluster: &Cluster, account: Account, request: &Request) -> Result<Account, Box<Reply>> {
    let Some(user) = request.header("impersonate-user") else {
        return Ok(account);
    };
    let wish =
        Wish { verb: "impersonate", group: "", plural: "users", subresource: None, namespace: None, name: Some(&user) };
    if !account.may(&wish) {
        return Err(Box::new(wish.refused(&account.user)));
    }
    let known = cluster.accounts.iter().find(|account| account.user == user).cloned();
    Ok(known.unwrap_or_else(|| Account::nobody("", &user)))
}

fn public(cluster: &Cluster, page: &str, request: &Request) -> Reply {
    if page == "version" {
        return Reply::json(200, &cluster.version.body());
    }
    let is_verbose = request.parameter("verbose").is_some();
    match (cluster.is_ready || page != "readyz", is_verbose) {
        (true, false) => text(200, "ok"),
        (true, true) => text(200, &format!("[+]ping ok\n[+]log ok\n[+]etcd ok\n[+]shutdown ok\n{page} check passed\n")),
        (false, _) => {
            text(500, "[+]ping ok\n[+]log ok\n[-]etcd failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n")
        }
    }
}

fn wish<'a>(target: &'a Target, request: &Request) -> Wish<'a> {
    let is_watch = request.parameter("watch").is_some_and(|watch| matches!(watch.as_str(), "true" | "1"));
    // A namespace is looked at from within itself.
    let own = target.name.as_deref().filter(|_| target.plural == "namespaces" && target.group.is_empty());
    Wish {
        verb: target.verb(&request.method, is_watch),
        group: &target.group,
        plural: &target.plural,
        subresource: target.subresource(),
        namespace: target.namespace.as_deref().or(own),
        name: target.name.as_deref(),
    }
}

fn resource(cluster: &mut Cluster, account: &Account, target: &Target, request: &Request) -> Reply {
    let wish = wish(target, request);
    if !account.may(&wish) {
        return wish.refused(&account.user);
    }
    let is_served = |kind: &&Kind| kind.group == target.group && kind.version == target.version;
    if !cluster.kinds.iter().any(|kind| is_served(&kind)) {
        return no_page();
    }
    let kind = cluster.kinds.iter().filter(is_served).find(|kind| kind.plural == target.plural).copied();
    let is_placed = |kind: &Kind| match (kind.is_namespaced, &target.namespace) {
        (true, None) => target.name.is_none(),
        (false, Some(_)) => false,
        _ => true,
    };
    let Some(kind) = kind.filter(is_placed) else {
        return no_resource();
    };
    match (wish.verb, &target.name) {
        ("list", _) => list::list(cluster, &kind, target, request),
        ("get", Some(name)) => object(cluster, &kind, target, name, request),
        _ => no_method(),
    }
}

fn object(cluster: &Cluster, kind: &Kind, target: &Target, name: &str, request: &Request) -> Reply {
    if kind.plural == "services"
        && let [proxy, ..] = target.below.as_slice()
        && proxy == "proxy"
    {
        // As it was sent: a slash at its end is another path.
        let path = request.path.split_once("/proxy").map_or("/", |(_, path)| path);
        return cluster.pass(target.namespace.as_deref().unwrap_or_default(), name, path);
    }
    let key = Key::new(&kind.qualified(), target.namespace.as_deref().unwrap_or_default(), name);
    let Some(object) = cluster.objects.get(&key) else {
        return no_object(kind.group, kind.plural, name);
    };
    let below: Vec<_> = target.below.iter().map(String::as_str).collect();
    match (below.as_slice(), kind.plural) {
        ([] | ["status"], _) => partial::object(object, request),
        (["scale"], "deployments" | "statefulsets" | "replicasets") => Reply::json(200, &build::scale(object)),
        (["proxy", "stats", "summary"], "nodes") => match cluster.stats.get(name) {
            Some(stats) => stats.answer(name, address(object), &cluster.version, request.now),
            None => no_page(),
        },
        (["proxy", ..], "nodes") => no_page(),
        _ => no_resource(),
    }
}

fn address(node: &Value) -> Option<IpAddr> {
    let addresses = node["status"]["addresses"].as_array()?;
    let own = addresses.iter().find(|address| address["type"] == "InternalIP")?;
    own["address"].as_str()?.parse().ok()
}

/// JSON is what there is.
fn is_acceptable(request: &Request) -> bool {
    let accept = request.header("accept").unwrap_or_default();
    let types = || accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    accept.is_empty()
        || types().any(|kind| matches!(kind, "application/json" | "application/*" | "*/*"))
        || request.path.contains("/proxy/")
}

fn not_acceptable() -> Reply {
    let message = "406: Not Acceptable\n\nAvailable representations: application/json";
    Status::new("NotAcceptable", message).about(json!({})).reply(406)
}

fn forbidden_page(request: &Request) -> Reply {
    let (method, path) = (request.method.as_str().to_lowercase(), &request.path);
    let message = format!("forbidden: User \"{ANONYMOUS}\" cannot {method} path \"{path}\"");
    Status::new("Forbidden", message).about(json!({})).reply(403)
}

/// The headers of every answer.
fn dressed(reply: Reply, request: &Request) -> Reply {
    let is_judged = reply.status != 401 && !request.path.contains("/proxy/");
    let reply = reply
        .header("audit-id", build::uid(&["audit", &request.target()]))
        .header("cache-control", "no-cache, private");
    if !is_judged {
        return reply;
    }
    reply
        .header("x-kubernetes-pf-flowschema-uid", build::uid(&["flow"]))
        .header("x-kubernetes-pf-prioritylevel-uid", build::uid(&["level"]))
}
