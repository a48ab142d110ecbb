//! Who builds workspaces, as Coder sees them: the provisioners of its three organisations, each with its region's tag.
//!
//! The workshop's organisation grows with the crowd; the other two have two provisioners each. The token's user is
//! Organization Template Admin in all three, which is what a checker needs.

use super::SERVER;
use crate::coder::provisioning::Organization;
use crate::state::State;

/// The organisations, and how many provisioners each has.
const ORGANIZATIONS: [(&str, usize); 3] = [(WORKSHOP, 10), ("experiment", 2), ("demo", 2)];
/// The organisation that the workshop is held in.
const WORKSHOP: &str = "coder";
const TAGS: [(&str, &str); 1] = [("region", SERVER.region)];

pub(super) fn add(state: &mut State) {
    let Some(user) = state.coder.users.first().map(|user| user.id.clone()) else {
        return;
    };
    for (number, (name, count)) in (1..).zip(ORGANIZATIONS) {
        let mut organization = Organization::new(number, name).member(&user, &["organization-template-admin"]);
        organization.staff(count, &version(state), &TAGS);
        state.coder.provisioning.organizations.push(organization);
    }
}

/// So many provisioners in the workshop's organisation, of the server's own build.
pub(super) fn register(state: &mut State, count: usize) {
    let version = version(state);
    if let Some(organization) = state.coder.provisioning.organization_mut(WORKSHOP) {
        organization.staff(count, &version, &TAGS);
    }
}

fn version(state: &State) -> String {
    state.coder.regions.first().map_or_else(String::new, |server| server.version.clone())
}
