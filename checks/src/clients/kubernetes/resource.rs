//! Paths of the API, and the rights that asking for them takes, in the words of RBAC.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a segment of a path may hold unescaped: RFC 3986, section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of `rest` (a resource, a name, a subresource) in the API `api` (`v1`, `apps/v1`).
///
/// Every part of `rest` is escaped, so that no name leads to another path.
#[must_use]
pub fn path(api: &str, namespace: Option<&str>, rest: &[&str]) -> String {
    let root = if api.contains('/') { "/apis" } else { "/api" };
    let mut path = format!("{root}/{api}");
    for part in namespace.map(|namespace| ["namespaces", namespace]).iter().flatten().chain(rest) {
        path.push('/');
        path.extend(utf8_percent_encode(part, SEGMENT));
    }
    path
}

/// The right that `verb` on `path` takes: `list deployments.apps in namespace coder`, `get nodes/proxy`.
#[must_use]
pub fn right(verb: &str, path: &str) -> String {
    match Parts::of(path) {
        Some(parts) => parts.right(verb),
        None => format!("{verb} {path}"),
    }
}

/// True if and only if Kubernetes takes `name` for a name: lower-case letters, digits, `-` and `.` (RFC 1123).
#[must_use]
pub fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inner)
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// What a path names.
pub(super) struct Parts {
    group: String,
    pub(super) namespace: Option<String>,
    resource: String,
    name: Option<String>,
    subresource: Option<String>,
}

impl Parts {
    pub(super) fn of(path: &str) -> Option<Self> {
        let plain = path.split(['?', '#']).next().unwrap_or_default();
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let words: Vec<String> = plain.split('/').filter(|word| !word.is_empty()).map(decoded).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (group, rest) = match words.as_slice() {
            ["api", _, rest @ ..] => ("", rest),
            ["apis", group, _, rest @ ..] => (*group, rest),
            _ => return None,
        };
        let (namespace, rest) = match rest {
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some(*namespace), rest),
            rest => (None, rest),
        };
        Some(Self {
            group: group.to_owned(),
            namespace: namespace.map(str::to_owned),
            resource: (*rest.first()?).to_owned(),
            name: rest.get(1).map(|name| (*name).to_owned()),
            subresource: rest.get(2).map(|below| (*below).to_owned()),
        })
    }

    /// The resource with its group, as `kubectl` and RBAC's messages write it: `deployments.apps`.
    pub(super) fn qualified(&self) -> String {
        if self.group.is_empty() { self.resource.clone() } else { format!("{}.{}", self.resource, self.group) }
    }

    pub(super) fn subresource(&self) -> Option<&str> {
        self.subresource.as_deref()
    }

    /// The words after `kubectl` that show a secret, or those of a namespace, without their values; `None` for anything else.
    pub(super) fn without_values(&self) -> Option<Vec<&str>> {
        if !self.group.is_empty() || self.resource != "secrets" {
            return None;
        }
        Some(match &self.name {
            Some(name) => vec!["describe", "secret", name],
            None => vec!["get", "secrets"],
        })
    }

    fn right(&self, verb: &str) -> String {
        let below = self.subresource.as_ref().map_or_else(String::new, |below| format!("/{below}"));
        let place = self.namespace.as_ref().map_or_else(String::new, |namespace| format!(" in namespace {namespace}"));
        format!("{verb} {}{below}{place}", self.qualified())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_which_right_it_takes() {
        for (verb, path, words) in [
            ("get", path("v1", None, &["nodes", "a", "proxy", "stats", "summary"]), "get nodes/proxy"),
            ("list", path("v1", None, &["nodes"]), "list nodes"),
            ("get", path("v1", None, &["namespaces", "kube-system"]), "get namespaces"),
            ("list", path("apps/v1", Some("coder"), &["deployments"]), "list deployments.apps in namespace coder"),
            ("get", "/readyz".to_owned(), "get /readyz"),
        ] {
            assert_eq!(right(verb, &path), words);
        }
    }

    #[test]
    fn a_name_is_what_kubernetes_takes_for_one() {
        assert!(["coder", "rke2.v1", "0-a"].into_iter().all(is_name));
        assert!(!["", "..", "-a", "a-", "A", "a/b", "a b"].into_iter().any(is_name));
    }

    #[test]
    fn a_name_leads_to_no_other_path() {
        assert_eq!(
            path("v1", Some("../kube-system"), &["secrets", "a?b#c/d"]),
            "/api/v1/namespaces/..%2Fkube-system/secrets/a%3Fb%23c%2Fd"
        );
    }
}
