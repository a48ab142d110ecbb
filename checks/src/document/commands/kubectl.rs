//! `kubectl`: which objects, labels, kinds, namespaces and contexts a command names.
//!
//! Source: `kubectl` reference, v1.34. What a verb does is of no interest here, only on what.

use super::{
    Line,
    kubectl_flags::{LONG, SHORT},
};
use crate::{
    clients::kubernetes::is_name,
    document::{
        What,
        found::Found,
        kinds::{is_category, is_clusterwide, singular},
        shell::has_gap,
    },
};

/// Verbs whose words are kinds and names.
const TYPED: [&str; 18] = [
    "get",
    "describe",
    "delete",
    "edit",
    "label",
    "annotate",
    "patch",
    "scale",
    "autoscale",
    "expose",
    "wait",
    "taint",
    "rollout",
    "set",
    "top",
    "replace",
    "apply",
    "diff",
];
/// Verbs whose first word is a pod, or a kind and a name.
const OF_POD: [&str; 6] = ["logs", "log", "exec", "attach", "port-forward", "debug"];

/// What is asked for where.
struct Call<'a, 'f, 't> {
    found: &'f mut Found<'t>,
    line: usize,
    site: Option<String>,
    /// `None` where it is not known, or where every namespace is meant.
    namespace: Option<String>,
    is_everywhere: bool,
    flags: Line<'a>,
}

pub(super) fn read(found: &mut Found<'_>, line: usize, words: &[String]) {
    let is_logs = words.iter().any(|word| matches!(word.as_str(), "logs" | "log"));
    let short = if is_logs { SHORT.to_owned() } else { format!("{SHORT}fp") };
    let flags = Line::read(words, &short, &LONG);
    let Some(verb) = flags.rest.first().copied() else { return };
    if verb == "config" {
        return config(found, line, &flags);
    }
    let is_everywhere = flags.has(&["A", "all-namespaces"]);
    let site = site(found, line, flags.value(&["context"]));
    let namespace = namespace(found, line, site.as_ref(), flags.value(&["n", "namespace"]));
    let namespace = namespace.filter(|_| !is_everywhere);
    let mut call = Call { found, line, site, namespace, is_everywhere, flags };
    call.files();
    let rest: Vec<&str> = call.flags.rest[1..].to_vec();
    match verb {
        "create" => call.create(&rest),
        "run" => call.create(&[&["pod"], &rest[..]].concat()),
        "cp" => call.copy(&rest),
        "cordon" | "uncordon" | "drain" => call.objects("node", &rest),
        verb if OF_POD.contains(&verb) => call.pod(&rest),
        "rollout" | "set" => call.typed(rest.get(1..).unwrap_or_default()),
        verb if TYPED.contains(&verb) => call.typed(&rest),
        _ => {}
    }
}

fn site(found: &mut Found<'_>, line: usize, context: Option<&str>) -> Option<String> {
    match context {
        None => found.site.clone(),
        // Whichever is meant: it must be in one of them.
        Some(context) if has_gap(context) => None,
        Some(context) => found.context(line, context),
    }
}

/// The namespace that the command looks in; `None` where that is not known.
fn namespace(found: &mut Found<'_>, line: usize, site: Option<&String>, named: Option<&str>) -> Option<String> {
    match named {
        None => Some(found.namespace.clone().unwrap_or_else(|| found.target.namespace.clone())),
        Some(name) if has_gap(name) || !is_name(name) => {
            found.leave(line, &format!("-n {name}"), "the namespace is not known");
            None
        }
        Some(name) => {
            found.add(line, site.cloned(), What::Namespace(name.to_owned()));
            Some(name.to_owned())
        }
    }
}

/// `config use-context` and `config set-context --current --namespace` hold for what follows.
fn config(found: &mut Found<'_>, line: usize, flags: &Line<'_>) {
    match flags.rest.get(1).copied() {
        Some("use-context" | "use") => {
            if let Some(context) = flags.rest.get(2).filter(|context| !has_gap(context)) {
                found.site = found.context(line, context);
            }
        }
        Some("set-context") if flags.has(&["current"]) => {
            let site = found.site.clone();
            if let Some(named) = flags.value(&["n", "namespace"]) {
                found.namespace = namespace(found, line, site.as_ref(), Some(named));
            }
        }
        _ => {}
    }
}

