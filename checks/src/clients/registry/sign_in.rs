//! How a registry is shown who asks: nothing until it challenges, then Basic, or a token from the service that it names.
//!
//! The challenge is read, never guessed; a token is asked for once in the run (equal requests are) and lives in memory
//! only. No wider scope than `pull` is ever asked for.

use super::{
    challenge::{Challenge, challenges},
    realm,
};
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response, Via},
    },
    contract::{Context, Secret, Unobserved, Why},
};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

/// The most bytes of a token service's answer.
const MOST_TOKEN: usize = 256 << 10;

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Identity {
    /// Nobody in particular.
    Anonymous,
    /// A user and a password.
    User(String, Secret),
    /// A token that the registry itself takes.
    Token(Secret),
}

impl Identity {
    /// As the connection says. A token beside a user name is that user's password, as at ghcr.io.
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        match (endpoint.username.clone(), endpoint.password().or_else(|| endpoint.token()), endpoint.token()) {
            (Some(user), Some(password), _) => Self::User(user, password),
            (_, _, Some(token)) => Self::Token(token),
            _ => Self::Anonymous,
        }
    }

    pub(super) const fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }
}

/// What is sent with a request from then on.
#[derive(Clone, Debug)]
pub(super) enum Authorisation {
    Basic(String, SecretString),
    Bearer(SecretString),
}

impl Authorisation {
    pub(super) fn on(&self, ask: Ask) -> Ask {
        match self {
            Self::Basic(user, password) => ask.basic(user, password),
            Self::Bearer(token) => ask.bearer(token),
        }
    }
}

/// What came of a challenge.
pub(super) enum Answer {
    /// This is to be sent.
    Send(Authorisation),
    /// The token service refused; its answer says so.
    Refused(Arc<Response>),
}

/// The registry, the repository and who asks, for one challenge.
pub(super) struct SignIn<'a> {
    pub(super) registry: &'a Url,
    pub(super) repository: &'a str,
    pub(super) identity: &'a Identity,
    pub(super) via: &'a Via,
}

#[derive(Deserialize)]
struct Granted {
    token: Option<String>,
    access_token: Option<String>,
}

impl SignIn<'_> {
    /// Answers the challenges of a 401.
    pub(super) async fn answer(&self, cx: &Context, challenged: &Response) -> Result<Answer, Unobserved> {
        let read = challenged.headers.get_all("www-authenticate").iter().filter_map(|value| value.to_str().ok());
        let read: Vec<Challenge> = read.flat_map(challenges).collect();
        let of = |scheme: &str| read.iter().find(|challenge| challenge.scheme == scheme);
        match (of("bearer"), of("basic"), self.identity) {
            (Some(_), _, Identity::Token(token)) => Ok(Answer::Send(Authorisation::Bearer(cx.reveal(token)?))),
            (Some(bearer), ..) => self.token(cx, challenged, bearer).await,
            (None, Some(_), Identity::User(user, password)) => {
                Ok(Answer::Send(Authorisation::Basic(user.clone(), cx.reveal(password)?)))
            }
            _ => Err(self.unanswerable(challenged, &read)),
        }
    }

    async fn token(&self, cx: &Context, challenged: &Response, bearer: &Challenge) -> Result<Answer, Unobserved> {
        let Some(realm) = bearer.parameter("realm") else {
            return Err(Unobserved::new(Why::Malformed, &challenged.asked, "a Bearer challenge without a realm"));
        };
        let mut url = realm::admitted(realm, self.registry, cx.network()).await?;
        if !self.identity.is_anonymous() && !realm::is_same_house(&url, self.registry) {
            let detail = format!("its token service is another house's ({url}): the credential is not shown there");
            return Err(Unobserved::new(Why::Unauthorised, &challenged.asked, detail));
        }
        if let Some(service) = bearer.parameter("service") {
            url.query_pairs_mut().append_pair("service", service);
        }
        url.query_pairs_mut().append_pair("scope", &self.scope(bearer));
        let mut ask = Ask::to(url).via(self.via).at_most(MOST_TOKEN);
        if let Identity::User(user, password) = self.identity {
            ask = ask.basic(user, &cx.reveal(password)?);
        }
        let answer = cx.ask(ask).await?;
        if matches!(answer.status, 401 | 403) {
            return Ok(Answer::Refused(answer));
        }
        let granted: Granted = answer.json()?;
        let token = granted.token.or(granted.access_token).filter(|token| !token.is_empty());
        token.map(|token| Answer::Send(Authorisation::Bearer(token.into()))).ok_or_else(|| {
            Unobserved::new(Why::Malformed, &answer.asked, "the token service gave no token").by_hand(answer.by_hand())
        })
    }

    /// The challenge's scope where it is a pull and nothing else; the least that does otherwise.
    fn scope(&self, bearer: &Challenge) -> String {
        let least = format!("repository:{}:pull", self.repository);
        let asked = bearer.parameter("scope").filter(|scope| {
            scope.starts_with("repository:") && scope.ends_with(":pull") && !scope.contains(char::is_whitespace)
        });
        asked.map_or(least, str::to_owned)
    }

    fn unanswerable(&self, challenged: &Response, read: &[Challenge]) -> Unobserved {
        let schemes: Vec<&str> = read.iter().map(|challenge| challenge.scheme.as_str()).collect();
        let detail = match (schemes.is_empty(), self.identity) {
            (true, _) => "it asks for a credential without saying how".to_owned(),
            (_, Identity::Anonymous) => format!("it asks for a credential ({})", schemes.join(", ")),
            (_, Identity::Token(_)) => {
                format!("it takes no token ({}): give username and password", schemes.join(", "))
            }
            (_, Identity::User(..)) => format!("it takes no user and password ({})", schemes.join(", ")),
        };
        Unobserved::new(Why::Unauthorised, &challenged.asked, detail).by_hand(challenged.by_hand())
    }
}
