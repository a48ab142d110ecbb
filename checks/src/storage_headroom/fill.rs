//! How full one node is, and how full the crowd would make it, against the bar.

use super::{ABOVE, Evidence, Expect, Filesystem, INODES, NEAR, Node, OLD, PRESSURE, PROJECTED, Source, UNMEASURED};
use crate::contract::{
    Finding, Remedy, Weight, Window, spoken,
    values::{Percent, Size},
};
use jiff::SignedDuration;

/// Above this share the defaults of the kubelet begin to delete images and evict pods (imagefs; nodefs from 90 %).
/// Source: Kubernetes, "Node-pressure Eviction".
const EVICTS: f64 = 0.85;

/// The bar for every node of one look.
pub(super) struct Bar<'a> {
    expect: &'a Expect,
    evidence: &'a Evidence,
    asks_inodes: bool,
    /// What will be written to each node that takes workspaces, and the arithmetic; `None` where nothing is projected.
    growth: Option<Result<Growth, &'static str>>,
}

struct Growth {
    bytes: u64,
    because: String,
}

impl<'a> Bar<'a> {
    pub(super) fn new(expect: &'a Expect, evidence: &'a Evidence, window: &Window) -> Self {
        let asks_inodes = match &evidence.source {
            Source::Kubelets(_) => expect.inodes,
            Source::Prometheus { asks_inodes, .. } => expect.inodes && *asks_inodes,
        };
        let growth = expect.growth_per_attendee.map(|each| growth(each, expect, evidence, window.attendees));
        Self { expect, evidence, asks_inodes, growth }
    }

    pub(super) fn judge(&self, node: &Node, disks: &[Filesystem]) -> Vec<Finding> {
        if let Some(old) = self.old(node, disks) {
            return vec![old];
        }
        let mut findings: Vec<Finding> = self.unmeasured(node, disks).into_iter().collect();
        let full = self.full(node, disks);
        let is_above = full.as_ref().is_some_and(|finding| finding.code == ABOVE.id);
        findings.extend(full);
        findings.extend(self.inodes(node, disks));
        if !is_above {
            findings.extend(self.projected(node, disks));
        }
        findings.extend(node.standing.has_disk_pressure.then(|| self.pressure(node)));
        findings
    }

    /// A disk that was measured too long before it was asked for, or whose time is not told, proves nothing.
    fn old(&self, node: &Node, disks: &[Filesystem]) -> Option<Finding> {
        let asked_at = node.asked_at.unwrap_or(self.evidence.asked_at);
        let most = self.expect.sample_age.signed();
        let is_measured = |disk: &&Filesystem| disk.used().or(disk.inodes_used()).is_some();
        let age = |disk: &Filesystem| disk.time.map(|time| asked_at.duration_since(time));
        let is_old = |disk: &&Filesystem| age(disk).is_none_or(|age| age > most || age < SignedDuration::ZERO - most);
        let disk = disks.iter().filter(is_measured).find(is_old)?;
        let seen = match age(disk) {
            None => format!("{} does not say when it was measured", disk.name),
            Some(age) if age > most => format!("{} was measured {} before it was asked for", disk.name, spoken(age)),
            Some(age) => format!("{} was measured {} after it was asked for", disk.name, spoken(age)),
        };
        let expected = format!("measured at most {} before", spoken(most));
        Some(Finding::new(OLD, &node.name).expected(expected).seen(seen).mended_by(self.evidence.by_hand(&node.name)))
    }

    fn unmeasured(&self, node: &Node, disks: &[Filesystem]) -> Option<Finding> {
        let mut missing: Vec<String> =
            disks.iter().filter(|disk| disk.used().is_none()).map(|disk| disk.name.clone()).collect();
        if self.asks_inodes {
            let lacks = disks.iter().filter(|disk| disk.inodes_used().is_none());
            missing.extend(lacks.map(|disk| format!("the inodes of {}", disk.name)));
        }
        if disks.is_empty() {
            missing.push("any disk".to_owned());
        }
        let finding = || {
            Finding::new(UNMEASURED, &node.name)
                .expected("how full each of its disks is")
                .seen(format_args!("it does not say for {}", missing.join(", ")))
                .mended_by(self.evidence.by_hand(&node.name))
        };
        (!missing.is_empty()).then(finding)
    }

    fn full(&self, node: &Node, disks: &[Filesystem]) -> Option<Finding> {
        let (disk, used) = fullest(disks, Filesystem::used)?;
        let bar = self.expect.used_below;
        let (code, limit) = if reaches(used, bar) {
            (ABOVE, bar)
        } else {
            (NEAR, self.expect.warn_above.filter(|limit| reaches(used, *limit))?)
        };
        let room = disk.available.map_or_else(String::new, |left| format!(", {} left", Size(left)));
        let evicts = if used >= EVICTS { ", where kubelets begin to evict" } else { "" };
        let finding = Finding::new(code, &node.name)
            .expected(format_args!("less than {limit} used"))
            .seen(format_args!("{} used on {}{room}{evicts}{}", Percent::of(used), disk.name, closed(node)));
        Some(self.weighed(node, finding))
    }

