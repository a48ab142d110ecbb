//! `mount-overlap`: does any path that something is mounted at, or extracted to, lie on or inside another?
//!
//! Paths are compared within one filesystem (a container's, or a machine's as a list gives it), and places within one volume
//! wherever several workloads write to it. Both are lexical and by component: nothing is mounted, written or followed to find out.
//! Comparing texts by their beginning was rejected: `/a/b` does not hold `/a/bc`.

mod evidence;
mod expect;
mod file;
mod judge;
mod listed;
mod manifest;
mod observe;
mod path;
mod settings;
mod shared;
mod spaces;
mod sub_path;
mod words;

pub use evidence::{Evidence, Looked, Mount, Owner, Space, Var, Volume};
pub use expect::{Allowed, Expect, Extraction};
pub use listed::Listed;
pub use settings::{Settings, Workloads};

use crate::contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window};
use settings::Target;

/// Two mounts at one path.
const TWICE: Code =
    Code::fail("mount-path-twice", "two things are put at one path: the later hides or deletes the earlier");
/// One path inside another.
const NESTED: Code =
    Code::fail("nested-mounts", "a path lies inside another: whoever sets up the outer one may delete the inner one");
/// One place in one volume.
const SHARED: Code = Code::fail(
    "shared-volume-overlap",
    "several write to the same place in one volume, and may delete each other's files",
);
/// Copies of one workload in one place.
const COPIES: Code =
    Code::warn("copies-share-volume", "copies of one workload write to the same place in one volume at the same time");
/// A path that says nothing.
const UNSOUND: Code =
    Code::fail("path-unsound", "a path is relative, empty, climbs above the root or goes round in symlinks");
/// A path of which a part is known only later.
const UNKNOWN: Code =
    Code::unknown("sub-path-unknown", "a part of a path in a shared volume is known only once its pod runs");
/// Nothing there to compare.
const TOO_FEW: Code = Code::fail("too-few-mounts", "fewer mounts are there to compare than should be");

/// The probe, ready to look.
pub struct MountOverlap {
    target: Target,
}

impl Probe for MountOverlap {
    const KIND: &'static str = "mount-overlap";
    const CODES: &'static [Code] = &[TWICE, NESTED, SHARED, COPIES, UNSOUND, UNKNOWN, TOO_FEW];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Target::new(settings, place).map(|target| Self { target })
    }

    fn access(&self) -> Vec<Access> {
        self.target.access()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(&self.target, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence)
    }

    fn working(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<String> {
        words::working(expect, evidence)
    }
}
