//! Who is in an organisation: the list of its members, and for whom it does not name, that person's own membership.
//!
//! A stranger to an organisation sees its public members alone, and 404 is "no member" as well as "no right". So the asker's
//! own membership is read first, at the very path at which the others' are. The list of invitations was rejected: it needs an
//! owner, and a membership says `pending` to any member.

use super::{Asking, barred, client, get};
use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Remedy, Unobserved, Why},
};
use futures::{StreamExt as _, stream};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

/// The right that all of it needs, as GitHub's token page calls it.
pub const MEMBERS_READ: &str = "Members: read of the organisation, as one of its members";
/// Members on a page, the most that GitHub gives.
const PER_PAGE: usize = 100;
/// The most pages of members that are read; whoever they do not name is asked for alone.
const MOST_PAGES: usize = 30;
/// How many people are asked for at once.
const AT_ONCE: usize = 8;

/// A person's standing in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A member.
    Active,
    /// Invited, and not yet in.
    Pending,
    /// Neither.
    Absent,
    /// GitHub has no account of this name.
    NoAccount,
}

/// Who asked, and what each person's standing is.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The login of the token's own user.
    pub asker: String,
    /// In the order in which they were asked for.
    pub people: Vec<Result<Standing, Unobserved>>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Membership {
    state: String,
}

/// An organisation at GitHub, and who asks for it.
pub struct Organisation<'a> {
    /// The run's view.
    pub cx: &'a Context,
    /// Where GitHub is.
    pub endpoint: &'a Endpoint,
    /// Who asks.
    pub token: &'a SecretString,
    /// The organisation's login.
    pub name: &'a str,
}

impl Organisation<'_> {
    /// The standing of each of `people`, by login.
    ///
    /// # Errors
    /// No answer, or an asker to whom nothing would be told.
    pub async fn standing(&self, people: &[String]) -> Result<Seen, Unobserved> {
        let by = self.asker().await?;
        let members = self.members(people).await?;
        let asked = people.iter().map(|login| {
            let is_member = members.contains(&login.to_ascii_lowercase());
            async move { if is_member { Ok(Standing::Active) } else { self.one(login).await } }
        });
        // Collected first: a stream of closures over a borrowed list is not general enough to be sent.
        let asked: Vec<_> = asked.collect();
        let people = stream::iter(asked).buffered(AT_ONCE).collect().await;
        Ok(Seen { asker: by, people })
    }

    /// The asker's login, once it is shown to be a member: only then does silence about another mean anything.
    async fn asker(&self) -> Result<String, Unobserved> {
        let login = self.own_login().await?;
        let control = self.fetch(&format!("/orgs/{}/memberships/{login}", self.name)).await?;
        if matches!(control.status, 403 | 404) {
            return Err(barred(&control).unwrap_or_else(|| self.outside(&control, &login)));
        }
        let membership: Membership = control.json()?;
        match membership.state.as_str() {
            "active" => Ok(login),
            _ => Err(self.outside(&control, &login)),
        }
    }

    async fn own_login(&self) -> Result<String, Unobserved> {
        let answer = self.fetch("/user").await?;
        if answer.status == 403 {
            let missing = barred(&answer).unwrap_or_else(|| answer.refusal());
            let detail = format!("{}: the token of a person is needed, a member of {}", missing.detail, self.name);
            return Err(Unobserved { detail, ..missing });
        }
        let user: User = answer.json()?;
        // It becomes part of a path.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if user.login.is_empty() || !user.login.bytes().all(is_plain) {
            let missing = Unobserved::new(Why::Malformed, &answer.asked, "the asker's login is none");
            return Err(missing.by_hand(answer.by_hand()));
        }
        Ok(user.login)
    }

    fn outside(&self, answer: &Response, login: &str) -> Unobserved {
        let name = self.name;
        let detail = format!(
            "to {login} nobody's membership of {name} is told: it is no active member, lacks the right, or there is no {name}"
        );
        Unobserved::new(Why::Forbidden, &answer.asked, detail).by_hand(Remedy::prose(format!(
            "look with a token of an active member of {name} that has Members: read, or correct `organisation`"
        )))
    }

    /// The members, in lower case: pages are read while they may name more people than are left to be asked for alone.
    async fn members(&self, people: &[String]) -> Result<BTreeSet<String>, Unobserved> {
        let mut members = BTreeSet::new();
        for page in 1..=MOST_PAGES {
            let path = format!("/orgs/{}/members?per_page={PER_PAGE}&page={page}", self.name);
            let answer = self.fetch(&path).await?;
            if let Some(missing) = barred(&answer) {
                return Err(missing);
            }
            let listed: Vec<User> = answer.json()?;
            members.extend(listed.into_iter().map(|user| user.login.to_ascii_lowercase()));
            let left = people.iter().filter(|login| !members.contains(&login.to_ascii_lowercase())).count();
            let (has_next, last) = pages(&answer);
            if !has_next || left <= last.saturating_sub(page) {
                break;
            }
        }
        Ok(members)
    }

    async fn one(&self, login: &str) -> Result<Standing, Unobserved> {
        let answer = self.fetch(&format!("/orgs/{}/memberships/{login}", self.name)).await?;
        if answer.status != 404 {
            if let Some(missing) = barred(&answer) {
                return Err(missing);
            }
            let membership: Membership = answer.json()?;
            return match membership.state.as_str() {
                "active" => Ok(Standing::Active),
                "pending" => Ok(Standing::Pending),
                _ => Err(Unobserved::new(Why::Malformed, &answer.asked, "a membership of no known state")
                    .by_hand(answer.by_hand())),
            };
        }
        let account = self.fetch(&format!("/users/{login}")).await?;
        match account.status {
            404 => Ok(Standing::NoAccount),
            _ => account.json::<User>().map(|_| Standing::Absent),
        }
    }

    /// The answer to `GET path`, through octocrab.
    async fn fetch(&self, path: &str) -> Result<Arc<Response>, Unobserved> {
        let last = Arc::<Mutex<Option<Arc<Response>>>>::default();
        let service = Asking { cx: self.cx.clone(), endpoint: self.endpoint.clone(), last: last.clone() };
        get(&client(service, self.endpoint, self.token)?, self.endpoint, path).await?;
        let answer = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        answer.ok_or_else(|| Unobserved::new(Why::Unconfigured, self.endpoint.url.as_str(), "no answer was kept"))
    }
}

/// Whether there is another page, and the number of the last, as the header `Link` says.
fn pages(answer: &Response) -> (bool, usize) {
    let link = answer.header("link").unwrap_or_default();
    let of = |word: &str| link.split(',').find(|part| part.contains(&format!("rel=\"{word}\"")));
    let last = of("last").and_then(|part| {
        let (_, number) = part.split_once("&page=").or_else(|| part.split_once("?page="))?;
        number.split(['&', '>']).next()?.parse().ok()
    });
    (of("next").is_some(), last.unwrap_or(MOST_PAGES))
}
