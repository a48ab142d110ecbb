//! Sessions that STS gives for a token of a cluster: `AssumeRoleWithWebIdentity`, which nobody signs.

use jiff::{SignedDuration, Timestamp};

use super::Aws;
use super::identity::Identity;

/// A role that the service accounts of a cluster may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The tokens of the cluster that it trusts.
    pub trusts: Vec<String>,
    /// How long its sessions live.
    pub lives: SignedDuration,
}

/// A session that was given.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) ends: Timestamp,
}

impl Aws {
    /// Gives a session of the role `arn` to whoever shows a token that it trusts.
    pub(super) fn take_role(&mut self, arn: &str, token: &str, now: Timestamp) -> Result<Session, &'static str> {
        let role = self.roles.get(arn).filter(|role| role.trusts.iter().any(|trusted| trusted == token));
        let role = role.ok_or("Not authorized to perform sts:AssumeRoleWithWebIdentity")?;
        let ends = now.checked_add(role.lives).unwrap_or(Timestamp::MAX);
        let number = self.identities.len();
        let id = format!("ASIAWORLDSESSION{number:04}");
        let name = arn.rsplit('/').next().unwrap_or_default();
        let session = format!("arn:aws:sts::{}:assumed-role/{name}/gonogo", self.account);
        let identity = Identity {
            account: self.account.clone(),
            arn: session.clone(),
            user_id: format!("AROAWORLD:{number}"),
            expires: Some(ends),
            denied: Vec::new(),
        };
        self.identities.insert(id.clone(), identity);
        Ok(Session { id, arn: session, ends })
    }
}
