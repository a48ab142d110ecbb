//! `kubernetes`: are the objects there that should be, and does what must hold of them hold?
//!
//! One probe for any resource, by group, version and kind; what must hold is counts, conditions and CEL. A probe for each
//! kind was rejected: Karpenter, Knative, Argo CD and quotas differ in fields, not in how they are looked at, and a user's own
//! resources are looked at just so. What needs arithmetic over several resources is not here, nor are secrets.

mod by_hand;
mod condition;
mod evidence;
mod expect;
mod judge;
mod object;
mod observe;
mod resource;
mod scope;
mod settings;

pub use condition::{Status, Wanted};
pub use evidence::{Evidence, Served};
pub use expect::{Expect, OfAll, OfEach};
pub use object::Object;
pub use resource::Resource;
pub use scope::{Range, Which};
pub use settings::Settings;

use crate::{
    clients::connections::Cluster,
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};

/// The cluster has no such kind.
const NO_RESOURCE: Code = Code::fail("no-such-resource", "the cluster does not serve this kind in this version");
/// The namespace is missing.
const NO_NAMESPACE: Code = Code::fail("no-such-namespace", "the namespace does not exist");
/// A named object is missing.
const NO_OBJECT: Code = Code::fail("no-such-object", "nothing of that name is there");
/// Too few.
const TOO_FEW: Code = Code::fail("too-few-objects", "fewer objects are there than must be");
/// Too many.
const TOO_MANY: Code = Code::fail("too-many-objects", "more objects are there than may be");
/// One that should not be there.
const UNEXPECTED: Code = Code::fail("unexpected-object", "an object is there that should not be");
/// The crowd is larger than the table.
const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// On its way out.
const DELETED: Code = Code::fail("object-being-deleted", "the object is being deleted");
/// A condition says otherwise.
const NOT_MET: Code = Code::fail("condition-not-met", "a condition of the object is not what it must be");
/// A condition is not there.
const NO_CONDITION: Code = Code::fail("condition-absent", "the object has no condition of that type");
/// What must hold does not.
const DOES_NOT_HOLD: Code = Code::fail("expectation-not-met", "what must hold of the objects does not");
/// What must hold speaks of a field that is not there.
const NO_FIELD: Code = Code::fail("field-absent", "what must hold speaks of a field that the object does not have");
/// The expression gave no answer.
const FAILED: Code = Code::unknown("expression-failed", "what must hold cannot be evaluated, so nothing is proven");
/// True, but not for long enough.
const TOO_YOUNG: Code = Code::unknown(
    "condition-too-young",
    "the condition has not held for as long as it must, so it is too early to tell",
);
/// The controller has not seen the last wish.
const STALE: Code = Code::unknown("status-stale", "the status is from before the last change of the object");
/// None of none.
const OF_NONE: Code = Code::unknown(
    "nothing-to-choose-from",
    "nothing matches, but nothing of that kind is there at all: it proves nothing",
);

/// The probe, ready to look.
pub struct Kubernetes {
    cluster: Cluster,
    resource: Resource,
    range: Range,
    which: Which,
}

impl Probe for Kubernetes {
    const KIND: &'static str = "kubernetes";
    const CODES: &'static [Code] = &[
        NO_RESOURCE,
        NO_NAMESPACE,
        NO_OBJECT,
        TOO_FEW,
        TOO_MANY,
        UNEXPECTED,
        NO_NUMBER,
        DELETED,
        NOT_MET,
        NO_CONDITION,
        DOES_NOT_HOLD,
        NO_FIELD,
        FAILED,
        TOO_YOUNG,
        STALE,
        OF_NONE,
    ];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let (resource, range, which) = settings.checked()?;
        Ok(Self { cluster: place.cluster()?, resource, range, which })
    }

    fn access(&self) -> Vec<Access> {
        let rights = self.resource.rights(&self.range, &self.which);
        rights.into_iter().map(|right| Access::new("kubernetes", right)).collect()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        judge::working(expect, evidence, window)
    }

    fn reads_clock(expect: &Expect) -> bool {
        expect.reads_clock()
    }
}
