//! Organisations: who is in one, who is only invited, and to whom that is told.
//!
//! A stranger to an organisation sees its public members alone, and of nobody whether an invitation waits for him.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Github, Token, message};
use crate::serve::{Reply, Request};

/// A person's standing in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A member who shows it.
    Public,
    /// A member whom strangers do not see.
    Concealed,
    /// Invited, and not yet in.
    Pending,
}

/// An organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Everybody who is in it or invited, by login as it is written.
    pub people: BTreeMap<String, Standing>,
    /// The logins whose tokens lack the permission `Members: read`.
    pub denied: BTreeSet<String>,
    /// The logins whose tokens are not authorised for its single sign-on.
    pub unauthorised: BTreeSet<String>,
}

impl Organisation {
    /// An organisation of these people, all of them members whom strangers do not see.
    pub fn of<L: Into<String>>(people: impl IntoIterator<Item = L>) -> Self {
        let people = people.into_iter().map(|login| (login.into(), Standing::Concealed)).collect();
        Self { people, ..Self::default() }
    }

    fn find(&self, login: &str) -> Option<(&String, Standing)> {
        self.people
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(login))
            .map(|(known, standing)| (known, *standing))
    }

    fn has(&self, login: &str) -> bool {
        self.find(login).is_some_and(|(_, standing)| standing != Standing::Pending)
    }
}

/// What the paths of organisations and people answer to the owner of `token`; `None` for any other path.
pub(super) fn answer(github: &Github, token: Option<&Token>, request: &Request) -> Option<Reply> {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let asker = token.map(|token| token.login.as_str());
    match path.as_slice() {
        ["users", login] => Some(person(github, login)),
        ["orgs", organisation, rest @ ..] => {
            let Some((name, organisation)) =
                github.organisations.iter().find(|(name, _)| name.eq_ignore_ascii_case(organisation))
            else {
                return Some(message(404, "Not Found"));
            };
            if let Some(barred) = asker.and_then(|asker| barred(organisation, asker)) {
                return Some(barred);
            }
            match rest {
                ["members"] => Some(members(organisation, asker, request)),
                ["memberships", login] => Some(membership(name, organisation, asker, login)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn barred(organisation: &Organisation, asker: &str) -> Option<Reply> {
    if organisation.unauthorised.contains(asker) {
        let words = "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.";
        let sso = "required; url=https://github.com/orgs/example/sso?authorization_request=AAAA";
        return Some(message(403, words).header("x-github-sso", sso));
    }
    let is_denied = organisation.denied.contains(asker);
    is_denied.then(|| message(403, "Resource not accessible by personal access token"))
}

fn person(github: &Github, login: &str) -> Reply {
    let everybody = github.organisations.values().flat_map(|organisation| organisation.people.keys());
    let everybody = everybody.chain(&github.accounts).chain(github.tokens.values().map(|token| &token.login));
    match everybody.into_iter().find(|known| known.eq_ignore_ascii_case(login)) {
        Some(known) => Reply::json(200, &user(known)),
        None => message(404, "Not Found"),
    }
}

fn user(login: &str) -> Value {
    json!({ "login": login, "id": 1, "type": "User", "site_admin": false })
}

fn members(organisation: &Organisation, asker: Option<&str>, request: &Request) -> Reply {
    let is_inside = asker.is_some_and(|asker| organisation.has(asker));
    let is_shown = |standing: Standing| standing == Standing::Public || (is_inside && standing == Standing::Concealed);
    let all: Vec<&String> =
        organisation.people.iter().filter(|(_, standing)| is_shown(**standing)).map(|(login, _)| login).collect();
    let number = |name: &str, otherwise: usize| {
        request.parameter(name).and_then(|text| text.parse().ok()).filter(|number| *number > 0).unwrap_or(otherwise)
    };
    let (page, size) = (number("page", 1), number("per_page", 30).min(100));
    let last = all.len().div_ceil(size).max(1);
    let shown: Vec<Value> = all.iter().skip((page - 1) * size).take(size).map(|login| user(login)).collect();
    let reply = Reply::json(200, &Value::from(shown));
    if page >= last {
        return reply;
    }
    let link = |page: usize, word: &str| {
        format!("<https://{}{}?per_page={size}&page={page}>; rel=\"{word}\"", request.host, request.path)
    };
    reply.header("link", format!("{}, {}", link(page + 1, "next"), link(last, "last")))
}

fn membership(name: &str, organisation: &Organisation, asker: Option<&str>, login: &str) -> Reply {
    let Some(asker) = asker else { return message(401, "Requires authentication") };
    let is_own = asker.eq_ignore_ascii_case(login);
    let is_told = organisation.has(asker) || (is_own && organisation.find(asker).is_some());
    if !is_told {
        let words = format!("You must be a member of {name} to see membership information for {login}.");
        return if is_own { message(404, "Not Found") } else { message(403, &words) };
    }
    let Some((login, standing)) = organisation.find(login) else { return message(404, "Not Found") };
    let state = if standing == Standing::Pending { "pending" } else { "active" };
    let body = json!({
        "url": format!("https://api.github.com/orgs/{name}/memberships/{login}"), "state": state, "role": "member",
        "organization_url": format!("https://api.github.com/orgs/{name}"), "user": user(login),
        "organization": { "login": name, "id": 1 },
    });
    Reply::json(200, &body)
}
