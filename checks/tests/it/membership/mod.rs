//! People against an organisation of the world's GitHub.

use crate::spoilt;
use gonogo_checks::{
    clients::{Network, Reach, connections::Connections, network::NetworkSettings},
    contract::{
        Context, Finding, Place, SecretRef, Unobserved, Vault, Weight, Why, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    Fault, Rule, State, System, World,
    github::{Format, Github, Organisation, Standing, Token},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::{fs, net::SocketAddr, sync::Arc};
use tempfile::TempDir;

const TOKEN: &str = "ghp_worldworldworldworldworldworldworld1";
const HOST: &str = "api.github.com";

struct Stage {
    world: World,
    folder: TempDir,
}

/// Three guests and the checker are in, strangers exist.
fn organisation() -> Organisation {
    Organisation::of(["checker", "Guest-01", "guest-02", "guest-03"])
}

impl Stage {
    async fn of(organisation: Organisation) -> Self {
        let mut state = State::empty(Timestamp::now());
        let token = Token { login: "checker".to_owned(), expires: None, format: Format::Utc };
        let github = Github {
            tokens: [(TOKEN.to_owned(), token)].into(),
            organisations: [("acme".to_owned(), organisation)].into(),
            accounts: ["stranger".to_owned()].into(),
            ..Github::default()
        };
        state.github.insert(HOST.to_owned(), github);
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        Self { world, folder }
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(SocketAddr::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        vault.keep(SecretRef::Env("GH".to_owned()), SecretString::from(TOKEN));
        let base = self.folder.path().to_owned();
        Context::new(Arc::new(Reach::new(network, vault, 16, base)), "item", 7)
    }

    async fn findings(&self, list: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
        let mut problems = Vec::new();
        let named = [("gh".to_owned(), node("{ kind: github, token: { env: GH } }"))];
        let place = Place::new(None, Vec::new(), Connections::read(&named, &[], &mut problems));
        let with = format!("{{ connection: gh, organisation: ACME, {list} }}");
        let kind = kind("membership").expect("a row of the catalogue");
        let item = (kind.item)(&node(&with), &node(expect), &place, &mut problems);
        let item = item.unwrap_or_else(|| panic!("{problems:?}"));
        let evidence = item.observe(&self.context()).await?;
        Ok(item.judge(&evidence, &window()).expect("its own evidence"))
    }

    /// Code and what was seen.
    async fn seen(&self, list: &str, expect: &str) -> Vec<(&'static str, String)> {
        let found = self.findings(list, expect).await.unwrap_or_else(|missing| panic!("{list}: {missing}"));
        found.into_iter().map(|finding| (finding.code, finding.seen)).collect()
    }

    fn asked(&self, path: &str) -> usize {
        self.world.requests().iter().filter(|asked| asked.path.contains(path)).count()
    }
}

fn node(text: &str) -> Node {
    let mut problems = Vec::new();
    load(0, text, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

fn window() -> Window {
    let now = Timestamp::now();
    let after = |hours| now + SignedDuration::from_hours(hours);
    let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
    Window { now, starts: after(48), ends: after(50), lead, tail, zone: TimeZone::UTC, attendees: Some(3) }
}

#[tokio::test]
async fn members_in_whatever_letters_pass_with_one_page_for_all_of_them() {
    let stage = Stage::of(organisation()).await;
    assert_eq!(stage.seen("people: [guest-01, GUEST-02, '@guest-03']", "{ at_least: 3 }").await, []);
    assert_eq!((stage.asked("/members?"), stage.asked("/memberships/"), stage.asked("/user")), (1, 1, 1));
}

#[tokio::test]
async fn whoever_is_not_in_is_named_by_what_mends_it() {
    let mut organisation = organisation();
    organisation.people.insert("guest-02".to_owned(), Standing::Pending);
    let stage = Stage::of(organisation).await;
    let seen = stage.seen("people: [guest-01, guest-02, stranger, nobody, a@example.com]", "{}").await;
    assert_eq!(
        seen,
        [
            ("people-absent", "1 of 5: stranger".to_owned()),
            ("people-pending", "1 of 5: guest-02".to_owned()),
            ("no-such-login", "2 of 5: nobody, a@example.com".to_owned()),
            ("more-than-planned", "5 people".to_owned()),
        ]
    );
}

#[tokio::test]
async fn a_file_is_read_beside_the_checklist_as_lines_or_as_a_table() {
    let stage = Stage::of(organisation()).await;
    let write = |name: &str, text: &str| fs::write(stage.folder.path().join(name), text).expect("a file");
    write("people.txt", "# who comes\nguest-01\nguest-01\nguest-02 # late\n");
    let seen = stage.seen("file: people.txt", "{ at_least: { by_attendees: { 3: 3 } } }").await;
    assert_eq!(seen, [("few-listed", "2 people".to_owned()), ("listed-twice", "guest-01".to_owned())]);
    write("people.csv", "name,handle\nOne,guest-01\nTwo,guest-02\n");
    assert_eq!(stage.seen("file: people.csv, column: Handle", "{}").await, []);
    write("gap.csv", "name,github\nOne,guest-01\n,\nTwo,\n");
    assert_eq!(stage.seen("file: gap.csv", "{}").await, [("no-such-login", "1 of 2: row 4: no login".to_owned())]);
    let no_column = stage.findings("file: people.csv", "{}").await.expect_err("no such column");
    assert_eq!(no_column.why, Why::Malformed);
    write("empty.txt", "# nobody yet\n");
    assert_eq!(stage.seen("file: empty.txt", "{}").await, [("nobody-listed", "nobody".to_owned())]);
    let absent = stage.findings("file: gone.txt", "{}").await.expect_err("no file");
    assert_eq!((absent.why, absent.asked.as_str()), (Why::Unconfigured, "file gone.txt"));
}

#[tokio::test]
async fn an_asker_to_whom_nothing_is_told_calls_nobody_absent() {
    type Case = (&'static str, fn(&mut Organisation), &'static str);
    let cases: [Case; 5] = [
        ("outside", |acme| _ = acme.people.remove("checker"), "no active member"),
        ("only invited", |acme| _ = acme.people.insert("checker".to_owned(), Standing::Pending), "no active member"),
        ("no right", |acme| _ = acme.denied.insert("checker".to_owned()), "lacks the right"),
        ("no sign-on", |acme| _ = acme.unauthorised.insert("checker".to_owned()), "single sign-on"),
        ("another", |acme| acme.people.clear(), "there is no ACME"),
    ];
    for (name, change, words) in cases {
        let mut organisation = organisation();
        change(&mut organisation);
        let stage = Stage::of(organisation).await;
        let missing = stage.findings("people: [stranger]", "{}").await.expect_err(name);
        assert_eq!(missing.why, Why::Forbidden, "{name}: {missing}");
        assert!(missing.detail.contains(words) && missing.remedy.is_some(), "{name}: {missing:?}");
        assert_eq!(stage.asked("/memberships/stranger"), 0, "{name}");
    }
}

#[tokio::test]
async fn a_large_organisation_is_not_read_whole_for_a_few_people() {
    let mut large = Organisation::of((0..950).map(|number| format!("other-{number:03}")));
    large.people.extend(organisation().people.into_iter().map(|(login, standing)| (format!("z{login}"), standing)));
    large.people.insert("checker".to_owned(), Standing::Concealed);
    let stage = Stage::of(large).await;
    assert_eq!(stage.seen("people: [zguest-01, zguest-02]", "{}").await.len(), 0);
    // One page of ten, and the two who are not on it; the checker itself makes three.
    assert_eq!((stage.asked("/members?"), stage.asked("/memberships/")), (1, 3));
    let many: Vec<String> = (0..950).map(|number| format!("other-{number:03}")).collect();
    let seen = stage.seen(&format!("people: [{}]", many.join(", ")), "{}").await;
    assert_eq!(seen, [("more-than-planned", "950 people".to_owned())]);
    assert!(stage.asked("/members?") >= 10 && stage.asked("/memberships/other") == 0);
}

#[tokio::test]
async fn one_person_who_could_not_be_looked_at_is_unknown_beside_the_others() {
    let stage = Stage::of(organisation()).await;
    let rule = Rule::on(System::Github, Fault::Status(500, None)).path("/memberships/stranger");
    stage.world.inject(rule).expect("a rule");
    let found = stage.findings("people: [guest-01, stranger, nobody]", "{}").await.expect("seen");
    let codes: Vec<_> = found.iter().map(|finding| (finding.code, finding.weight)).collect();
    assert_eq!(codes, [("no-such-login", Weight::Fail), ("server-error", Weight::Unknown)]);
    assert!(found[1].seen.ends_with("so for 1 of 3: stranger"), "{}", found[1].seen);
}

#[tokio::test]
async fn whatever_goes_wrong_is_never_a_pass() {
    for fault in spoilt::FAULTS {
        for path in ["/user", "/orgs/ACME/members?", "/orgs/ACME/memberships/checker"] {
            let stage = Stage::of(organisation()).await;
            stage.world.inject(Rule::on(System::Github, fault).path(path)).expect("a rule");
            let seen = stage.findings("people: [guest-01]", "{}").await;
            assert!(seen.is_err(), "{fault:?} at {path}: {seen:?}");
        }
    }
}