impl Call<'_, '_, '_> {
    /// `TYPE NAME…`, `TYPE/NAME…` or `TYPE,TYPE -l …`.
    fn typed(&mut self, words: &[&str]) {
        let Some(first) = words.first().copied() else { return };
        if first.contains('/') {
            for word in words.iter().take_while(|word| word.contains('/') && !word.contains('=')) {
                self.slashed(word);
            }
            return;
        }
        if has_gap(first) {
            return self.found.leave(self.line, first, "the kind is not known");
        }
        // `label`, `annotate`, `taint` and `set` say behind the names what to write.
        let is_name = |word: &&&str| !word.contains('=') && !word.ends_with('-') && !word.contains(':');
        let names: Vec<&str> = words[1..].iter().filter(is_name).copied().collect();
        let kinds: Vec<&str> = first.split(',').filter(|kind| !kind.is_empty() && !is_category(kind)).collect();
        if names.is_empty() {
            return self.all(&kinds);
        }
        for kind in kinds {
            self.objects(kind, &names);
        }
    }

    fn slashed(&mut self, word: &str) {
        match word.split_once('/') {
            Some((kind, name)) if !has_gap(kind) && !kind.is_empty() => self.object(kind, name),
            _ => self.found.leave(self.line, word, "the kind is not known"),
        }
    }

    fn pod(&mut self, words: &[&str]) {
        match words.first().copied() {
            Some(word) if word.contains('/') => self.slashed(word),
            Some(word) => self.object("pod", word),
            None => self.all(&["pod"]),
        }
        let urls: Vec<&str> = self.flags.after.iter().copied().filter(|word| word.contains("://")).collect();
        for url in urls {
            self.found.leave(self.line, url, "it is asked from within a pod");
        }
    }

    /// `NAMESPACE/POD:PATH` or `POD:PATH`, on one of the two sides.
    fn copy(&mut self, words: &[&str]) {
        for pod in words.iter().filter_map(|word| Some(word.split_once(':')?.0)) {
            match pod.split_once('/') {
                Some((namespace, pod)) => {
                    let site = self.site.clone();
                    self.namespace = self::namespace(self.found, self.line, site.as_ref(), Some(namespace));
                    self.object("pod", pod);
                }
                None => self.object("pod", pod),
            }
        }
    }

    /// What is made need not be there yet, but what it is made from must be.
    fn create(&mut self, words: &[&str]) {
        if let Some(from) = self.flags.value(&["from"]).filter(|from| from.contains('/')) {
            self.slashed(from);
        }
        match words {
            ["token", name, ..] => self.object("serviceaccount", name),
            ["secret" | "service" | "quota", _, name, ..] => self.make(words[0], name),
            [kind, name, ..] => self.make(kind, name),
            _ => {}
        }
    }

    fn make(&mut self, kind: &str, name: &str) {
        let nowhere = || is_clusterwide(kind).then(String::new);
        // In a namespace that is not known it is nothing that can be looked for either.
        if let Some(namespace) = nowhere().or_else(|| self.namespace.clone()) {
            self.found.make(self.site.clone(), namespace, kind, name);
        }
    }

    fn objects(&mut self, kind: &str, names: &[&str]) {
        for name in names {
            self.object(kind, name);
        }
    }

    fn object(&mut self, kind: &str, name: &str) {
        let kind = singular(kind);
        let word = format!("{kind}/{name}");
        if has_gap(name) {
            return self.found.leave(self.line, &word, "the name is not known");
        }
        if !is_object_name(name) {
            return self.found.leave(self.line, &word, "it is no name of Kubernetes");
        }
        if kind == "namespace" {
            return self.found.add(self.line, self.site.clone(), What::Namespace(name.to_owned()));
        }
        let nowhere = || is_clusterwide(&kind).then(String::new);
        match nowhere().or_else(|| self.namespace.clone()) {
            Some(namespace) => {
                let what = What::Object { kind, name: name.to_owned(), namespace };
                self.found.add(self.line, self.site.clone(), what);
            }
            None => self.found.leave(self.line, &word, "the namespace is not known"),
        }
    }

    /// Objects of some kinds, without a name: those with the labels that are selected, of whichever of the kinds.
    fn all(&mut self, kinds: &[&str]) {
        let kinds: Vec<String> = kinds.iter().map(|kind| singular(kind)).collect();
        if kinds.is_empty() {
            return;
        }
        let selector = self.flags.value(&["l", "selector"]);
        // What no label alone selects may rightly be nothing.
        let is_narrowed = self.flags.has(&["field-selector"]);
        match selector {
            Some(selector) if has_gap(selector) => self.found.leave(self.line, selector, "the labels are not known"),
            Some(selector) if !is_narrowed && (self.is_everywhere || self.namespace.is_some()) => {
                let (selector, namespace) = (selector.to_owned(), self.namespace.clone());
                let kind = kinds.join(",");
                self.found.add(self.line, self.site.clone(), What::Labels { kind, selector, namespace });
            }
            _ => {
                for kind in kinds {
                    self.found.add(self.line, self.site.clone(), What::Kind(kind));
                }
            }
        }
    }

    /// Manifests: by URL, or files that nobody but the reader has.
    fn files(&mut self) {
        let files = self.flags.values(&["f", "filename", "k", "kustomize"]);
        for file in files.into_iter().filter(|file| *file != "-") {
            if file.starts_with("https://") || file.starts_with("http://") {
                self.found.url(self.line, file);
            } else {
                self.found.leave(self.line, file, "it is a file of whoever follows the document");
            }
        }
    }
}

/// Names of some kinds hold what names of most may not: `system:node`, upper-case letters.
fn is_object_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && !matches!(name, "." | "..")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte))
}
