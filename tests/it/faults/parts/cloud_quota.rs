//! Cloud quotas: what is allowed, what more was asked for, and what is in use; each in a region of its own.

use super::Part;
use gonogo_world::{State, System::Aws, aws::Services, ecr::Region, incidents::Times};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "quota",
        (Aws, "servicequotas.eu-west-1.amazonaws.com", ""),
        "probe: cloud-quota, with: { vcpu: [on_demand], connection: mirror, region: eu-west-1 }, expect: { need: 80 }",
    ),
    Part::new(
        "quota-requests",
        (Aws, "servicequotas.eu-west-3.amazonaws.com", "#ListRequestedServiceQuotaChangeHistoryByQuota"),
        "probe: cloud-quota, with: { vcpu: [spot], connection: mirror, region: eu-west-3 }, expect: { need: 80 }",
    ),
    Part::new(
        "quota-usage",
        (Aws, "monitoring.eu-north-1.amazonaws.com", ""),
        "probe: cloud-quota, with: { vcpu: [on_demand], connection: mirror, region: eu-north-1 }, expect: { need: 80 }",
    ),
];

/// The regions, with room in each.
pub fn add(state: &mut State, _: Times) {
    for region in ["eu-west-1", "eu-west-3", "eu-north-1"] {
        let services = Services::default().vcpu((384.0, 96.0), (384.0, 0.0));
        state.aws.regions.insert(region.to_owned(), Region { services, ..Region::default() });
    }
}
