//! `membership`: everybody who will come is a member of the organisation that lets them in.
//!
//! A list of logins is held against GitHub; an invitation that waits is no membership. Whom GitHub does not name is told apart
//! from whom it does not show by reading the asker's own membership first.

mod evidence;
mod judge;
mod list;
mod observe;
mod settings;

use crate::{
    clients::{connections::Endpoint, github::membership::MEMBERS_READ},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Secret, Unobserved, Window},
};
use evidence::Evidence;
use settings::{Expect, Settings};

/// A list of people and the organisation that they must be in.
pub struct Membership {
    settings: Settings,
    endpoint: Endpoint,
    token: Secret,
}

impl Probe for Membership {
    const KIND: &'static str = "membership";
    const CODES: &'static [Code] = judge::CODES;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "github", "connection")?;
        let token = endpoint.token().ok_or_else(|| {
            let message =
                format!("connection `{}` has no token, and strangers are told of public members alone", endpoint.name);
            Invalid::new("connection", message).help("add `token: { env: … }` to the connection")
        })?;
        if list::login(&settings.organisation).as_ref() != Ok(&settings.organisation) {
            let message = format!("`{}` is no organisation's name", settings.organisation.escape_debug());
            return Err(Invalid::new("organisation", message).help("write it as it stands after `https://github.com/`"));
        }
        match (&settings.people, &settings.file) {
            (None, None) => {
                return Err(
                    Invalid::new("", "no list of people").help("add `people: [login, …]` or `file: people.txt`")
                );
            }
            (Some(_), Some(_)) => {
                return Err(
                    Invalid::new("file", "`people` and `file` are each a list of people").help("keep one of them")
                );
            }
            (Some(people), None) if people.is_empty() => {
                return Err(Invalid::new("people", "an empty list: nobody could be missing"));
            }
            (None, Some(file)) if file.trim().is_empty() || file.ends_with('/') => {
                return Err(Invalid::new("file", "this path names no file").help("write `participants.txt`"));
            }
            _ => {}
        }
        if settings.column.is_some() && !settings.file.as_deref().is_some_and(list::is_table) {
            return Err(Invalid::new("column", "only a file that ends in .csv has columns").help("leave it out"));
        }
        Ok(Self { settings, endpoint, token })
    }

    fn access(&self) -> Vec<Access> {
        vec![Access::new("github", MEMBERS_READ)]
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        self.look(cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clients::connections::Connections,
        contract::text::{Node, load, read},
    };

    fn node(text: &str) -> Node {
        load(0, text, &mut Vec::new()).expect("a map")
    }

    #[test]
    fn one_list_and_a_token_are_needed() {
        let named = [
            ("gh".to_owned(), node("{ kind: github, token: { env: GITHUB_TOKEN } }")),
            ("bare".to_owned(), node("{ kind: github }")),
        ];
        for (with, is_taken) in [
            ("{ connection: gh, organisation: acme, people: [a] }", true),
            ("{ connection: gh, organisation: acme, file: people.csv, column: GitHub }", true),
            ("{ connection: bare, organisation: acme, people: [a] }", false),
            ("{ connection: gh, organisation: acme }", false),
            ("{ connection: gh, organisation: acme, people: [] }", false),
            ("{ connection: gh, organisation: acme, people: [a], file: people.txt }", false),
            ("{ connection: gh, organisation: acme, file: ' ' }", false),
            ("{ connection: gh, organisation: acme, file: folder/ }", false),
            ("{ connection: gh, organisation: acme, people: [a], column: x }", false),
            ("{ connection: gh, organisation: acme, file: people.txt, column: x }", false),
            ("{ connection: gh, organisation: acme/x, people: [a] }", false),
            ("{ connection: gh, organisation: '@acme', people: [a] }", false),
        ] {
            let mut problems = Vec::new();
            let connections = Connections::read(&named, &[], &mut problems);
            let settings = read(&node(with), &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
            let made = Membership::new(settings, &Place::new(None, Vec::new(), connections));
            assert_eq!(made.is_ok(), is_taken, "{with}");
        }
    }
}
