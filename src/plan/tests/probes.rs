//! Probes that never look, for tests of the planner: they read their settings as real ones do.

use gonogo_checks::contract::{
    Access, Code, Context, Finding, Invalid, Kind, Place, Probe, Unobserved, Window,
    text::{Placed, Step},
    values::Scaled,
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const CATALOGUE: &[Kind] = &[
    Kind::of::<Http>(""),
    Kind::of::<Parity>(""),
    Kind::of::<KeyExpiry>(""),
    Kind::of::<Replicas>(""),
    Kind::of::<Silent>(""),
];

const WRONG: Code = Code::fail("wrong-status", "the status is another");

macro_rules! probe {
    ($type:ident, $kind:literal, $settings:ty, $expect:ty, $is_relation:literal, $check:expr, $judge:expr) => {
        impl Probe for $type {
            const KIND: &'static str = $kind;
            const CODES: &'static [Code] = &[WRONG];
            const RELATION: bool = $is_relation;
            type Settings = $settings;
            type Expect = $expect;
            type Evidence = Option<u32>;

            fn new(settings: $settings, place: &Place) -> Result<Self, Invalid> {
                let check: fn(&$settings, &Place) -> Result<String, Invalid> = $check;
                check(&settings, place).map(Self)
            }

            fn access(&self) -> Vec<Access> {
                vec![Access::new("test", self.0.clone())]
            }

            async fn observe(&self, _: &Context) -> Result<Option<u32>, Unobserved> {
                Ok(None)
            }

            fn judge(expect: &$expect, _: &Option<u32>, window: &Window) -> Vec<Finding> {
                let judge: fn(&$expect, &Window) -> Vec<Finding> = $judge;
                judge(expect, window)
            }
        }
    };
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Url {
    url: String,
    #[serde(default, rename = "samples")]
    _samples: u32,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Status {
    #[serde(default, rename = "status")]
    _status: Option<u16>,
}

pub(crate) struct Http(String);
probe!(Http, "http", Url, Status, false, |with, _| Ok(with.url.clone()), |_, _| Vec::new());

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Images {
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    running: Vec<IndexMap<String, Running>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Running {
    namespace: String,
}

pub(crate) struct Parity(String);
probe!(
    Parity,
    "image-parity",
    Images,
    Status,
    true,
    |with, _| {
        let pairs = with.running.iter().flatten().map(|(site, running)| format!("{site}={}", running.namespace));
        Ok(pairs.collect::<Vec<_>>().join(" "))
    },
    |_, _| Vec::new()
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    connection: Placed<String>,
}

pub(crate) struct KeyExpiry(String);
probe!(
    KeyExpiry,
    "key-expiry",
    Key,
    Status,
    false,
    |with, place| {
        place.endpoint(&with.connection.value, "litellm", "connection")?;
        Ok(with.connection.value.clone())
    },
    |_, _| Vec::new()
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Namespace {
    namespace: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ready {
    ready: Scaled,
}

pub(crate) struct Replicas(String);
probe!(
    Replicas,
    "replicas",
    Namespace,
    Ready,
    false,
    |with, place| place.cluster().map(|_| with.namespace.clone()),
    |expect, window| {
        let need = expect.ready.need(window.attendees).expect("within the table");
        vec![Finding::new(WRONG, "pods").expected(need.because)]
    }
);

/// Refuses at a path that is not there.
pub(crate) struct Silent(String);
probe!(
    Silent,
    "silent",
    Url,
    Status,
    false,
    |_, _| {
        let mut invalid = Invalid::new("url", "never right");
        invalid.at.push(Step::Key("deeper".into()));
        Err(invalid)
    },
    |_, _| Vec::new()
);
