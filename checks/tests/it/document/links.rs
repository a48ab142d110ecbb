//! Links, hosts, headings and files, of a document in a file and of one behind a URL.

use super::{codes, found, look, pairs, stage, workshop as sound};
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault, Rule, State, System,
    dns::{Dns, Zone},
    web::{Page, Site},
};
use jiff::Timestamp;

const FILE: &str = "{ file: RUNBOOK.md }";

fn handbook(pages: &[(&str, Page)]) -> State {
    let mut state = State::empty(Timestamp::now());
    let site = Site { otherwise: Page::text(404, "not found\n"), ..Site::at("handbook.test", &[]) };
    let site = pages.iter().fold(site, |site, (path, page)| site.page(path, page.clone()));
    state.web.insert("handbook.test".to_owned(), site);
    state.dns = Dns::default().zone(Zone::new("known.test").address("known.test", "203.0.113.9"));
    state
}

#[tokio::test]
async fn headings_and_files_must_be_there() {
    let text = "# One\n\n[a](#one) [b](#two) [c](other.md) [d](other.md#there) [e](other.md#gone) [f](gone.png) [g](mailto:x@y.test) [h][nowhere]\n";
    let stage = sound(text).await;
    std::fs::write(stage.path().join("other.md"), "## There\n").expect("a file");
    let (_, findings) = look(&stage, FILE, "{}").await.expect("seen");
    let wanted = [
        ("anchor-absent", "#two"),
        ("file-absent", "other.md#gone"),
        ("file-absent", "gone.png"),
        ("anchor-absent", "#[nowhere]"),
    ];
    assert_eq!(codes(&findings), pairs(&wanted));
}

#[tokio::test]
async fn a_url_is_there_when_it_answers_that_something_is() {
    let pages = [
        ("/ok", Page::text(200, "ok")),
        ("/secret", Page::text(401, "who?")),
        ("/private", Page::text(403, "no")),
        ("/moved", Page::redirect(302, "https://handbook.test/ok")),
        ("/astray", Page::redirect(302, "https://handbook.test/nowhere")),
        ("/broken", Page::text(500, "oh")),
        ("/busy", Page::text(429, "later")),
        ("/gone", Page::text(410, "")),
    ];
    let links: Vec<String> =
        pages.iter().map(|(path, _)| format!("https://user:pass@handbook.test{path}#part")).collect();
    let links = links.join("\n");
    let text = format!(
        "{links}\n<https://handbook.test/nowhere> <https://nobody.test/> `dig known.test` `nslookup nobody.test`"
    );
    let stage = stage(handbook(&pages), &text).await;
    let (evidence, findings) = look(&stage, "{ file: RUNBOOK.md, clusters: [] }", "{}").await.expect("seen");
    let wanted = [
        ("url-gone", "https://handbook.test/astray"),
        ("url-failing", "https://handbook.test/broken"),
        ("url-gone", "https://handbook.test/gone"),
        ("url-gone", "https://handbook.test/nowhere"),
        ("host-unresolved", "https://nobody.test/"),
        ("host-unresolved", "nobody.test"),
        ("throttled", "GET https://handbook.test/busy"),
    ];
    assert_eq!(codes(&findings), pairs(&wanted), "{evidence:#}");
    assert!(!evidence.to_string().contains("pass@"), "a password was kept");
}

