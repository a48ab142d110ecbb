//! Amazon's services that have no registry in them: Service Quotas, `CloudWatch` and Secrets Manager, which are asked in JSON,
//! and IAM, which is one for all regions.
//!
//! A host for each of them in each region of the account. Whoever asks is known by the access key alone, as at ECR.

mod iam;
mod metrics;
mod protocol;
pub(crate) mod query;
mod quotas;
mod secrets;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

pub use iam::{AccessKey, Iam};
pub use metrics::Metric;
pub use quotas::{Increase, Quota};
pub use secrets::Secret;

/// What the services of a region hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Services {
    /// Documentation addresses of `servicequotas.<region>.amazonaws.com`.
    pub quota_addresses: Vec<IpAddr>,
    /// Documentation addresses of `monitoring.<region>.amazonaws.com`.
    pub metric_addresses: Vec<IpAddr>,
    /// Documentation addresses of `secretsmanager.<region>.amazonaws.com`.
    pub secret_addresses: Vec<IpAddr>,
    /// By service and code: `ec2`, `L-1216C47A`.
    pub quotas: BTreeMap<(String, String), Quota>,
    /// Every metric that has values.
    pub metrics: Vec<Metric>,
    /// By name.
    pub secrets: BTreeMap<String, Secret>,
}

impl Services {
    /// The usual account: so many vCPU of the standard families on demand and on spot, and how many are in use.
    #[must_use]
    pub fn vcpu(mut self, on_demand: (f64, f64), spot: (f64, f64)) -> Self {
        for (code, class, (limit, used)) in
            [(quotas::ON_DEMAND, "Standard/OnDemand", on_demand), (quotas::SPOT, "Standard/Spot", spot)]
        {
            let metric = Metric::of_vcpu(class, used);
            self.quotas.insert(("ec2".to_owned(), code.to_owned()), Quota::of_vcpu(code, limit, &metric));
            self.metrics.push(metric);
        }
        self
    }

    /// Adds a secret.
    #[must_use]
    pub fn secret(mut self, name: &str, secret: Secret) -> Self {
        self.secrets.insert(name.to_owned(), secret);
        self
    }

    /// A quota, to change it; `None` where there is none.
    pub fn quota_mut(&mut self, service: &str, code: &str) -> Option<&mut Quota> {
        self.quotas.get_mut(&(service.to_owned(), code.to_owned()))
    }
}

/// One of the three services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Quotas,
    Metrics,
    Secrets,
}

impl Service {
    const ALL: [Self; 3] = [Self::Quotas, Self::Metrics, Self::Secrets];

    /// The first label of its hosts, and its name in a signature.
    const fn name(self) -> &'static str {
        match self {
            Self::Quotas => "servicequotas",
            Self::Metrics => "monitoring",
            Self::Secrets => "secretsmanager",
        }
    }

    fn addresses(self, services: &Services) -> &[IpAddr] {
        match self {
            Self::Quotas => &services.quota_addresses,
            Self::Metrics => &services.metric_addresses,
            Self::Secrets => &services.secret_addresses,
        }
    }
}

struct Host {
    service: Service,
    region: String,
    name: String,
}

impl Behind for Host {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.name))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        protocol::answer(self.service, &state.aws, &self.region, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        protocol::refusal(self.service, status)
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let mut stands = Vec::new();
    for (region, place) in &state.aws.regions {
        for service in Service::ALL {
            let name = format!("{}.{region}.amazonaws.com", service.name());
            let host = Host { service, region: region.clone(), name: name.clone() };
            stands.extend(Stand::of_api(System::Aws, &name, service.addresses(&place.services), host));
        }
    }
    if !state.aws.regions.is_empty() {
        stands.extend(Stand::of_api(System::Aws, iam::HOST, &state.aws.iam.addresses, iam::Host));
    }
    stands
}
