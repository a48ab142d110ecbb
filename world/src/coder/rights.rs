//! Who may read of an organisation: its members see it, its template administrators see who builds for it.

use super::people::{Token, User};
use super::provisioning::Organization;

/// What a caller may, by their roles. No narrow scope of a token covers provisioners.
pub(super) struct Rights<'a> {
    user: &'a User,
    is_whole: bool,
}

impl<'a> Rights<'a> {
    pub(super) fn of((token, user): (&Token, &'a User)) -> Self {
        Self { user, is_whole: token.reads_all() }
    }

    fn has(&self, role: &str) -> bool {
        self.user.roles.iter().any(|own| own == role)
    }

    pub(super) fn sees(&self, organization: &Organization) -> bool {
        self.has("owner") || organization.members.contains_key(&self.user.id)
    }

    /// Owners, administrators and template administrators of the organisation; `others` for the whole deployment.
    pub(super) fn reads(&self, organization: &Organization, others: &[&str]) -> bool {
        let own = organization.members.get(&self.user.id);
        let within = ["organization-admin", "organization-template-admin"];
        let is_within = own.is_some_and(|roles| roles.iter().any(|role| within.contains(&role.as_str())));
        self.is_whole && (is_within || self.has("owner") || others.iter().any(|role| self.has(role)))
    }
}
