//! Overlaps of places within volumes that several can write to: the same claim, node path or server directory.
//!
//! Whoever only reads is left out, as are the containers of one pod at the very same place: that is what a shared volume is for.

use super::{
    COPIES, SHARED, UNKNOWN, UNSOUND,
    evidence::{Evidence, Mount, Owner, Space, Volume},
    expect::{Expect, Extraction},
    path::plain,
    spaces::see,
    sub_path::{Part, Relation, parts, relation, shown},
    words,
};
use crate::contract::{Code, Finding, Weight};
use std::collections::{BTreeMap, BTreeSet};

/// The most writers of one volume that are compared with each other.
const MOST: usize = 1_000;

/// Somebody who writes to a place in a volume.
struct Writer<'a> {
    space: &'a Space,
    owner: &'a Owner,
    mount: &'a Mount,
    at: Vec<Part>,
}

/// Writers by the volume's name: `coder-ws/data`, `node`, `nfs server`.
type Volumes<'a> = BTreeMap<String, Vec<Writer<'a>>>;

pub(super) fn overlaps(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let (volumes, mut findings) = writers(evidence);
    for (volume, all) in &volumes {
        let group = Group { expect, evidence, volume, all: &all[..all.len().min(MOST)] };
        findings.extend(group.together(SHARED, |a, b| group.others(a, b) == Some(true)));
        findings.extend(group.together(UNKNOWN, |a, b| group.others(a, b) == Some(false)));
        findings.extend(group.within_one_pod());
        findings.extend(group.copies());
    }
    findings
}

fn writers(evidence: &Evidence) -> (Volumes<'_>, Vec<Finding>) {
    let (mut volumes, mut findings) = (Volumes::new(), Vec::new());
    let mounts = evidence.spaces.iter().flat_map(|space| space.mounts.iter().map(move |mount| (space, mount)));
    for (space, mount) in mounts {
        let Some(owner) = &space.owner else { continue };
        let at = match place(mount) {
            Ok(at) => at,
            Err(why) => {
                let subject = words::within(space, &words::mount(mount));
                let seen = format!("`{}`: {why}", mount.sub_path.as_deref().unwrap_or_default());
                let remedy = see(evidence, space, "write a path that stays within the volume");
                findings.push(
                    Finding::new(UNSOUND, subject).expected("a path within its volume").seen(seen).mended_by(remedy),
                );
                continue;
            }
        };
        let volume = match &mount.volume {
            Volume::Private => continue,
            Volume::Claim(claim) if owner.namespace.is_empty() => claim.clone(),
            Volume::Claim(claim) => format!("{}/{claim}", owner.namespace),
            Volume::Host(_) => "node".to_owned(),
            Volume::Nfs(server, _) => format!("nfs {server}"),
        };
        if !mount.read_only {
            volumes.entry(volume).or_default().push(Writer { space, owner, mount, at });
        }
    }
    (volumes, findings)
}

/// Where in the volume: below its own root, and below the part that is mounted.
fn place(mount: &Mount) -> Result<Vec<Part>, &'static str> {
    let root = match &mount.volume {
        Volume::Host(path) | Volume::Nfs(_, path) => plain(path).map_err(super::path::Unsound::words)?,
        _ => Vec::new(),
    };
    let below = parts(mount.sub_path.as_deref().unwrap_or_default(), mount.vars.as_ref())?;
    Ok(root.into_iter().map(Part::Text).chain(below).collect())
}

/// All who write to one volume.
struct Group<'a> {
    expect: &'a Expect,
    evidence: &'a Evidence,
    volume: &'a str,
    all: &'a [Writer<'a>],
}

