//! Mounts, containers and workloads in words, and the comparison line by line.

use super::{
    evidence::{Evidence, Mount, Owner, Space},
    expect::Expect,
    path::{Links, components, shown},
};

/// The most things that one line tells.
const MOST: usize = 6;
/// The most lines of working.
const MOST_LINES: usize = 40;

/// `job/fetch`.
pub(super) fn owner(owner: &Owner) -> String {
    format!("{}/{}", owner.kind.to_lowercase(), owner.name)
}

/// `job/fetch main: /work`; a machine's path alone.
pub(super) fn within(space: &Space, place: &str) -> String {
    match &space.owner {
        Some(whose) if space.container.is_empty() => format!("{}: {place}", owner(whose)),
        Some(whose) => format!("{} {}: {place}", owner(whose), space.container),
        None => place.to_owned(),
    }
}

/// `/data//cache (cache)`, as it is written.
pub(super) fn mount(mount: &Mount) -> String {
    if mount.name.is_empty() { mount.path.clone() } else { format!("{} ({})", mount.path, mount.name) }
}

/// `/data/cache (cache)`, and how it is written where that is not the same.
pub(super) fn placed(mount: &Mount, at: &[String]) -> String {
    let place = shown(at);
    match (mount.name.is_empty(), mount.path.trim_end_matches('/') == place.trim_end_matches('/')) {
        (true, true) => place,
        (false, true) => format!("{place} ({})", mount.name),
        (true, false) => format!("{place} (written {})", mount.path),
        (false, false) => format!("{place} ({}, written {})", mount.name, mount.path),
    }
}

/// The first of them, and how many more there are.
pub(super) fn several(all: &[String]) -> String {
    let told = all.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(MOST) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// Which paths were compared with each other, one line for each filesystem.
pub(super) fn working(expect: &Expect, evidence: &Evidence) -> Vec<String> {
    let links = Links::new(&evidence.symlinks, evidence.ignore_case);
    let is_used = |space: &&Space| !space.mounts.is_empty();
    let used: Vec<&Space> = evidence.spaces.iter().filter(is_used).collect();
    let line = |space: &&Space| {
        let path = |mount: &Mount| components(&mount.path, &links, evidence.ignore_case).map(|at| shown(&at));
        let paths: Vec<String> =
            space.mounts.iter().map(|mount| path(mount).unwrap_or_else(|_| mount.path.clone())).collect();
        within(space, &format!("{} compared: {}", paths.len(), several(&paths)))
    };
    let mut told: Vec<String> = used.iter().take(MOST_LINES).map(line).collect();
    if let Some(more) = used.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        told.push(format!("and {more} more filesystems"));
    }
    told.push(format!("set-up is taken for {}", expect.extraction.word()));
    told
}
