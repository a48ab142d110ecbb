//! What a request asks for, read from its path and method.

use http::Method;

/// A resource path, taken apart. Nothing is known yet of whether it exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) plural: String,
    /// `None` is the whole cluster.
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
    /// What follows the name: `scale`, or `proxy` with the kubelet's own path.
    pub(super) below: Vec<String>,
}

impl Target {
    /// `None` for a path that is no resource's.
    pub(super) fn read(segments: &[String]) -> Option<Self> {
        let (group, rest) = match segments {
            [api, rest @ ..] if api == "api" => ("", rest),
            [apis, group, rest @ ..] if apis == "apis" => (group.as_str(), rest),
            _ => return None,
        };
        let [version, rest @ ..] = rest else {
            return None;
        };
        let (namespace, rest) = match rest {
            [word, namespace, rest @ ..] if word == "namespaces" && is_inside(rest) => (Some(namespace.clone()), rest),
            rest => (None, rest),
        };
        let [plural, rest @ ..] = rest else {
            return None;
        };
        let name = rest.first().cloned();
        let below = rest.get(1..).unwrap_or_default().to_vec();
        Some(Self { group: group.to_owned(), version: version.clone(), plural: plural.clone(), namespace, name, below })
    }

    /// The verb, as rights have it.
    pub(super) fn verb(&self, method: &Method, is_watch: bool) -> &'static str {
        match (method.as_str(), &self.name) {
            ("GET" | "HEAD", None) if is_watch => "watch",
            ("GET" | "HEAD", None) => "list",
            ("GET" | "HEAD", Some(_)) => "get",
            ("POST", _) => "create",
            ("PUT", _) => "update",
            ("PATCH", _) => "patch",
            ("DELETE", None) => "deletecollection",
            _ => "delete",
        }
    }

    pub(super) fn subresource(&self) -> Option<&str> {
        self.below.first().map(String::as_str)
    }
}

/// `namespaces/NAME/status` is of the namespace itself; anything else after the name is in it.
fn is_inside(rest: &[String]) -> bool {
    !matches!(rest.first().map(String::as_str), None | Some("status" | "finalize"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Target {
        let segments: Vec<_> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Target::read(&segments).expect("a resource")
    }

    #[test]
    fn a_namespace_is_an_object_and_a_place() {
        let object = read("/api/v1/namespaces/kube-system");
        assert_eq!((object.plural.as_str(), object.name.as_deref()), ("namespaces", Some("kube-system")));
        let place = read("/apis/apps/v1/namespaces/coder/deployments/coder/scale");
        assert_eq!((place.plural.as_str(), place.namespace.as_deref()), ("deployments", Some("coder")));
        assert_eq!((place.name.as_deref(), place.subresource()), (Some("coder"), Some("scale")));
    }

    #[test]
    fn a_node_keeps_the_path_of_its_kubelet() {
        let target = read("/api/v1/nodes/node-a/proxy/stats/summary");
        assert_eq!(target.below, ["proxy", "stats", "summary"]);
        assert_eq!(target.verb(&Method::GET, false), "get");
    }
}
