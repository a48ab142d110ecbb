//! Coder's users. Whoever may not read users is shown themself alone, with status 200.

use super::granted::{granted, missing};
use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Unobserved, Why},
};
use secrecy::SecretString;
use serde::Deserialize;

/// The right that reading them needs, and who has it.
pub const RIGHT: &str = "user:read (User Admin, Auditor or Owner)";
/// The most users on a page.
const PAGE: usize = 100;
/// The most pages that are read.
const PAGES: usize = 100;

/// A user.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// A UUID.
    pub id: String,
    /// The login.
    pub username: String,
    /// The address; empty where it may not be seen.
    #[serde(default)]
    pub email: String,
    /// `active`; `dormant`, which becomes active when they sign in; `suspended`, who cannot.
    pub status: String,
    #[serde(default)]
    roles: Option<Vec<Role>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Role {
    name: String,
}

impl User {
    fn sees_users(&self) -> bool {
        self.roles.iter().flatten().any(|role| ["owner", "user-admin", "auditor"].contains(&role.name.as_str()))
    }
}

/// Who asks: `GET /api/v2/users/me`, the read that every token may make.
///
/// # Errors
/// No answer, a token that is refused, or an answer that cannot be read.
pub async fn me(cx: &Context, endpoint: &Endpoint, token: &SecretString) -> Result<User, Unobserved> {
    super::ask(cx, endpoint, token, &["users", "me"]).await?.json()
}

/// A user by name or id: `GET /api/v2/users/{user}`.
///
/// # Errors
/// No answer, no such user or no right, or an answer that cannot be read.
pub async fn user(cx: &Context, endpoint: &Endpoint, token: &SecretString, named: &str) -> Result<User, Unobserved> {
    granted(cx, endpoint, token, super::address(endpoint, &["users", named])?, RIGHT).await?.json()
}

/// Every user: `GET /api/v2/users`.
///
/// # Errors
/// No answer, no right, a list that cannot be read or is not whole.
pub async fn users(cx: &Context, endpoint: &Endpoint, token: &SecretString) -> Result<Vec<User>, Unobserved> {
    #[derive(Deserialize)]
    struct Page {
        users: Vec<User>,
        count: usize,
    }
    let mut all: Vec<User> = Vec::new();
    loop {
        let mut url = super::address(endpoint, &["users"])?;
        let offset = all.len().to_string();
        url.query_pairs_mut().append_pair("limit", &PAGE.to_string()).append_pair("offset", &offset);
        let answer = granted(cx, endpoint, token, url, RIGHT).await?;
        let page: Page = answer.json()?;
        let got = page.users.len();
        all.extend(page.users);
        if all.len() >= page.count {
            return if all.len() < 2 { alone(cx, endpoint, token, all, &answer).await } else { Ok(all) };
        }
        if got == 0 || all.len() >= PAGE * PAGES {
            let detail = format!("{} users were announced, {} came", page.count, all.len());
            return Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand()));
        }
    }
}

/// A list of one is whole only to a user who sees the others.
async fn alone(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    all: Vec<User>,
    answer: &Response,
) -> Result<Vec<User>, Unobserved> {
    let me = me(cx, endpoint, token).await?;
    if me.sees_users() { Ok(all) } else { Err(missing(&answer.asked, &me.username, &endpoint.name, RIGHT)) }
}
