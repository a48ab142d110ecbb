//! GitHub: whose a token is, and when it ends.

use gonogo_world::github::{Format, Github, Push, Token};
use gonogo_world::{State, World};

use crate::client::{client, get};

const EXPIRY: &str = "github-authentication-token-expiration";

fn token(expires: Option<&str>, format: Format) -> Token {
    Token { login: "octocat".to_owned(), expires: expires.map(|expires| expires.parse().expect("a time")), format }
}

#[tokio::test]
async fn an_expiry_is_written_in_either_format_or_left_out() {
    let mut state = State::empty("2026-11-22T08:00:00Z".parse().expect("a time"));
    let tokens = [
        ("ghp_utc", token(Some("2026-12-03T02:34:04Z"), Format::Utc)),
        ("ghp_offset", token(Some("2026-12-03T18:23:26Z"), Format::Offset)),
        ("ghp_never", token(None, Format::Utc)),
        ("ghp_old", token(Some("2026-11-01T00:00:00Z"), Format::Utc)),
    ];
    let tokens = tokens.map(|(secret, token)| (secret.to_owned(), token)).into();
    let github = Github { tokens, ..Github::default() };
    state.github.insert("api.github.com".to_owned(), github);
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    let url = "https://api.github.com/user";
    let expiry = async |secret: &str| {
        let bearer = format!("Bearer {secret}");
        let answer = get(&client, url, &[("authorization", &bearer)]).await;
        (answer.status, answer.header(EXPIRY).map(str::to_owned))
    };
    assert_eq!(expiry("ghp_utc").await, (200, Some("2026-12-03 02:34:04 UTC".to_owned())));
    assert_eq!(expiry("ghp_offset").await, (200, Some("2026-12-03 20:23:26 +0200".to_owned())));
    assert_eq!(expiry("ghp_never").await, (200, None));
    assert_eq!(expiry("ghp_old").await, (401, None));
    let limits = get(&client, "https://api.github.com/rate_limit", &[]).await;
    assert_eq!((limits.status, limits.json()["rate"]["limit"].as_u64()), (200, Some(60)));
}

#[tokio::test]
async fn pushes_to_a_branch_are_told_to_who_may_see_the_repository() {
    let now = "2026-11-22T08:00:00Z".parse().expect("a time");
    let mut state = State::empty(now);
    let pushes = vec![Push::to("main", now, "ada"), Push::to("try", now, "bob")];
    let github = Github {
        tokens: [("ghp_reader".to_owned(), token(None, Format::Utc))].into(),
        pushes: [("acme/estate".to_owned(), pushes)].into(),
        ..Github::default()
    };
    state.github.insert("api.github.com".to_owned(), github);
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    let at = |name: &str| format!("https://api.github.com/repos/{name}/activity?ref=refs%2Fheads%2Fmain&per_page=30");
    let bearer = ("authorization", "Bearer ghp_reader");
    let seen = get(&client, &at("acme/estate"), &[bearer]).await;
    let listed = seen.json();
    assert_eq!((seen.status, listed.as_array().expect("a list").len()), (200, 1));
    assert_eq!(
        (listed[0]["ref"].as_str(), listed[0]["actor"]["login"].as_str()),
        (Some("refs/heads/main"), Some("ada"))
    );
    assert_eq!(listed[0]["timestamp"], "2026-11-22T08:00:00Z");
    assert_eq!(get(&client, &at("acme/hidden"), &[bearer]).await.status, 404);
    assert_eq!(get(&client, &at("acme/estate"), &[]).await.status, 404);
}
