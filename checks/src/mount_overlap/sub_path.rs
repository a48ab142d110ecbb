//! The part of a volume that a pod sees, where variables may stand in its path: `jobs/$(POD_NAME)`.

use super::evidence::Var;
use std::collections::BTreeMap;

/// One component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// This text.
    Text(String),
    /// Another in every pod: it holds the pod's name or UID.
    Own(String),
    /// Known only when the pod runs; it may be several components, or none.
    Unknown,
}

/// What two places in one volume are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Neither holds the other.
    Apart,
    /// They are one place.
    Same,
    /// The first holds the second.
    Outer,
    /// The second holds the first.
    Inner,
    /// Nobody can say before the pods run.
    Unclear,
}

/// What stands for a variable until the text is split: characters that no path of a person holds.
const OWN: char = '\u{E000}';
const UNKNOWN: char = '\u{E001}';

/// The components of a sub-path; `vars` where it may hold variables. The API refuses `..` and an absolute one.
pub(super) fn parts(text: &str, vars: Option<&BTreeMap<String, Var>>) -> Result<Vec<Part>, &'static str> {
    let whole = vars.map_or_else(|| text.to_owned(), |vars| expand(text, vars));
    if whole.starts_with('/') {
        return Err("a sub-path is relative to its volume");
    }
    let part = |text: &str| match text {
        ".." => Err("its `..` lead out of the volume"),
        text if text.contains(UNKNOWN) => Ok(Part::Unknown),
        text if text.contains(OWN) => Ok(Part::Own(text.to_owned())),
        text => Ok(Part::Text(text.to_owned())),
    };
    whole.split('/').filter(|part| !matches!(*part, "" | ".")).map(part).collect()
}

/// `$(NAME)` replaced, `$$` a dollar sign, as the kubelet does it.
fn expand(text: &str, vars: &BTreeMap<String, Var>) -> String {
    let (mut whole, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('$') {
        whole.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let named = rest.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        let Some((name, after)) = named else {
            whole.push('$');
            rest = rest.strip_prefix('$').unwrap_or(rest);
            continue;
        };
        match vars.get(name) {
            Some(Var::Is(text)) => whole.push_str(text),
            Some(Var::Own) => {
                whole.push(OWN);
                whole.push_str(name);
            }
            Some(Var::Unknown) | None => whole.push(UNKNOWN),
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

/// What two places are to each other; `is_one_pod` where the same pod sees both. A text that begins with `name`, the
/// workload's, may be the name of one of its pods.
pub(super) fn relation(a: &[Part], b: &[Part], is_one_pod: bool, names: [&str; 2]) -> Relation {
    let mut is_clear = true;
    for (a, b) in a.iter().zip(b) {
        match (a, b) {
            (Part::Unknown, _) | (_, Part::Unknown) => return Relation::Unclear,
            (Part::Text(a), Part::Text(b)) if a != b => return Relation::Apart,
            (Part::Own(a), Part::Own(b)) if is_one_pod => is_clear &= a == b,
            (Part::Own(_), Part::Own(_)) => return Relation::Apart,
            (Part::Own(_), Part::Text(text)) if !text.starts_with(names[0]) => return Relation::Apart,
            (Part::Text(text), Part::Own(_)) if !text.starts_with(names[1]) => return Relation::Apart,
            (Part::Text(_), Part::Text(_)) => {}
            (Part::Own(_), Part::Text(_)) | (Part::Text(_), Part::Own(_)) => is_clear = false,
        }
    }
    match a.len().cmp(&b.len()) {
        _ if !is_clear => Relation::Unclear,
        std::cmp::Ordering::Equal => Relation::Same,
        std::cmp::Ordering::Less => Relation::Outer,
        std::cmp::Ordering::Greater => Relation::Inner,
    }
}

/// `/jobs/a`, `/` for none; a variable as `$(POD_NAME)`.
pub(super) fn shown(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Own(text) => text.replace(OWN, "$"),
        Part::Unknown => "$(…)".to_owned(),
    };
    format!("/{}", parts.iter().map(part).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Relation::{Apart, Inner, Outer, Same, Unclear};

    fn read(text: &str) -> Vec<Part> {
        let vars =
            [("POD", Var::Own), ("UID", Var::Own), ("TEAM", Var::Is("red/blue".to_owned())), ("LATE", Var::Unknown)];
        let vars = vars.map(|(name, var)| (name.to_owned(), var)).into();
        parts(text, Some(&vars)).expect("a sub-path")
    }

    #[test]
    fn two_pods_are_apart_where_a_component_is_each_ones_own() {
        for (a, b, wanted) in [
            ("jobs", "jobs/a", Outer),
            ("jobs/a", "jobs", Inner),
            ("jobs/a", "jobs/ab", Apart),
            ("", "jobs", Outer),
            ("a//b/./", "a/b", Same),
            ("jobs/$(POD)", "jobs/$(POD)", Apart),
            ("jobs/$(POD)", "jobs/cache", Apart),
            ("jobs/$(POD)", "jobs/web-0", Unclear),
            ("jobs/$(POD)", "jobs", Inner),
            ("jobs/$(LATE)", "jobs/a", Unclear),
            ("jobs/$(LATE)", "cache", Apart),
            ("jobs/$(MISSING)", "jobs/a", Unclear),
            ("$(TEAM)", "red/blue", Same),
            ("$$(POD)", "$(POD)x", Apart),
        ] {
            assert_eq!(relation(&read(a), &read(b), false, ["web", "web"]), wanted, "{a} and {b}");
        }
    }

    #[test]
    fn one_pod_sees_its_own_name_twice() {
        let is = |a: &str, b: &str| relation(&read(a), &read(b), true, ["web", "web"]);
        assert_eq!(is("$(POD)", "$(POD)"), Same);
        assert_eq!(is("$(POD)", "$(POD)/x"), Outer);
        assert_eq!(is("$(POD)", "$(UID)"), Unclear);
    }

    #[test]
    fn a_sub_path_stays_in_its_volume() {
        assert!(parts("/a", None).is_err() && parts("a/../../b", None).is_err());
        assert_eq!(parts("a/$(X)", None), Ok(vec![Part::Text("a".to_owned()), Part::Text("$(X)".to_owned())]));
        assert_eq!(shown(&read("a/$(POD)/$(LATE)")), "/a/$POD/$(…)");
    }
}
