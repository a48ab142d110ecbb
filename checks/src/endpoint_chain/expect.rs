//! What must hold: `expect:`. Without any of it: every link, and status 200 where HTTP is spoken.

use crate::http::{BodyBar, HeaderBar, Statuses};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What the service must answer, once every link before it holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The status: `200`, `2xx`, `200-204`, or a list of those; 200 unless it says otherwise.
    #[serde(default)]
    pub(super) status: Statuses,
    /// Headers by name: their text, or `{ equals: … }`, `{ contains: … }`, `{ absent: true }`.
    #[serde(default)]
    pub(super) headers: IndexMap<String, HeaderBar>,
    /// The body: `{ equals: … }`, `{ contains: … }`, `{ not_contains: … }`, `{ json: […] }`.
    #[serde(default)]
    pub(super) body: Option<BodyBar>,
}
