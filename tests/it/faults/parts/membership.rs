//! People: the list of members, and the asker's own membership.

use super::{super::product::GITHUB_TOKEN, Part};
use gonogo_world::{
    State,
    System::Github,
    github::{self, Format, Organisation, Token},
    incidents::Times,
};
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "member-list",
        (Github, "member-list.test", "/members?"),
        "probe: membership, with: { connection: member-list, organisation: acme, people: [guest-01, guest-02] }",
    ),
    Part::new(
        "own-membership",
        (Github, "own-membership.test", "/memberships/"),
        "probe: membership, with: { connection: own-membership, organisation: acme, people: [guest-01] }",
    ),
    Part::new(
        "own-login",
        (Github, "own-login.test", "/user"),
        "probe: membership, with: { connection: own-login, organisation: acme, people: [guest-01] }",
    ),
];

/// What the sound world holds for them.
pub fn add(state: &mut State, _: Times) {
    let token = Token { login: "checker".to_owned(), expires: None, format: Format::Utc };
    let api = github::Github {
        tokens: [(GITHUB_TOKEN.to_owned(), token)].into(),
        organisations: [("acme".to_owned(), Organisation::of(["checker", "guest-01", "guest-02"]))].into(),
        ..github::Github::default()
    };
    for part in PARTS {
        state.github.insert(format!("{}.test", part.name), api.clone());
    }
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    for part in PARTS {
        let url = format!("https://{}.test", part.name);
        all[part.name] = json!({ "kind": "github", "url": url, "token": { "file": "github-token" } });
    }
}
