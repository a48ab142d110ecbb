//! The source `github`: the connection's own token.
//!
//! GitHub tells of an end in a header, and where it does not, says nothing: a personal token without it never ends, of
//! all others (an app's, which live an hour or eight) nothing is known.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    moment::Moment,
    settings::GithubToken,
    source::Source,
};
use crate::{
    clients::{
        connections::Endpoint,
        github::{self, Own},
        http::Response,
    },
    contract::{Context, Invalid, Place, Secret, Unobserved, Why},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;

/// One GitHub source.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Secret,
}

impl Looking {
    pub(super) fn new(settings: &GithubToken, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "github", "github.connection")?;
        let token = super::token_of(&endpoint, "github.connection")?;
        Ok(Self { endpoint, token })
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let token = cx.reveal(&self.token)?;
        let source = Source::Github { url: super::shown(&self.endpoint.url) };
        let name = format!("the token of connection {}", self.endpoint.name);
        if let Some(standing) = super::empty(token.expose_secret()) {
            let look = Look::here(name.clone(), cx.now());
            return Ok(Evidence::of(source, look, vec![Key::of(name, standing)]));
        }
        let (key, answer) = told(cx, &self.endpoint, &token, &name).await?;
        Ok(Evidence::of(source, Look::of(&answer), vec![key]))
    }
}

/// What GitHub tells of `token`, which people call `name`, and the answer that tells it.
pub(super) async fn told(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    name: &str,
) -> Result<(Key, Arc<Response>), Unobserved> {
    let (own, answer) = github::own(cx, endpoint, token).await?;
    let key = match own {
        Own::Refused(says) => Key::of(name, Standing::Refused { says }),
        Own::Known(None) if github::is_personal(token) => {
            Key::ending(name, Ends::Never { told_by: "GitHub, which names no end of this personal token".to_owned() })
        }
        Own::Known(None) => {
            Key::ending(name, Ends::Untold { says: "GitHub names no end, and it is no personal token".to_owned() })
        }
        Own::Known(Some(text)) => {
            let moment = Moment::of_text(&text).ok_or_else(|| {
                Unobserved::new(Why::Malformed, &answer.asked, "GitHub-Authentication-Token-Expiration is no time")
                    .by_hand(answer.by_hand())
            })?;
            Key::ending(name, Ends::told(moment, "GitHub-Authentication-Token-Expiration"))
        }
    };
    Ok((key, answer))
}
