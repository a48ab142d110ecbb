//! GitHub: whose a token is, and when it ends.

use gonogo_world::github::{Format, Github, Token};
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
    let github =
        Github { tokens: tokens.map(|(secret, token)| (secret.to_owned(), token)).into(), ..Github::default() };
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
