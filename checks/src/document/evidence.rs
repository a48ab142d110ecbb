//! What the document names, and what was seen of it. The document's own text is not kept: it may hold what is private.

use crate::{clients::kubernetes::Kubectl, contract::Unobserved};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The document: its file as the checklist names it, or its URL.
    pub document: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The status with which its URL said that it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<u16>,
    /// How many lines it has.
    #[serde(default)]
    pub lines: usize,
    /// All that it names, in the order of its lines.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// What could not be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unjudged: Vec<Unjudged>,
    /// How many references were left out, because they are too many.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub beyond: usize,
    /// How many references the checklist itself leaves out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ignored: usize,
    /// Programs whose commands name what this probe does not know, and how often.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_programs: BTreeMap<String, usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One thing that it names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// In which of its lines.
    pub lines: Vec<usize>,
    /// What.
    pub what: What,
    /// What was seen of it; of an object, at each site where it may be.
    pub seen: Vec<Sight>,
}

/// What a document may name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum What {
    /// A context of the kubeconfig.
    Context(String),
    /// A namespace.
    Namespace(String),
    /// A kind of object, as the command writes it.
    Kind(String),
    /// An object.
    Object {
        /// Its kind, as the command writes it.
        kind: String,
        /// Its name.
        name: String,
        /// The namespace that the command looks in; empty for a kind that is in none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        namespace: String,
    },
    /// All objects with some labels.
    Labels {
        /// Their kind, as the command writes it.
        kind: String,
        /// The labels.
        selector: String,
        /// The namespace; `None` for every one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        namespace: Option<String>,
    },
    /// A release of Helm.
    Release {
        /// Its name.
        name: String,
        /// Its namespace.
        namespace: String,
    },
    /// A URL, without its fragment.
    Url(String),
    /// A host.
    Host(String),
    /// A heading of the document itself.
    Anchor(String),
    /// A file beside it.
    File(String),
}

/// What was seen of it at one place.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// The site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// How `kubectl` reaches its cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Kubectl>,
    /// What was seen.
    pub fact: Result<Fact, Unobserved>,
}

/// What can be seen of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// It is there.
    Here,
    /// It is not.
    Absent,
    /// Neither is its namespace.
    NoNamespace,
    /// The cluster does not know its kind.
    NoKind,
    /// The status of a URL.
    Status(u16),
}

impl Fact {
    /// True if and only if what is named is there: what asks who is there is there too.
    #[must_use]
    pub const fn is_good(self) -> bool {
        match self {
            Self::Here => true,
            Self::Status(status) => !matches!(status, 404 | 410 | 500..=599),
            Self::Absent | Self::NoNamespace | Self::NoKind => false,
        }
    }
}

/// What could not be judged, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unjudged {
    /// In which line.
    pub line: usize,
    /// What, as it is written.
    pub what: String,
    /// Why not.
    pub why: String,
}