    fn inodes(&self, node: &Node, disks: &[Filesystem]) -> Option<Finding> {
        let (disk, used) = fullest(disks, Filesystem::inodes_used).filter(|_| self.expect.inodes)?;
        let bar = self.expect.inodes_below.unwrap_or(self.expect.used_below);
        let finding = || {
            let finding = Finding::new(INODES, &node.name)
                .expected(format_args!("less than {bar} of inodes used"))
                .seen(format_args!("{} of inodes used on {}{}", Percent::of(used), disk.name, closed(node)));
            self.weighed(node, finding)
        };
        (reaches(used, bar)).then(finding)
    }

    #[expect(clippy::cast_precision_loss, reason = "a share of a disk is not told to the byte")]
    fn projected(&self, node: &Node, disks: &[Filesystem]) -> Option<Finding> {
        let growth = match self.growth.as_ref().filter(|_| node.takes_workspaces())? {
            Ok(growth) => growth,
            Err(why) => return Some(self.unprojected(node, why)),
        };
        // Images are there before the crowd; what workspaces write goes to the other disks.
        let written: Vec<&Filesystem> = disks.iter().filter(|disk| disk.name != "imagefs").collect();
        if written.iter().any(|disk| disk.capacity.is_none_or(|capacity| capacity == 0)) {
            return Some(self.unprojected(node, "the size of a disk is not told"));
        }
        let after = |disk: &Filesystem| {
            let capacity = disk.capacity? as f64;
            Some(disk.used()? + growth.bytes as f64 / capacity)
        };
        let shares = written.iter().filter_map(|disk| Some((*disk, after(disk)?)));
        let (disk, share) = shares.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let bar = self.expect.projected_below;
        let finding = || {
            Finding::new(PROJECTED, &node.name)
                .expected(format_args!("less than {bar} used with the crowd on it"))
                .seen(format_args!("{:.0} % of {}: {}", share * 100.0, disk.name, growth.because))
                .mended_by(Remedy::prose("add nodes, or give the node pool larger disks, before the start"))
        };
        reaches(share, bar).then(finding)
    }

    fn unprojected(&self, node: &Node, why: &str) -> Finding {
        Finding::new(UNMEASURED, &node.name)
            .expected("how full its disks become with the crowd")
            .seen(why)
            .mended_by(self.evidence.by_hand(&node.name))
    }

    fn pressure(&self, node: &Node) -> Finding {
        let finding = Finding::new(PRESSURE, &node.name)
            .expected("no disk pressure")
            .seen(format_args!("its condition DiskPressure is true{}", closed(node)));
        self.weighed(node, finding)
    }

    /// A node that takes no new pods cannot fail the crowd, only whoever is on it already.
    fn weighed(&self, node: &Node, finding: Finding) -> Finding {
        let weight = if node.standing.is_open { finding.weight } else { finding.weight.min(Weight::Warn) };
        let remedy = match &self.evidence.source {
            Source::Kubelets(kubectl) => kubectl
                // No `drain`: it would delete the work of whoever is on the node, which is what the check is to prevent.
                .change(&["cordon", &node.name])
                .saying("free its disk, or replace it by a node with a larger one; until then let nothing new onto it"),
            Source::Prometheus { .. } => Remedy::prose("free its disk, or give it a larger one"),
        };
        finding.weighing(weight).mended_by(remedy)
    }
}

/// At the bar or above it; what a float lost by a hair counts as there.
fn reaches(share: f64, bar: Percent) -> bool {
    share + 1e-9 >= bar.share()
}

fn closed(node: &Node) -> &'static str {
    if node.standing.is_open { "" } else { "; it takes no new pods" }
}

fn fullest(disks: &[Filesystem], used: fn(&Filesystem) -> Option<f64>) -> Option<(&Filesystem, f64)> {
    let shares = disks.iter().rev().filter_map(|disk| Some((disk, used(disk)?)));
    shares.max_by(|a, b| a.1.total_cmp(&b.1))
}

fn growth(each: Size, expect: &Expect, evidence: &Evidence, attendees: Option<u32>) -> Result<Growth, &'static str> {
    let attendees = attendees.ok_or("the checklist does not say how many attend")?;
    let nodes = evidence.nodes.iter().filter(|node| node.takes_workspaces() && matches!(node.disks, Some(Ok(_))));
    let nodes = u32::try_from(nodes.count()).unwrap_or(u32::MAX).max(1);
    let spread = attendees.div_ceil(nodes);
    let (workspaces, how) = match expect.workspaces_per_node {
        Some(most) => (most.min(attendees), "as many as one node gets".to_owned()),
        None => (spread, format!("{attendees} attendees over {nodes} node{}", if nodes == 1 { "" } else { "s" })),
    };
    let because = format!("{workspaces} workspaces of {each} more ({how})");
    Ok(Growth { bytes: each.0.saturating_mul(u64::from(workspaces)), because })
}
