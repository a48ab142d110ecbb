//! Which alerts, at which Alertmanagers.

use crate::{
    clients::connections::Endpoint,
    contract::{Invalid, Place},
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The most alerts of one check.
const MOST: usize = 50;

/// What to look at: alerts by their labels, and where they are routed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A connection of kind `alertmanager`.
    #[serde(default)]
    pub connection: Option<String>,
    /// Several, of the members of one cluster, in place of `connection`.
    #[serde(default)]
    pub connections: Vec<String>,
    /// Alerts as production sends them: a name for each, and all its labels, `alertname` among them.
    pub alerts: IndexMap<String, BTreeMap<String, String>>,
}

impl Settings {
    pub(super) fn managers(&self, place: &Place) -> Result<Vec<Endpoint>, Invalid> {
        match (&self.connection, self.connections.as_slice()) {
            (Some(name), []) => Ok(vec![place.endpoint(name, "alertmanager", "connection")?]),
            (Some(_), [_, ..]) => {
                Err(Invalid::new("connections", "`connection` and `connections` say the same").help("leave one out"))
            }
            (None, []) => Err(Invalid::new("", "no Alertmanager is named").help("add `connection: NAME`")),
            (None, names) => {
                let endpoint =
                    |(at, name): (usize, &String)| place.endpoint(name, "alertmanager", &format!("connections.{at}"));
                names.iter().enumerate().map(endpoint).collect()
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), Invalid> {
        if self.alerts.is_empty() || self.alerts.len() > MOST {
            return Err(Invalid::new("alerts", format!("{} alerts; 1 to {MOST} can be looked at", self.alerts.len()))
                .help("add `alerts: { a full disk: { alertname: NodeDiskFull, severity: page } }`"));
        }
        match self.alerts.iter().find(|(_, labels)| !labels.contains_key("alertname")) {
            Some((name, _)) => Err(Invalid::new("alerts", format!("`{name}` has no label `alertname`")).help(
                "write all the labels that production sends: a label that is not there is empty, and routes elsewhere",
            )),
            None => Ok(()),
        }
    }
}
