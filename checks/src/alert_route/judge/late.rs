//! Whether the first alert of a group waits too long before anybody is told.

use super::{
    super::{Expect, codes, route::Chosen},
    way::Way,
};
use crate::contract::{Finding, values::Period};

/// Of several routes that tell, the soonest counts.
pub(super) fn late(expect: &Expect, way: &Way<'_>, telling: &[&Chosen<'_>]) -> Option<Finding> {
    let soonest = telling.iter().min_by_key(|one| one.group_wait)?;
    let Period(wait) = soonest.group_wait;
    (wait > expect.told_within.0).then(|| {
        way.about(codes::LATE, "shorten `group_wait` of the route, or of the one that it inherits it from")
            .expected(format_args!("to be told within {}", expect.told_within))
            .seen(format_args!("{} waits {} for others of the group", soonest.receiver, soonest.group_wait))
    })
}
