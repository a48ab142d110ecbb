//! `document`: does all that a runbook or a checklist names exist?
//!
//! The Markdown is read as Markdown and its commands as a shell would read them, but nothing in it is ever run. A search for
//! words that look like names was rejected: only a command says of which kind, in which namespace and in which cluster.
//! What cannot be known beforehand (a placeholder, a variable that nobody sets) is listed, not passed over.

mod commands;
mod evidence;
mod found;
mod here;
mod judge;
mod kinds;
mod look;
mod markdown;
mod objects;
mod pages;
mod settings;
mod shell;
mod source;
mod words;

pub use evidence::{Evidence, Fact, Reference, Sight, Unjudged, What};
pub use settings::{Expect, Settings};

use crate::contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window};
use settings::Target;

const OBJECT: Code = Code::fail("object-absent", "a command in the document names an object that is not there");
const LABELS: Code = Code::fail("labels-match-nothing", "a command selects by labels that no object has");
const NAMESPACE: Code = Code::fail("namespace-absent", "a command looks in a namespace that is not there");
const KIND: Code = Code::fail("kind-unknown", "a command names a kind of object that the cluster does not know");
const CONTEXT: Code = Code::fail("context-unknown", "a command names a context that is no site's");
const RELEASE: Code = Code::fail("release-absent", "a command names a Helm release that is not there");
const GONE: Code = Code::fail("url-gone", "a URL in the document answers that nothing is there");
const FAILING: Code = Code::fail("url-failing", "a URL in the document answers that its server failed");
const HOST: Code = Code::fail("host-unresolved", "a host in the document has no address");
const ANCHOR: Code = Code::fail("anchor-absent", "a link leads to a heading that the document does not have");
const FILE: Code = Code::fail("file-absent", "a link leads to a file that is not beside the document");
const DOCUMENT: Code = Code::fail("document-gone", "the document itself is not at its URL");
const TOO_FEW: Code =
    Code::fail("too-few-references", "the document names less than it should: perhaps it is empty, or another one");
const NOT_JUDGED: Code =
    Code::warn("not-judged", "what the document names cannot be known beforehand, and was not looked at");
const BEYOND: Code =
    Code::unknown("references-beyond-bound", "the document names more than is looked at, and the rest is not known");

/// The probe.
pub struct Document {
    target: Target,
}

impl Probe for Document {
    const KIND: &'static str = "document";
    const CODES: &'static [Code] = &[
        OBJECT, LABELS, NAMESPACE, KIND, CONTEXT, RELEASE, GONE, FAILING, HOST, ANCHOR, FILE, DOCUMENT, TOO_FEW,
        NOT_JUDGED, BEYOND,
    ];
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
        look::observe(&self.target, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence)
    }

    fn working(_: &Expect, evidence: &Evidence, _: &Window) -> Vec<String> {
        words::working(evidence)
    }
}
