//! The objects that a diff is about, by its headers alone: its lines show values.

use super::Differing;
use crate::{contract::short, drift::expect::Act};
use indexmap::IndexSet;

/// The most objects that are kept.
const MOST: usize = 300;

/// The objects that a diff is about, by its headers. A line of a diff begins with a space or a sign, a header never does.
pub(super) fn differing(text: &str) -> Vec<Differing> {
    let mut found = IndexSet::new();
    let mut last = None;
    for line in text.lines() {
        if let Some(files) = line.strip_prefix("diff ") {
            last = files.split_whitespace().last().and_then(|file| object(file.rsplit('/').next()?));
            if let Some(object) = &last {
                found.insert((object.clone(), Act::Update));
            }
        } else if line.starts_with("@@ -0,0 ")
            && let Some(object) = last.take()
        {
            // Nothing of it is there yet.
            found.pop();
            found.insert((object, Act::Create));
        }
    }
    let objects = found.into_iter().take(MOST);
    objects.map(|(object, act)| Differing { object, act }).collect()
}

/// `apps.v1.Deployment.coder.web` as `Deployment coder/web`.
fn object(file: &str) -> Option<String> {
    let words: Vec<&str> = file.split('.').collect();
    let at = words.iter().position(|word| word.starts_with(|letter: char| letter.is_ascii_uppercase()))?;
    let (kind, namespace) = (words[at], words.get(at + 1)?);
    let name = words.get(at + 2..).filter(|name| !name.is_empty())?.join(".");
    let place = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
    Some(short(&format!("{kind} {place}{name}"), 300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_objects_of_a_diff_are_read_from_its_headers_alone() {
        let text = "diff -u -N /tmp/LIVE-1/apps.v1.Deployment.coder.web /tmp/MERGED-2/apps.v1.Deployment.coder.web
--- /tmp/LIVE-1/apps.v1.Deployment.coder.web\t2026-11-26 04:00:00
+++ /tmp/MERGED-2/apps.v1.Deployment.coder.web\t2026-11-26 04:00:00
@@ -6,7 +6,7 @@
-  generation: 1
+  generation: 2
-diff -u -N /tmp/x/v1.Secret.a.b
diff -u -N /tmp/LIVE-1/v1.ConfigMap.coder.new.map /tmp/MERGED-2/v1.ConfigMap.coder.new.map
--- /tmp/LIVE-1/v1.ConfigMap.coder.new.map
+++ /tmp/MERGED-2/v1.ConfigMap.coder.new.map
@@ -0,0 +1,8 @@
+password: hunter2
diff -u -N /tmp/LIVE-1/rbac.authorization.k8s.io.v1.ClusterRole..reader /tmp/MERGED-2/rbac.authorization.k8s.io.v1.ClusterRole..reader
@@ -1 +1 @@
";
        let found: Vec<_> = differing(text).into_iter().map(|one| (one.object, one.act)).collect();
        let wanted = [
            ("Deployment coder/web", Act::Update),
            ("ConfigMap coder/new.map", Act::Create),
            ("ClusterRole reader", Act::Update),
        ];
        assert_eq!(found, wanted.map(|(object, act)| (object.to_owned(), act)));
    }
}
