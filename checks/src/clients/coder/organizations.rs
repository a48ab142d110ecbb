//! Organisations, and what a 404 within one means.
//!
//! Coder answers 404 for what is not there and for what may not be read. Two control reads with the same token tell them
//! apart: `/users/me`, which every token that is let in may read, and the organisation itself, which its members may.

use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Remedy, Unobserved, Why},
};
use secrecy::SecretString;
use serde::Deserialize;

/// Why nothing of an organisation was seen.
#[derive(Clone, Debug)]
pub enum Missing {
    /// It does not exist: an owner, who would see it, does not.
    NoSuch(Unobserved),
    /// Anything else.
    Unseen(Unobserved),
}

impl From<Unobserved> for Missing {
    fn from(missing: Unobserved) -> Self {
        Self::Unseen(missing)
    }
}

/// One organisation, asked for with one token.
#[derive(Clone, Copy, Debug)]
pub struct Organization<'a> {
    /// The deployment.
    pub endpoint: &'a Endpoint,
    /// Who asks.
    pub token: &'a SecretString,
    /// Its name or its id.
    pub name: &'a str,
}

impl Organization<'_> {
    /// What an answer that is no 2xx means, to a read that needs `right`.
    pub(super) async fn refused(&self, cx: &Context, answer: &Response, right: &str) -> Missing {
        match answer.status {
            404 if answer.words().contains("Route not found") => Missing::Unseen(
                Unobserved::new(Why::NotFound, &answer.asked, "this release of Coder has no such list")
                    .by_hand(answer.by_hand()),
            ),
            404 => self.hidden(cx, answer, right).await.unwrap_or_else(Missing::Unseen),
            403 => Missing::Unseen(self.forbidden(answer, right)),
            _ => Missing::Unseen(answer.refusal()),
        }
    }

    async fn hidden(&self, cx: &Context, answer: &Response, right: &str) -> Result<Missing, Unobserved> {
        #[derive(Deserialize)]
        struct Me {
            #[serde(default)]
            roles: Option<Vec<Role>>,
        }
        #[derive(Deserialize)]
        struct Role {
            name: String,
        }
        let me: Me = super::ask(cx, self.endpoint, self.token, &["users", "me"]).await?.json()?;
        let own = super::ask(cx, self.endpoint, self.token, &["organizations", self.name]).await?;
        if own.status != 404 {
            own.granted()?;
            return Ok(Missing::Unseen(self.forbidden(answer, right)));
        }
        if me.roles.iter().flatten().any(|role| role.name == "owner") {
            let detail = format!("no organisation is called `{}`", self.name);
            return Ok(Missing::NoSuch(Unobserved::new(Why::NotFound, &answer.asked, detail)));
        }
        let detail = format!("the organisation `{}` is not there, or the token's user is not in it", self.name);
        let remedy = format!("see to the name, or make the user of connection {} a member", self.endpoint.name);
        Ok(Missing::Unseen(Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(Remedy::prose(remedy))))
    }

    fn forbidden(&self, answer: &Response, right: &str) -> Unobserved {
        let detail = format!("the token is let in, and lacks the right {right} in the organisation `{}`", self.name);
        let remedy = format!(
            "give the user of connection {} the role Organization Template Admin in `{}`, and an unscoped token",
            self.endpoint.name, self.name
        );
        Unobserved::new(Why::Forbidden, &answer.asked, detail).by_hand(Remedy::prose(remedy))
    }
}
