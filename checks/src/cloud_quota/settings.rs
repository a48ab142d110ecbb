//! `with`: which quotas; `expect`: what the event needs of each, and with how much to spare.

use super::{
    CloudQuota,
    growth::{Growing, NewNodes},
};
use crate::{
    clients::{aws::ServiceQuota, connections::AwsAccount},
    contract::{
        Invalid, Place,
        values::{Percent, Period, Scaled},
    },
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which quotas: either `vcpu` or `quota`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// vCPU of the standard families (A, C, D, H, I, M, R, T, Z), for each kind of purchase; each must hold by itself.
    #[serde(default)]
    pub vcpu: Vec<Purchase>,
    /// Any other quota.
    #[serde(default)]
    pub quota: Option<NamedQuota>,
    /// The connection (kind `aws` or `ecr`) to the account; without it the site's `aws:`.
    #[serde(default)]
    pub connection: Option<String>,
    /// The region; without it the site's or the connection's own.
    #[serde(default)]
    pub region: Option<String>,
    /// Where the site's cluster says what the event needs: attendees packed onto its nodes, and onto new ones of its pools.
    #[serde(default)]
    pub new_nodes: Option<NewNodes>,
    /// `false` leaves requests for more out, and with them the right to list them.
    #[serde(default = "yes")]
    pub increases: bool,
}

/// How machines are paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purchase {
    /// On demand: L-1216C47A.
    OnDemand,
    /// On spot: L-34B43A08.
    Spot,
}

/// A quota by its service's code and its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedQuota {
    /// The service's code: `ebs`.
    pub service: String,
    /// The quota's code: `L-7A658B76`.
    pub code: String,
    /// What it counts, for a person: `TiB`.
    #[serde(default)]
    pub unit: Option<String>,
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How much the event needs besides what is in use: a number, `{ by_attendees: … }` or `{ attendees_per_unit: … }`.
    /// vCPU of whole machines, not of pods. Beside `new_nodes` the larger of the two counts.
    #[serde(default)]
    pub need: Option<Scaled>,
    /// The share of what is left that must stay free.
    #[serde(default = "thirty_percent")]
    pub headroom: Percent,
    /// How old the last value of the use may be.
    #[serde(default = "half_an_hour")]
    pub usage_within: Period,
    /// What is in use, counted by hand, where the cloud does not tell it.
    #[serde(default)]
    pub used: Option<u32>,
}

const fn yes() -> bool {
    true
}

fn thirty_percent() -> Percent {
    Percent::of(0.3)
}

const fn half_an_hour() -> Period {
    Period::seconds(1800)
}

impl Purchase {
    /// The quota's code.
    const fn code(self) -> &'static str {
        match self {
            Self::OnDemand => "L-1216C47A",
            Self::Spot => "L-34B43A08",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand standard vCPU",
            Self::Spot => "spot standard vCPU",
        }
    }
}

impl Settings {
    pub(super) fn probe(mut self, place: &Place) -> Result<CloudQuota, Invalid> {
        let new_nodes = self.new_nodes.take();
        if new_nodes.is_some() && self.quota.is_some() {
            return Err(Invalid::new("new_nodes", "new nodes are counted in vCPU, and `quota` names another quota")
                .help("write `vcpu: [on_demand, spot]`, or say the need as a number: `expect: { need: 10 }`"));
        }
        let growing = new_nodes.map(|new_nodes| Growing::new(new_nodes, place)).transpose()?;
        let account = self.account(place)?;
        let region = self.region.clone().or_else(|| account.region.clone()).ok_or_else(|| {
            Invalid::new("region", "no region: neither here nor in the account").help("write `region: us-east-2`")
        })?;
        let (unit, wanted) = self.wanted()?;
        let quota = |(name, service, code): (String, String, String)| {
            (name, ServiceQuota { account: account.clone(), region: region.clone(), service, code })
        };
        let quotas = wanted.into_iter().map(quota).collect();
        Ok(CloudQuota { account, region, unit, quotas, has_increases: self.increases, growing })
    }

    fn account(&self, place: &Place) -> Result<AwsAccount, Invalid> {
        if let Some(name) = &self.connection {
            return place.aws(name, "connection");
        }
        let Some(site) = place.site() else {
            return Err(Invalid::new(
                "",
                "nothing says which account to ask: the check has no site, and no `connection`",
            )
            .help("add `sites: all`, or `connection: …`"));
        };
        place.site_aws(site).ok_or_else(|| {
            Invalid::new("", format!("site `{site}` has no `aws:`, which this probe needs"))
                .help("add `aws: { profile: …, region: … }` to the site, or `connection: …` here")
        })
    }

    /// The unit, and the name, service and code of each quota.
    fn wanted(&self) -> Result<(String, Vec<(String, String, String)>), Invalid> {
        let mut vcpu = self.vcpu.clone();
        vcpu.sort_unstable();
        if vcpu.windows(2).any(|two| two[0] == two[1]) {
            return Err(Invalid::new("vcpu", "one kind of purchase is named twice"));
        }
        match (&self.quota, vcpu.is_empty()) {
            (None, false) => {
                let all = vcpu
                    .into_iter()
                    .map(|purchase| (purchase.words().to_owned(), "ec2".to_owned(), purchase.code().to_owned()));
                Ok(("vCPU".to_owned(), all.collect()))
            }
            (Some(NamedQuota { service, code, unit }), true) => {
                for (key, text) in [("service", service), ("code", code)] {
                    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                        let message = format!("`{text}` is no {key} of Service Quotas");
                        return Err(Invalid::new(&format!("quota.{key}"), message));
                    }
                }
                let unit = unit.clone().unwrap_or_default();
                Ok((unit, vec![(format!("{service} {code}"), service.clone(), code.clone())]))
            }
            _ => Err(Invalid::new("", "exactly one of `vcpu` and `quota` is needed")
                .help("write `vcpu: [on_demand, spot]` or `quota: { service: ebs, code: L-7A658B76 }`")),
        }
    }
}
