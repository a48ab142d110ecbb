//! What must hold: `expect:`.

use schemars::JsonSchema;
use serde::Deserialize;
use std::num::NonZeroU32;

/// What must hold. Without any of it: no path equals another, none lies inside another, and there is at least one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// In which order paths are set up: `ordered` only where a guarantee says that an outer path comes before every
    /// inner one and is never deleted after; `unordered` unless it says otherwise.
    #[serde(default)]
    pub(super) extraction: Extraction,
    /// Pairs that may overlap, and why.
    #[serde(default)]
    pub(super) allow: Vec<Allowed>,
    /// How many mounts there must be to compare; at least 1.
    #[serde(default = "one")]
    pub(super) at_least: NonZeroU32,
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

/// In which order paths are set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Extraction {
    /// An outer path before every inner one, by guarantee.
    Ordered,
    /// Several at once.
    Parallel,
    /// In an order that nobody promises.
    #[default]
    Unordered,
}

impl Extraction {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Parallel => "parallel",
            Self::Unordered => "unordered",
        }
    }
}

/// Two places that may overlap.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub struct Allowed(Written);

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The outer path; in a volume as it is reported: `data:/jobs`.
    parent: String,
    /// The inner path; in a shared volume it may be the same.
    child: String,
    /// Why that is safe.
    because: String,
}

impl TryFrom<Written> for Allowed {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        if [&written.parent, &written.child, &written.because].iter().any(|text| text.trim().is_empty()) {
            return Err("`parent`, `child` and `because` each say something".to_owned());
        }
        Ok(Self(written))
    }
}

impl Expect {
    /// True if and only if these two places may overlap, by their names as they are reported.
    pub(super) fn allows(&self, parent: &str, child: &str) -> bool {
        let is = |written: &str, place: &str| plain(written) == plain(place);
        self.allow.iter().any(|Allowed(pair)| is(&pair.parent, parent) && is(&pair.child, child))
    }
}

/// Without slashes at its end, so that `/a/` and `/a` allow the same.
fn plain(path: &str) -> &str {
    path.trim_end_matches('/')
}
