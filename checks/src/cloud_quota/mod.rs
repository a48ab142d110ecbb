//! Cloud quota: does what the event needs fit between what the account may have in a region and what it uses already?
//!
//! A limit alone says nothing of room, and a limit without a recent count of its use says nothing either: no datapoint is
//! unknown, not zero. That Amazon has the machines to give is another matter, which no quota tells and nothing asks here.

mod code;
mod evidence;
mod growth;
mod judge;
mod observe;
mod remedy;
mod room;
mod settings;

pub use evidence::{Evidence, Found, Line, Usage};
pub use growth::{Growth, NewNodes};
pub use settings::{Expect, NamedQuota, Purchase, Settings};

use growth::Growing;

use crate::{
    clients::{aws::ServiceQuota, connections::AwsAccount},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};

/// Some quotas of one region, ready to be looked at.
pub struct CloudQuota {
    account: AwsAccount,
    region: String,
    unit: String,
    quotas: Vec<(String, ServiceQuota)>,
    has_increases: bool,
    growing: Option<Growing>,
}

impl Probe for CloudQuota {
    const KIND: &'static str = "cloud-quota";
    const CODES: &'static [Code] = code::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        settings.probe(place)
    }

    fn access(&self) -> Vec<Access> {
        let mut rights = vec![
            "sts:GetCallerIdentity",
            "servicequotas:GetServiceQuota",
            "servicequotas:GetAWSDefaultServiceQuota",
            crate::clients::aws::Metric::right(),
        ];
        if self.has_increases {
            rights.push("servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota");
        }
        let growing = self.growing.iter().flat_map(Growing::access);
        rights.into_iter().map(|right| Access::new("aws", right)).chain(growing).collect()
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

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
