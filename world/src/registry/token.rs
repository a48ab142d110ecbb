//! The token service of a registry: who gets a token for what, and which tokens still count.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::answer::error;
use super::store::Repository;
use crate::serve::{Reply, Request};

/// A token that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The repository it is good for; empty for one asked without a scope.
    pub repository: String,
    /// Whether it was given for credentials.
    pub is_anonymous: bool,
    /// Until when.
    pub expires: Timestamp,
}

/// The service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Where it is: `https://ghcr.io/token`.
    pub realm: String,
    /// Its name in the challenge.
    pub service: String,
    /// User to password.
    pub users: BTreeMap<String, String>,
    /// How long a token counts. Said in `expires_in` only if `says_lifetime`.
    pub lifetime: SignedDuration,
    /// Whether the answer has `expires_in` and `issued_at`; ghcr.io's has not.
    pub says_lifetime: bool,
    /// What was issued. Clear it, and every token is refused from then on.
    pub issued: BTreeMap<String, Grant>,
}

impl Tokens {
    /// A service that gives anyone a token for what is public.
    #[must_use]
    pub fn at(realm: &str, service: &str) -> Self {
        Self {
            realm: realm.to_owned(),
            service: service.to_owned(),
            users: BTreeMap::new(),
            lifetime: SignedDuration::from_mins(5),
            says_lifetime: false,
            issued: BTreeMap::new(),
        }
    }

    /// Whether this request is for the service itself.
    pub(super) fn is_asked(&self, request: &Request) -> bool {
        url::Url::parse(&self.realm).is_ok_and(|realm| realm.path() == request.path)
    }

    pub(super) fn answer(&mut self, repositories: &BTreeMap<String, Repository>, request: &Request) -> Reply {
        let user = match basic(request) {
            None => None,
            Some((user, password)) if self.users.get(&user) == Some(&password) => Some(user),
            Some(_) => return error(401, "UNAUTHORIZED", "authentication required", &json!(null)),
        };
        let scope = request.parameter("scope").unwrap_or_default();
        let repository = repository_of(&scope).unwrap_or_default();
        let may_pull = match repositories.get(&repository) {
            Some(found) => user.is_some() || !found.is_private,
            None => repository.is_empty(),
        };
        if !may_pull {
            return error(403, "DENIED", "requested access to the resource is denied", &json!(null));
        }
        self.issue(Grant {
            repository,
            is_anonymous: user.is_none(),
            expires: request.now.checked_add(self.lifetime).unwrap_or(Timestamp::MAX),
        })
    }

    fn issue(&mut self, grant: Grant) -> Reply {
        let token = STANDARD.encode(format!("v1:{}:{}", grant.repository, self.issued.len()));
        let mut body = json!({ "token": token });
        if self.says_lifetime {
            body["expires_in"] = json!(self.lifetime.as_secs());
            let issued = grant.expires.checked_sub(self.lifetime).unwrap_or(Timestamp::MIN);
            body["issued_at"] = json!(issued.to_string());
        }
        self.issued.insert(token, grant);
        Reply::json(200, &body)
    }

    /// The challenge, or `None` when the request's token is good for the repository.
    pub(super) fn challenge(&self, repository: &str, request: &Request) -> Option<Reply> {
        let mut challenge = format!(r#"Bearer realm="{}",service="{}""#, self.realm, self.service);
        if !repository.is_empty() {
            challenge = format!(r#"{challenge},scope="repository:{repository}:pull""#);
        }
        let unauthorized = |challenge: &str| {
            error(401, "UNAUTHORIZED", "authentication required", &json!(null)).header("www-authenticate", challenge)
        };
        let Some(token) = request.bearer() else {
            return Some(unauthorized(&challenge));
        };
        match self.issued.get(&token) {
            Some(grant) if grant.expires <= request.now => {
                challenge.push_str(r#",error="invalid_token""#);
                Some(unauthorized(&challenge))
            }
            Some(grant) if grant.repository == repository || repository.is_empty() => None,
            Some(_) => Some(error(403, "DENIED", "requested access to the resource is denied", &json!(null))),
            None => {
                challenge.push_str(r#",error="invalid_token""#);
                Some(unauthorized(&challenge))
            }
        }
    }
}

/// User and password of an `Authorization: Basic` header.
pub(super) fn basic(request: &Request) -> Option<(String, String)> {
    let value = request.header("authorization")?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn repository_of(scope: &str) -> Option<String> {
    let rest = scope.strip_prefix("repository:")?;
    let (name, _) = rest.rsplit_once(':')?;
    Some(name.to_owned())
}
