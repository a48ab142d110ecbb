//! `with` and `expect`: which parts of the deployment, and with what margins.

use crate::contract::{
    Invalid,
    values::{Period, Scaled},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to look at: at least one part.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connection, of kind `coder`.
    pub connection: String,
    /// The release that the server must run, whole: `v2.20.0+4b2f1c9`.
    #[serde(default)]
    pub build: Option<String>,
    /// The ways that the sign-in page must offer.
    #[serde(default)]
    pub sign_in: Vec<Method>,
    /// How people without an account get one.
    #[serde(default)]
    pub sign_up: Option<SignUp>,
    /// Who comes: each must have an account, or be able to get one by `sign_up`.
    #[serde(default)]
    pub participants: Option<Participants>,
    /// True to look at the licences' dates.
    #[serde(default)]
    pub licence: bool,
    /// True to look whether there are seats for the crowd.
    #[serde(default)]
    pub seats: bool,
    /// Features that must be licensed and on: `workspace_proxy`.
    #[serde(default)]
    pub features: Vec<String>,
    /// Tokens that must exist and last.
    #[serde(default)]
    pub tokens: Vec<TokenOf>,
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// A password.
    Password,
    /// GitHub.
    Github,
    /// `OpenID` Connect.
    Oidc,
}

impl Method {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Github => "github",
            Self::Oidc => "oidc",
        }
    }
}

/// A provider of identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Through {
    /// GitHub.
    Github,
    /// `OpenID` Connect.
    Oidc,
}

impl Through {
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Github => Method::Github,
            Self::Oidc => Method::Oidc,
        }
    }

    /// The setting of the server that lets newcomers in.
    pub(super) const fn setting(self) -> &'static str {
        match self {
            Self::Github => "CODER_OAUTH2_GITHUB_ALLOW_SIGNUPS",
            Self::Oidc => "CODER_OIDC_ALLOW_SIGNUPS",
        }
    }
}

/// How people without an account get one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// Through which provider.
    pub through: Through,
    /// GitHub's organisations whose members must be let in, and no others.
    #[serde(default)]
    pub organisations: Option<Vec<String>>,
    /// The teams of GitHub (`coder/workshop`), or the domains of addresses and the groups of `OpenID` Connect, that sign-in is
    /// meant to be narrowed to.
    #[serde(default)]
    pub only: Vec<String>,
}

/// Who comes: exactly one of the two.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Participants {
    /// Their logins or addresses.
    #[serde(default)]
    pub names: Vec<String>,
    /// A file with one login or address a line, relative to the checklist; what follows a `#` does not count.
    #[serde(default)]
    pub file: Option<String>,
}

/// A token, by its name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenOf {
    /// Its name.
    pub name: String,
    /// Whose it is, where it is not the connection's own user.
    #[serde(default)]
    pub user: Option<String>,
}

/// With what margins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How long after the event's end a licence must still be in force. Never less than the event's window.
    #[serde(default = "a_week")]
    pub licence_past_event: Period,
    /// The same of tokens.
    #[serde(default = "a_week")]
    pub tokens_past_event: Period,
    /// True where a trial licence is as good as any.
    #[serde(default)]
    pub trial: bool,
    /// How many become active users; unless said, the attendees less those participants who are active already, and of a list
    /// that is longer than the event as many of the others as may come.
    #[serde(default)]
    pub newcomers: Option<Scaled>,
}

/// The week that a long-lived credential must outlast the event by.
const fn a_week() -> Period {
    Period::days(7)
}

impl Settings {
    /// Whether any part needs a token.
    pub(super) fn needs_token(&self) -> bool {
        let is_entitled = self.licence || self.seats || !self.features.is_empty();
        self.sign_up.is_some() || self.participants.is_some() || is_entitled || !self.tokens.is_empty()
    }

    pub(super) fn check(&self) -> Result<(), Invalid> {
        if !self.needs_token() && self.build.is_none() && self.sign_in.is_empty() {
            return Err(Invalid::new("", "nothing is asked of the deployment").help(
                "name at least one of `build`, `sign_in`, `sign_up`, `participants`, `licence`, `seats`, `features`, `tokens`",
            ));
        }
        let blank = |names: &[String]| names.iter().position(|name| name.trim().is_empty());
        if self.build.as_ref().is_some_and(|build| build.trim().is_empty()) {
            return Err(Invalid::new("build", "an empty release is none"));
        }
        if let Some(at) = blank(&self.features) {
            return Err(Invalid::new(&format!("features.{at}"), "an empty name names no feature"));
        }
        let names =
            |token: &TokenOf| token.name.trim().is_empty() || token.user.as_ref().is_some_and(|u| u.trim().is_empty());
        if let Some(at) = self.tokens.iter().position(names) {
            return Err(Invalid::new(&format!("tokens.{at}"), "an empty name names no token"));
        }
        self.check_people()
    }

    fn check_people(&self) -> Result<(), Invalid> {
        if let Some(SignUp { through, organisations: Some(organisations), .. }) = &self.sign_up {
            if *through == Through::Oidc {
                return Err(Invalid::new("sign_up.organisations", "organisations are GitHub's")
                    .help("leave them out, or write `through: github`"));
            }
            if organisations.is_empty() || organisations.iter().any(|name| name.trim().is_empty()) {
                return Err(Invalid::new("sign_up.organisations", "no organisation is named")
                    .help("name at least one, or leave `organisations` out"));
            }
        }
        let Some(Participants { names, file }) = &self.participants else { return Ok(()) };
        match (names.is_empty(), file) {
            (true, None) => {
                Err(Invalid::new("participants", "nobody is named")
                    .help("add `names: [ann]` or `file: participants.txt`"))
            }
            (false, Some(_)) => {
                Err(Invalid::new("participants.file", "`names` and `file` each say who comes").help("keep one"))
            }
            _ if names.iter().any(|name| name.trim().is_empty()) => {
                Err(Invalid::new("participants.names", "an empty name is nobody's"))
            }
            _ => Ok(()),
        }
    }
}