impl Group<'_> {
    fn allows(&self, a: &Writer, b: &Writer) -> bool {
        let name = |writer: &Writer| format!("{}:{}", self.volume, shown(&writer.at));
        let (a, b) = (name(a), name(b));
        self.expect.allows(&a, &b) || self.expect.allows(&b, &a)
    }

    /// Whether two workloads meet: certainly, perhaps, or not.
    fn others(&self, a: &Writer, b: &Writer) -> Option<bool> {
        if is_same(a.owner, b.owner) || self.allows(a, b) {
            return None;
        }
        match relation(&a.at, &b.at, false, [&a.owner.name, &b.owner.name]) {
            Relation::Apart => None,
            Relation::Unclear => Some(false),
            Relation::Same | Relation::Outer | Relation::Inner => Some(true),
        }
    }

    /// A finding for each set of writers who meet, directly or through others.
    fn together(&self, code: Code, meets: impl Fn(&Writer, &Writer) -> bool) -> Vec<Finding> {
        let mut left: BTreeSet<usize> = (0..self.all.len()).collect();
        let mut findings = Vec::new();
        while let Some(first) = left.pop_first() {
            let (mut set, mut next) = (vec![first], 0);
            while let Some(at) = set.get(next).copied() {
                let met: Vec<usize> = left.iter().copied().filter(|to| meets(&self.all[at], &self.all[*to])).collect();
                for to in &met {
                    left.remove(to);
                }
                set.extend(met);
                next += 1;
            }
            set.sort_unstable();
            findings.extend((set.len() > 1).then(|| self.finding(code, &set)));
        }
        findings
    }

    fn finding(&self, code: Code, set: &[usize]) -> Finding {
        let who = |at: &usize| {
            let writer = &self.all[*at];
            words::within(writer.space, &shown(&writer.at))
        };
        let who: Vec<String> = set.iter().map(who).collect();
        let space = set.first().map(|at| self.all[*at].space);
        let says =
            "give each a part of the volume for itself: a `subPathExpr` with the pod's name, or a claim of its own";
        let finding = Finding::new(code, format!("volume {}", self.volume))
            .expected("a place of its own for each who writes")
            .seen(format!("{} write to it: {}", who.len(), words::several(&who)));
        match space {
            Some(space) => finding.mended_by(see(self.evidence, space, says)),
            None => finding,
        }
    }

    /// One pod that sees one place twice, or one inside the other, from what runs at the same time.
    fn within_one_pod(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (i, a) in self.all.iter().enumerate() {
            let later = self.all[i + 1..].iter().enumerate().map(|(j, b)| (i + 1 + j, b));
            for (j, b) in later.filter(|(_, b)| is_same(a.owner, b.owner)) {
                let is_one_container = a.space.container == b.space.container;
                if (!is_one_container && (a.space.is_first || b.space.is_first)) || self.allows(a, b) {
                    continue;
                }
                let relation = relation(&a.at, &b.at, true, [&a.owner.name, &b.owner.name]);
                let code = match relation {
                    Relation::Apart => continue,
                    Relation::Same if !is_one_container || a.mount.path == b.mount.path => continue,
                    Relation::Unclear => UNKNOWN,
                    Relation::Same | Relation::Outer | Relation::Inner => SHARED,
                };
                let is_ordered = code == SHARED && self.expect.extraction == Extraction::Ordered;
                let finding = self.finding(code, &[i, j]);
                findings.push(if is_ordered { finding.weighing(Weight::Warn) } else { finding });
            }
        }
        findings
    }

    /// Copies of one workload that have no place of their own. On nodes they seldom meet, but a Job's may.
    fn copies(&self) -> Vec<Finding> {
        let mut told: BTreeSet<(&Owner, &[Part])> = BTreeSet::new();
        let mut findings = Vec::new();
        for (i, writer) in self.all.iter().enumerate() {
            let (owner, is_job) = (writer.owner, writer.owner.kind == "Job");
            let are_several = owner.copies > 1 || owner.overlaps_itself;
            let is_own = writer.at.iter().any(|part| matches!(part, Part::Own(_)));
            let is_far = matches!(writer.mount.volume, Volume::Host(_)) && !is_job;
            if !are_several || is_own || is_far || self.allows(writer, writer) || !told.insert((owner, &writer.at)) {
                continue;
            }
            let code = if writer.at.contains(&Part::Unknown) { UNKNOWN } else { COPIES };
            let count = if owner.overlaps_itself {
                "runs that may overlap".to_owned()
            } else {
                format!("{} copies", owner.copies)
            };
            let finding = self.finding(code, &[i]);
            let seen = format!("{count} write to it: {}", words::within(writer.space, &shown(&writer.at)));
            let finding = finding.seen(seen);
            findings.push(if code == COPIES && is_job { finding.weighing(Weight::Fail) } else { finding });
        }
        findings
    }
}

fn is_same(a: &Owner, b: &Owner) -> bool {
    (&a.kind, &a.namespace, &a.name) == (&b.kind, &b.namespace, &b.name)
}
