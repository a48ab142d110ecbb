//! What every probe owes to those who use it and to those who come after: a row, a page, codes that say one thing.

use crate::pages::{blocks, fences, files, repository};
use crate::rig::{Seen, gonogo};
use gonogo_checks::{
    CATALOGUE,
    contract::{CORE_CODES, Code, Kind, Weight},
};
use std::{collections::BTreeMap, collections::BTreeSet, fs, path::PathBuf};
use tempfile::TempDir;

/// What a page's example may speak of.
const AROUND: &str =
    "event: { name: Example, timezone: Europe/London, starts: 2030-06-04T09:00, ends: 2030-06-04T10:30, attendees: 15 }
sites:
  a:
    kubernetes: { context: a }
    aws: { profile: readonly, region: us-east-2, account: \"123456789012\" }
    vars: { domain: a.example.com, namespace: app, load_balancer: lb-a.example.net }
  b:
    kubernetes: { context: b }
    aws: { profile: readonly, region: eu-west-2, account: \"123456789012\" }
    vars: { domain: b.example.com, namespace: app, load_balancer: lb-b.example.net }
connections:
  litellm: { kind: litellm, url: https://litellm.example.com, token: { env: LITELLM_PROBE_KEY } }
  coder: { kind: coder, url: https://coder.example.com, token: { env: CODER_SESSION_TOKEN } }
  github: { kind: github, token: { env: GITHUB_TOKEN } }
  mirror: { kind: ecr, profile: readonly, account: \"123456789012\" }
  gcp: { kind: gcp, token: { env: GOOGLE_ACCESS_TOKEN } }
  registry: { kind: registry, url: https://registry.example.com }
  prometheus: { kind: prometheus, url: https://prometheus.example.com }
  alertmanager: { kind: alertmanager, url: https://alertmanager.example.com }
  http: { kind: http, url: https://http.example.com }
  cloudflare: { kind: cloudflare, token: { env: CLOUDFLARE_API_TOKEN } }
  pagerduty: { kind: pagerduty, token: { env: PAGERDUTY_TOKEN } }
";

fn folder(kind: &Kind) -> PathBuf {
    repository().join("checks/src").join(kind.name.replace('-', "_"))
}

fn every_code() -> impl Iterator<Item = (&'static str, &'static Code)> {
    let own = CATALOGUE.iter().flat_map(|kind| kind.codes.iter().map(|code| (kind.name, code)));
    own.chain(CORE_CODES.iter().map(|code| ("any probe", code)))
}

#[test]
fn every_folder_is_a_row_and_its_kind_is_the_folders_name() {
    let folders: BTreeSet<String> = fs::read_dir(repository().join("checks/src"))
        .expect("checks/src")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.file_type().expect("a type").is_dir())
        .map(|entry| entry.file_name().into_string().expect("text"))
        .filter(|name| !["clients", "contract"].contains(&name.as_str()))
        .collect();
    let rows: BTreeSet<String> = CATALOGUE.iter().map(|kind| kind.name.replace('-', "_")).collect();
    assert_eq!(folders, rows);
    assert_eq!(rows.len(), CATALOGUE.len(), "a probe is listed twice");
    assert!(CATALOGUE.is_sorted_by_key(|kind| kind.name));
}

#[test]
fn every_row_shows_its_own_folders_page() {
    for kind in CATALOGUE {
        let page = fs::read_to_string(folder(kind).join("README.md")).expect(kind.name);
        assert_eq!(page, kind.page, "{}: the row includes another page", kind.name);
        assert_eq!(page.lines().next(), Some(format!("# {}", kind.name).as_str()));
        assert!(page.contains("\n## Least access\n"), "{}: no least access", kind.name);
    }
}

#[test]
fn every_pages_example_is_a_checklist_that_uses_its_probe() {
    for kind in CATALOGUE {
        let (_, example) =
            kind.page.split_once("\n## Example\n").unwrap_or_else(|| panic!("{}: no example", kind.name));
        let examples = blocks(example, "yaml");
        assert!(!examples.is_empty(), "{}: no example", kind.name);
        for text in examples {
            assert!(text.contains(&format!("probe: {}\n", kind.name)), "{}: an example of something else", kind.name);
            let folder = TempDir::new().expect("a folder");
            fs::write(folder.path().join("gonogo.yaml"), format!("{AROUND}{text}")).expect("a file");
            let seen = Seen::of(gonogo().current_dir(folder.path()).arg("validate").output().expect("gonogo runs"));
            assert_eq!(seen.code, 0, "{}:\n{}", kind.name, seen.stderr);
            assert!(seen.stdout.starts_with("valid: "), "{}", seen.stdout);
        }
    }
}

#[test]
fn the_workshops_checklist_uses_every_probe() {
    let example: String = gonogo::rehearsal::REHEARSALS[0].files.iter().map(|(_, text)| *text).collect();
    for kind in CATALOGUE {
        assert!(example.contains(&format!("    probe: {}\n", kind.name)), "no check uses {}", kind.name);
    }
}

#[test]
fn every_code_is_shown_by_a_case() {
    for kind in CATALOGUE {
        let cases: String = files(&folder(kind).join("cases"), "yaml")
            .iter()
            .map(|path| fs::read_to_string(path).expect("a case"))
            .collect();
        let words: BTreeSet<&str> = cases.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
        for code in kind.codes {
            assert!(words.contains(code.id), "{}: no case raises {}", kind.name, code.id);
        }
    }
}

#[test]
fn every_code_is_explained_on_its_probes_page_with_its_weight() {
    for kind in CATALOGUE {
        for code in kind.codes {
            let row = format!("| `{}` | ", code.id);
            let weight = kind.page.lines().find_map(|line| line.strip_prefix(&row));
            let weight = weight.unwrap_or_else(|| panic!("{}: no row for {}", kind.name, code.id));
            let word = match code.weight {
                Weight::Fail => "fail",
                Weight::Unknown => "unknown",
                Weight::Warn => "warn",
            };
            let is_settable = weight.starts_with("as `");
            assert!(is_settable || weight.starts_with(word), "{} {}: {word}, the page: {weight}", kind.name, code.id);
        }
    }
}

#[test]
fn every_code_on_a_page_is_one_that_may_be_raised() {
    for kind in CATALOGUE {
        let (_, findings) = kind.page.split_once("\n## Findings\n").unwrap_or_else(|| panic!("{}", kind.name));
        let table = findings.split("\n## ").next().unwrap_or_default();
        for line in table.lines().filter(|line| line.starts_with("| `")) {
            let id = line.split('`').nth(1).unwrap_or_default();
            assert!(kind.codes.iter().any(|code| code.id == id), "{}: {id} is no code of it", kind.name);
        }
    }
}

#[test]
fn every_setting_and_every_expectation_is_on_the_page() {
    for kind in CATALOGUE {
        for schema in [(kind.settings)(), (kind.expect)()] {
            let schema = schema.to_value();
            let keys = schema["properties"].as_object().map(|keys| keys.keys().cloned().collect::<Vec<_>>());
            for key in keys.unwrap_or_default() {
                let is_there = ["`", ":", ".", "["].iter().any(|end| kind.page.contains(&format!("`{key}{end}")));
                assert!(is_there, "{}: the page does not speak of `{key}`", kind.name);
            }
        }
    }
}

#[test]
fn a_code_is_kebab_case_and_means_the_same_wherever_it_is_raised() {
    let mut meanings: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (by, code) in every_code() {
        let is_kebab = code
            .id
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        assert!(is_kebab, "{by}: {}", code.id);
        assert!(!code.says.is_empty() && !code.says.ends_with('.'), "{by}: {}: {}", code.id, code.says);
        let (first, says) = *meanings.entry(code.id).or_insert((by, code.says));
        assert_eq!(says, code.says, "{}: {first} and {by} mean different things", code.id);
    }
}

#[test]
fn every_fence_of_a_page_names_its_language() {
    let pages = files(&repository(), "md");
    assert!(pages.len() > CATALOGUE.len(), "{pages:?}");
    for path in pages {
        let text = fs::read_to_string(&path).expect("a page");
        for (line, language) in fences(&text) {
            assert!(!language.is_empty(), "{}:{line}: a fence without a language", path.display());
        }
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    for path in files(&repository(), "md") {
        let text = fs::read_to_string(&path).expect("a page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains(':') {
                let there = path.parent().expect("a folder").join(file);
                assert!(there.exists(), "{}: {target} leads nowhere", path.display());
            }
        }
    }
}

#[test]
fn no_lint_and_no_test_is_switched_off() {
    // Put together here, so that this file is not found itself.
    let words = ["allow(", "allow_attributes(", "ignore]", "ignore ="].map(|word| ["#[", word].concat());
    let inner = ["#!", "[allow("].concat();
    for path in files(&repository(), "rs") {
        let text = fs::read_to_string(&path).expect("a source");
        for word in words.iter().chain([&inner]) {
            assert!(!text.contains(word.as_str()), "{}: {word}", path.display());
        }
    }
}