#[tokio::test]
async fn not_found_is_no_absence_where_what_is_private_is_answered_alike() {
    let mut scene =
        handbook(&[("/hidden", Page::json(404, r#"{"message":"it is not there or you do not have access to it"}"#))]);
    let site = Site { otherwise: Page::text(404, "Not Found"), ..Site::at("github.com", &[]) };
    scene.web.insert("github.com".to_owned(), site);
    let site = Site { otherwise: Page::json(404, "{}"), ..Site::at("api.github.com", &[]) };
    scene.web.insert("api.github.com".to_owned(), site);
    let text = "https://github.com/example/private https://handbook.test/hidden https://api.github.com/repos/a/b";
    let stage = stage(scene, text).await;
    let (_, findings) = look(&stage, FILE, "{}").await.expect("seen");
    let wanted = [
        ("not-found", "GET https://github.com/example/private"),
        ("not-found", "GET https://handbook.test/hidden"),
        ("not-found", "GET https://api.github.com/repos/a/b"),
    ];
    assert_eq!(codes(&findings), pairs(&wanted));
}

#[tokio::test]
async fn a_resolver_that_fails_is_unknown_and_no_absent_host() {
    let stage = stage(handbook(&[]), "`dig known.test` https://other.known.test/").await;
    stage.world.inject(Rule::on(System::Dns, Fault::Servfail)).expect("a rule");
    let (_, findings) = look(&stage, FILE, "{}").await.expect("read");
    assert_eq!(findings.len(), 2, "{findings:#?}");
    assert!(findings.iter().all(|finding| finding.code == "unresolved"), "{findings:#?}");
}

#[tokio::test]
async fn a_document_behind_a_url_is_read_there_and_its_links_lead_from_there() {
    let text = "[next](next) [other](/nowhere) [here](#top-part)\n\n# Top part\n";
    let pages = [
        ("/runbook.md", Page::text(200, text)),
        ("/next", Page::text(200, "ok")),
        ("/page", Page::text(200, "<html></html>").header("content-type", "text/html; charset=utf-8")),
        ("/shut", Page::text(403, "no")),
    ];
    let stage = stage(handbook(&pages), "").await;
    let (_, findings) =
        look(&stage, "{ url: https://handbook.test/runbook.md }", "{ at_least: 3 }").await.expect("seen");
    assert_eq!(codes(&findings), pairs(&[("url-gone", "https://handbook.test/nowhere")]));
    let (_, findings) = look(&stage, "{ url: https://handbook.test/old.md }", "{}").await.expect("seen");
    assert_eq!(codes(&findings), pairs(&[("document-gone", "https://handbook.test/old.md")]));
    for (path, why) in [("page", Why::Malformed), ("shut", Why::Forbidden)] {
        let missing = look(&stage, &format!("{{ url: https://handbook.test/{path} }}"), "{}").await.expect_err(path);
        assert_eq!(missing.why, why);
    }
}

#[tokio::test]
async fn a_file_that_is_missing_or_no_text_is_unknown() {
    let stage = stage(handbook(&[]), "x").await;
    std::fs::write(stage.path().join("binary.md"), [0xff, 0xfe]).expect("a file");
    std::fs::write(stage.path().join("long.md"), "a".repeat((2 << 20) + 1)).expect("a file");
    for (name, why) in [
        ("gone.md", Why::Unconfigured),
        ("binary.md", Why::Malformed),
        ("long.md", Why::TooLarge),
        (".", Why::Unconfigured),
    ] {
        let missing = look(&stage, &format!("{{ file: {name} }}"), "{}").await.expect_err(name);
        assert_eq!(missing.why, why, "{name}");
    }
}

#[tokio::test]
async fn a_path_in_code_is_asked_where_the_checklist_says() {
    let text = "`GET /api/v2/provisioners`, `GET /api/v2/users/me`";
    let stage = sound(text).await;
    let (_, findings) = look(&stage, FILE, "{ at_least: 1 }").await.expect("seen");
    assert_eq!(codes(&findings), pairs(&[("too-few-references", "RUNBOOK.md"), ("not-judged", "RUNBOOK.md")]));
    for more in ["", ", connections: [coder]"] {
        let with = format!("{{ file: RUNBOOK.md, base: https://ai.coder.com{more} }}");
        let (evidence, findings) = look(&stage, &with, "{}").await.expect("seen");
        assert_eq!(codes(&findings), pairs(&[("url-gone", "https://ai.coder.com/api/v2/provisioners")]));
        let status = if more.is_empty() { 401 } else { 200 };
        assert_eq!(evidence["references"][1]["seen"][0]["fact"]["Ok"]["status"], status);
    }
    let asked = stage.world.requests();
    assert!(
        asked.iter().all(|asked| asked.system == System::Dns || asked.method == "GET"),
        "something else than GET was asked"
    );
}

#[tokio::test]
async fn a_link_within_one_machine_is_not_judged() {
    let wanted = pairs(&[("too-few-references", "RUNBOOK.md"), ("not-judged", "RUNBOOK.md")]);
    for to in [
        "http://localhost:8080",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://wiki/",
        "/docs/x.md",
        "ftp://a.test/x",
    ] {
        assert_eq!(found(&format!("[x]({to})")).await, wanted, "{to}");
    }
}
