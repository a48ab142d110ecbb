//! What the limit ranges of a namespace make of a workspace: a refusal, for a size outside their bounds.
//!
//! Source: Kubernetes, "Limit Ranges". A workspace is taken for one container, the pod's own sum.

use super::{evidence::Range, settings::Footprint};
use crate::contract::values::Quantity;

/// Why a rule refuses an attendee's workspace; `None` where it does not.
pub(super) fn refuses(range: &Range, each: &Footprint) -> Option<String> {
    let limits = each.limits.as_ref();
    let pod = [
        ("cpu", Some(each.cpu), limits.and_then(|limits| limits.cpu)),
        ("memory", Some(each.memory), limits.and_then(|limits| limits.memory)),
        ("ephemeral-storage", each.ephemeral_storage, limits.and_then(|limits| limits.ephemeral_storage)),
    ];
    let volume = [("storage", each.volume_size.filter(|_| each.volumes > 0), None)];
    let asked: &[(&str, Option<Quantity>, Option<Quantity>)] = match range.kind.as_str() {
        "Pod" | "Container" => &pod,
        "PersistentVolumeClaim" => &volume,
        _ => &[],
    };
    asked.iter().find_map(|(key, request, limit)| {
        let most = range.max.get(*key).copied().zip((*request).max(*limit)).filter(|(most, asked)| asked > most);
        let least = range.min.get(*key).copied().zip(*request).filter(|(least, asked)| asked < least);
        most.map(|(most, asked)| format!("{asked} of {key}, and at most {most} are allowed to a {}", range.kind))
            .or_else(|| {
                least.map(|(least, asked)| format!("{asked} of {key}, and a {} has at least {least}", range.kind))
            })
    })
}
