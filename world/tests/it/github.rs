//! GitHub: whose a token is, and when it ends.

use gonogo_world::github::{Format, Github, Organisation, Push, Standing, Token};
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

/// Who sees what of an organisation of 250 with one who is invited: its own member, a stranger, and those who are barred.
#[tokio::test]
async fn an_organisation_is_told_page_by_page_and_to_its_members_alone() {
    let mut state = State::empty("2026-11-22T08:00:00Z".parse().expect("a time"));
    let mut organisation = Organisation::of((0..250).map(|number| format!("Guest-{number:03}")));
    organisation.people.insert("guest-invited".to_owned(), Standing::Pending);
    organisation.people.insert("guest-shown".to_owned(), Standing::Public);
    organisation.denied.insert("guest-001".to_owned());
    organisation.unauthorised.insert("guest-002".to_owned());
    let logins = [("in", "guest-000"), ("out", "stranger"), ("denied", "guest-001"), ("sso", "guest-002")];
    let token = |login: &str| Token { login: login.to_owned(), expires: None, format: Format::Utc };
    let tokens = logins.map(|(secret, login)| (secret.to_owned(), token(login))).into();
    let organisations = [("Example".to_owned(), organisation)].into();
    state.github.insert("api.github.com".to_owned(), Github { tokens, organisations, ..Github::default() });
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    let ask = async |secret: &str, path: &str| {
        let bearer = format!("Bearer {secret}");
        get(&client, &format!("https://api.github.com/{path}"), &[("authorization", &bearer)]).await
    };
    let page = ask("in", "orgs/example/members?per_page=100&page=3").await;
    assert_eq!((page.json().as_array().map(Vec::len), page.header("link")), (Some(51), None));
    let first = ask("in", "orgs/example/members?per_page=100").await;
    assert!(first.header("link").is_some_and(|link| link.contains("page=2>; rel=\"next\"")), "{first:?}");
    assert_eq!(ask("out", "orgs/example/members").await.json().as_array().map(Vec::len), Some(1));
    let state = async |secret: &str, login: &str| {
        let answer = ask(secret, &format!("orgs/example/memberships/{login}")).await;
        (answer.status, answer.json()["state"].as_str().map(str::to_owned))
    };
    assert_eq!(state("in", "GUEST-007").await, (200, Some("active".to_owned())));
    assert_eq!(state("in", "guest-invited").await, (200, Some("pending".to_owned())));
    assert_eq!(state("in", "stranger").await, (404, None));
    assert_eq!(state("out", "guest-007").await, (403, None));
    assert_eq!(state("out", "stranger").await, (404, None));
    assert_eq!(state("denied", "guest-007").await, (403, None));
    let sso = ask("sso", "orgs/example/members").await;
    assert!(sso.status == 403 && sso.header("x-github-sso").is_some(), "{sso:?}");
    assert_eq!((ask("in", "users/STRANGER").await.status, ask("in", "users/nobody").await.status), (200, 404));
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
