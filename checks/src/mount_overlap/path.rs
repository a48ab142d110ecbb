//! A path as components: without `.`, `..`, doubled slashes and known symlinks.

use indexmap::IndexMap;
use std::collections::VecDeque;

/// Links that Linux distributions have: runtime state moved to `/run` (FHS 3.0, section 3.15 and 5.9).
const USUAL: [(&str, &str); 2] = [("/var/run", "/run"), ("/var/lock", "/run/lock")];
/// How many links are followed before they are said to go round, as Linux does (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

/// Why a path says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsound {
    Empty,
    Relative,
    BeyondRoot,
    Round,
}

impl Unsound {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Empty => "it is empty",
            Self::Relative => "it is relative, so where it lies depends on who reads it",
            Self::BeyondRoot => "its `..` climb above the root",
            Self::Round => "its symlinks go round",
        }
    }
}

/// The known symlinks, by components.
pub(super) struct Links(Vec<(Vec<String>, String)>);

impl Links {
    /// The usual ones, with those that the checklist knows in their place.
    pub(super) fn new(known: &IndexMap<String, String>, ignore_case: bool) -> Self {
        let usual = USUAL.iter().map(|(link, to)| ((*link).to_owned(), (*to).to_owned()));
        let all = known.iter().map(|(link, to)| (link.clone(), to.clone())).chain(usual);
        let cased = |text: &str| if ignore_case { text.to_lowercase() } else { text.to_owned() };
        let mut links: Vec<(Vec<String>, String)> = Vec::new();
        for (link, to) in all {
            let Ok(at) = plain(&cased(&link)) else { continue };
            if !links.iter().any(|(known, _)| *known == at) {
                links.push((at, cased(&to)));
            }
        }
        // One that leads to itself says that there is no link.
        links.retain(|(at, to)| plain(to).ok().as_ref() != Some(at));
        Self(links)
    }

    fn to(&self, at: &[String]) -> Option<&str> {
        self.0.iter().find(|(link, _)| link == at).map(|(_, to)| to.as_str())
    }
}

/// The path's components; none for `/`.
pub(super) fn components(path: &str, links: &Links, ignore_case: bool) -> Result<Vec<String>, Unsound> {
    let path = if ignore_case { path.to_lowercase() } else { path.to_owned() };
    let mut left = parts(&path)?;
    let (mut at, mut followed): (Vec<String>, usize) = (Vec::new(), 0);
    while let Some(part) = left.pop_front() {
        if part == ".." {
            at.pop().ok_or(Unsound::BeyondRoot)?;
            continue;
        }
        at.push(part);
        let Some(to) = links.to(&at) else { continue };
        followed += 1;
        if followed > MOST_LINKS {
            return Err(Unsound::Round);
        }
        at.pop();
        if to.starts_with('/') {
            at.clear();
        }
        for part in to.split('/').filter(|part| !matches!(*part, "" | ".")).rev() {
            left.push_front(part.to_owned());
        }
    }
    Ok(at)
}

/// The components of a path in which no symlink is known.
pub(super) fn plain(path: &str) -> Result<Vec<String>, Unsound> {
    components(path, &Links(Vec::new()), false)
}

/// `/a/b`, `/` for none.
pub(super) fn shown(components: &[String]) -> String {
    format!("/{}", components.join("/"))
}

fn parts(path: &str) -> Result<VecDeque<String>, Unsound> {
    match path {
        "" => Err(Unsound::Empty),
        path if !path.starts_with('/') => Err(Unsound::Relative),
        path => Ok(path.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(path: &str) -> Result<String, Unsound> {
        let known =
            [("/data", "/mnt/disk"), ("/mnt/disk", "../srv"), ("/x", "/y"), ("/y", "/x"), ("/var/lock", "/var/lock")];
        let known = known.iter().map(|(link, to)| ((*link).to_owned(), (*to).to_owned())).collect();
        components(path, &Links::new(&known, false), false).map(|parts| shown(&parts))
    }

    #[test]
    fn dots_slashes_and_symlinks_do_not_make_another_path() {
        for (path, wanted) in [
            ("/a//b/./c/", "/a/b/c"),
            ("/a/b/../c", "/a/c"),
            ("/", "/"),
            ("/var/run/docker", "/run/docker"),
            ("/var/runner", "/var/runner"),
            ("/var/lock/a", "/var/lock/a"),
            ("/data/x", "/srv/x"),
            ("/data/../x", "/x"),
        ] {
            let wanted = if path == "/data/../x" { Err(Unsound::Round) } else { Ok(wanted.to_owned()) };
            assert_eq!(read(path), wanted, "{path}");
        }
    }

    #[test]
    fn a_path_that_says_nothing_is_told() {
        assert_eq!(read(""), Err(Unsound::Empty));
        assert_eq!(read("a/b"), Err(Unsound::Relative));
        assert_eq!(read("/a/../../b"), Err(Unsound::BeyondRoot));
        assert_eq!(read("/x/a"), Err(Unsound::Round));
    }

    proptest! {
        #[test]
        fn what_is_normal_stays_as_it_is(path in "(/[a-c.]{0,3}){0,6}/?") {
            if let Ok(once) = plain(&path) {
                prop_assert_eq!(plain(&shown(&once)), Ok(once.clone()));
                prop_assert!(once.iter().all(|part| !matches!(part.as_str(), "" | "." | "..")));
            }
        }
    }
}
