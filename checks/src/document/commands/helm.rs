//! `helm`: which release a command names, in which namespace, and which repository.

use super::Line;
use crate::document::{What, found::Found, shell::has_gap};

const LONG: [&str; 26] = [
    "namespace",
    "kube-context",
    "kubeconfig",
    "values",
    "set",
    "set-string",
    "set-file",
    "set-json",
    "version",
    "timeout",
    "revision",
    "history-max",
    "max",
    "output",
    "repo",
    "username",
    "password",
    "ca-file",
    "cert-file",
    "key-file",
    "description",
    "post-renderer",
    "keyring",
    "filter",
    "selector",
    "template",
];

pub(super) fn read(found: &mut Found<'_>, line: usize, words: &[String]) {
    let flags = Line::read(words, "nfol", &LONG);
    let rest = &flags.rest;
    if let ["repo", "add", _, url, ..] = rest[..] {
        // A repository has an index, and often nothing where its URL alone leads.
        return found.url(line, &format!("{}/index.yaml", url.trim_end_matches('/')));
    }
    let (release, makes) = match rest[..] {
        ["get", _, name, ..]
        | ["status" | "history" | "rollback" | "test" | "uninstall" | "delete" | "un", name, ..] => (Some(name), false),
        ["upgrade", name, ..] => (Some(name), flags.has(&["install", "i", "create-namespace"])),
        ["install", ..] => (None, true),
        ["list" | "ls", ..] => (None, false),
        _ => return,
    };
    let site = match flags.value(&["kube-context"]) {
        None => found.site.clone(),
        Some(context) if has_gap(context) => None,
        Some(context) => found.context(line, context),
    };
    let named = flags.value(&["n", "namespace"]);
    let namespace = match named {
        Some(name) if has_gap(name) => return found.leave(line, &format!("-n {name}"), "the namespace is not known"),
        Some(name) => name.to_owned(),
        None => found.namespace.clone().unwrap_or_else(|| found.target.namespace.clone()),
    };
    if named.is_some() && !flags.has(&["create-namespace"]) {
        found.add(line, site.clone(), What::Namespace(namespace.clone()));
    }
    match release.filter(|_| !makes) {
        Some(name) if has_gap(name) => found.leave(line, &format!("release {name}"), "the name is not known"),
        Some(name) => found.add(line, site, What::Release { name: name.to_owned(), namespace }),
        None => {}
    }
}
