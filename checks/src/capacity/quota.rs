//! What a crowd asks of a namespace's quotas, key by key.
//!
//! Source of the keys: Kubernetes, "Resource Quotas".

use super::{
    evidence::Quota,
    margin::{Limit, Margin},
    settings::Footprint,
};
use crate::contract::values::Quantity;

/// What the crowd asks of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// So much.
    Amount(Quantity),
    /// It cannot be told, because the checklist does not say this of an attendee.
    Unsaid(&'static str),
    /// It counts what attendees are not known to make.
    Nothing,
}

/// One key of one quota, against the crowd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capped {
    /// It can be told.
    Margin(Margin),
    /// It was not counted yet.
    Uncounted {
        /// The quota.
        name: String,
        /// Its key.
        key: String,
    },
    /// The checklist does not say enough of an attendee.
    Unsaid {
        /// The quota.
        name: String,
        /// Its key.
        key: String,
        /// What to say.
        what: &'static str,
    },
}

impl Footprint {
    /// The most that one workspace writes to its node's disk.
    #[must_use]
    pub fn disk(&self) -> Option<Quantity> {
        self.disk.or(self.ephemeral_storage)
    }

    /// What so many attendees ask of a quota's `key`.
    #[must_use]
    pub fn claims(&self, key: &str, attendees: u64) -> Claim {
        let all = |each: Quantity| Claim::Amount(each.times(attendees));
        let said = |each: Option<Quantity>, what| each.map_or(Claim::Unsaid(what), all);
        let limits = self.limits.as_ref();
        let volumes = Quantity::of(self.volumes.into());
        let key = match self.of_class(key) {
            Ok(key) => key,
            Err(claim) => return claim,
        };
        match key {
            "cpu" | "requests.cpu" => all(self.cpu),
            "memory" | "requests.memory" => all(self.memory),
            "ephemeral-storage" | "requests.ephemeral-storage" => self.ephemeral_storage.map_or(Claim::Nothing, all),
            "limits.cpu" => said(limits.and_then(|limits| limits.cpu), "limits.cpu"),
            "limits.memory" => said(limits.and_then(|limits| limits.memory), "limits.memory"),
            "limits.ephemeral-storage" => {
                said(limits.and_then(|limits| limits.ephemeral_storage), "limits.ephemeral_storage")
            }
            "pods" | "count/pods" => all(Quantity::of(1)),
            "persistentvolumeclaims" | "count/persistentvolumeclaims" => all(volumes),
            "requests.storage" if self.volumes == 0 => Claim::Nothing,
            "requests.storage" => said(self.volume_size.map(|size| size.times(self.volumes.into())), "volume_size"),
            _ => Claim::Nothing,
        }
    }

    /// The part of a key behind its storage class, where that is the attendees' own.
    fn of_class<'a>(&self, key: &'a str) -> Result<&'a str, Claim> {
        let Some((class, rest)) = key.split_once(".storageclass.storage.k8s.io/") else { return Ok(key) };
        match &self.storage_class {
            _ if self.volumes == 0 => Err(Claim::Nothing),
            None => Err(Claim::Unsaid("storage_class")),
            Some(own) if own == class => Ok(rest),
            Some(_) => Err(Claim::Nothing),
        }
    }
}

impl Quota {
    /// True unless it counts only pods of another kind than workspaces: those that end, or that ask for nothing.
    #[must_use]
    pub fn counts_workspaces(&self) -> bool {
        !self.scopes.iter().any(|scope| matches!(scope.as_str(), "Terminating" | "BestEffort"))
    }

    /// Every key that attendees claim.
    #[must_use]
    pub fn against(&self, each: &Footprint, attendees: u64) -> Vec<Capped> {
        if !self.counts_workspaces() {
            return Vec::new();
        }
        let capped = |(key, hard): (&String, &Quantity)| {
            let (name, key) = (self.name.clone(), key.clone());
            match (each.claims(&key, attendees), self.used.get(&key)) {
                (Claim::Nothing, _) => None,
                (Claim::Unsaid(what), _) => Some(Capped::Unsaid { name, key, what }),
                (Claim::Amount(_), None) => Some(Capped::Uncounted { name, key }),
                (Claim::Amount(needed), Some(used)) => {
                    let available = hard.less(*used);
                    Some(Capped::Margin(Margin { limit: Limit::Quota { name, key }, available, needed }))
                }
            }
        };
        self.hard.iter().filter_map(capped).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(text: &str) -> Footprint {
        serde_json::from_str(text).expect("a footprint")
    }

    #[test]
    fn every_key_is_counted_in_its_own_way_and_what_is_not_said_is_not_taken_for_nothing() {
        let each =
            each(r#"{ "cpu": 4, "memory": "8Gi", "volumes": 1, "volume_size": "10Gi", "storage_class": "gp3" }"#);
        let amount = |text: &str| Claim::Amount(text.parse().expect("an amount"));
        for (key, claim) in [
            ("requests.cpu", amount("60")),
            ("cpu", amount("60")),
            ("requests.memory", amount("120Gi")),
            ("limits.cpu", Claim::Unsaid("limits.cpu")),
            ("pods", amount("15")),
            ("requests.storage", amount("150Gi")),
            ("gp3.storageclass.storage.k8s.io/persistentvolumeclaims", amount("15")),
            ("fast.storageclass.storage.k8s.io/persistentvolumeclaims", Claim::Nothing),
            ("requests.ephemeral-storage", Claim::Nothing),
            ("count/deployments.apps", Claim::Nothing),
        ] {
            assert_eq!(each.claims(key, 15), claim, "{key}");
        }
    }

    #[test]
    fn a_quota_for_pods_that_end_does_not_count_workspaces() {
        let quota = |scope: &str| Quota { scopes: vec![scope.to_owned()], ..Quota::default() };
        assert!(!quota("Terminating").counts_workspaces() && !quota("BestEffort").counts_workspaces());
        assert!(quota("NotTerminating").counts_workspaces() && quota("PriorityClass").counts_workspaces());
    }
}
