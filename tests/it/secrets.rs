//! No secret leaves: not in a format, not in an error, not where a server sends it back.

use crate::{
    faults::product::{CLUSTER_TOKEN, GITHUB_TOKEN, product},
    rig::{Rig, times},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gonogo_world::{
    Fault, Rule, State,
    System::{Aws, Coder, Ecr, Github, Kubernetes, Litellm, Registry, Web},
    incidents::workshop_2024_09_30 as workshop,
    web::Page,
};
use serde_json::json;
use std::fs;

/// A password that every format would write in a way of its own.
const PASSWORD: &str = r#"pa"ss\w<o>r&d'%0"#;
/// A JSON web token that ends in the year 2100.
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDB9.d29ybGQtc2lnbmF0dXJl";
const FORMATS: [&str; 6] = ["table", "short", "plain", "json", "junit", "markdown"];

/// Checks that show a password, a header and a JSON web token of their own.
const MORE: &str = "
  basic: { probe: http, with: { connection: basic, url: / }, expect: { body: { equals: all is well with this page } } }
  header: { probe: http, with: { url: \"https://page.test/\", secret_headers: { x-key: { file: password } } } }
  jwt: { probe: key-expiry, with: { jwt: { file: jwt } } }
connections:
  basic: { kind: http, url: https://page.test, username: gonogo, password: { file: password } }
";

/// Every secret of the product's world in every way in which it may be written.
fn written() -> Vec<(String, String)> {
    let whole = [
        ("gateway key", workshop::LITELLM_PROBE_KEY),
        ("coder token", workshop::CODER_SESSION_TOKEN),
        ("github token", GITHUB_TOKEN),
        ("cluster token", CLUSTER_TOKEN),
        ("aws secret", workshop::AWS_SECRET_ACCESS_KEY),
        ("jwt", JWT),
        ("password", PASSWORD),
    ];
    let hash = gonogo_world::litellm::Key::new("", workshop::LITELLM_PROBE_KEY, times().now).hash();
    let mut all: Vec<(String, String)> = vec![("hash of gateway key".to_owned(), hash)];
    for (name, secret) in whole {
        let json = serde_json::to_string(secret).expect("JSON");
        let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let basic = STANDARD.encode(format!("gonogo:{secret}"));
        let ways = [
            ("", secret.to_owned()),
            (" as JSON", json.trim_matches('"').to_owned()),
            (" as XML", xml),
            (" in base64", STANDARD.encode(secret)),
            (" as Basic", basic),
        ];
        all.extend(ways.map(|(way, text)| (format!("{name}{way}"), text)));
    }
    all
}

struct Stage {
    rig: Rig,
    path: std::path::PathBuf,
}

impl Stage {
    fn new() -> Self {
        let (rig, path) = product("60s");
        rig.write("password", PASSWORD);
        rig.write("jwt", JWT);
        let checks = fs::read_to_string(&path).expect("a checklist");
        rig.write("gonogo.yaml", &(checks + MORE.trim_start_matches('\n')));
        Self { rig, path }
    }

    /// All that a run leaves behind, by name: every format with `-v`, what went to the terminal, and what it was told to log.
    fn left(&self) -> Vec<(String, String)> {
        let files: Vec<String> = FORMATS.iter().map(|format| format!("{format}={format}.out")).collect();
        let mut arguments = vec!["-v", "-o", "table"];
        arguments.extend(files.iter().flat_map(|file| ["-o", file.as_str()]));
        let mut command = self.rig.command(&self.path, &arguments);
        let output = command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").output().expect("gonogo runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        let mut left = vec![("stdout".to_owned(), text(output.stdout)), ("stderr".to_owned(), text(output.stderr))];
        for format in FORMATS {
            let path = self.rig.folder.path().join(format!("{format}.out"));
            left.push((format.to_owned(), fs::read_to_string(path).expect(format)));
        }
        left
    }

    /// Asserts that no secret is in anything that a run leaves behind, and that `sign` is in its JSON: it was looked at.
    fn assert_kept(&self, sign: &str) {
        let left = self.left();
        let (_, json) = left.iter().find(|(name, _)| name == "json").expect("JSON");
        assert!(json.contains(sign), "nothing shows {sign}");
        let mut told = Vec::new();
        for (secret, needle) in written() {
            for (place, text) in &left {
                // A screen breaks lines where it likes.
                let joined: String = text.split_whitespace().collect();
                if text.contains(&needle) || joined.contains(&needle) {
                    told.push(format!("{secret} in {place}"));
                }
            }
        }
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}

/// What a server says that sends back all that it may know, in every way; the secret of an AWS key is never sent.
fn echo() -> String {
    let secrets = written().into_iter().filter(|(name, _)| !name.starts_with("aws") && !name.starts_with("hash"));
    let secrets = secrets.map(|(name, text)| format!("{name}: {text}"));
    secrets.collect::<Vec<_>>().join(" ; ")
}

/// Every server that a test can put words into says these.
fn send_back(state: &mut State, words: &str) {
    for (host, page) in [
        ("page.test", Page::text(500, words).header("x-echo", workshop::LITELLM_PROBE_KEY)),
        ("status.test", Page::json(200, json!({ "db": words }).to_string())),
        ("sampled.test", Page::redirect(302, format!("https://sampled.test/{}", workshop::CODER_SESSION_TOKEN))),
        ("portal.test", Page::json(200, json!({ "expires_at": words }).to_string())),
        ("lasting.test", Page::json(500, json!({ "error": words }).to_string())),
        ("prometheus.test", Page::json(400, json!({ "status": "error", "error": words }).to_string())),
    ] {
        state.web.get_mut(host).expect("a site").otherwise = page;
    }
    for cluster in state.clusters.values_mut() {
        let deployment = cluster.object_mut("deployments.apps", "app", "web");
        deployment["status"]["conditions"][0]["message"] = json!(words);
        deployment["status"]["conditions"][0]["status"] = json!("False");
        deployment["status"]["readyReplicas"] = json!(1);
    }
}

#[test]
fn a_sound_world_tells_no_secret() {
    Stage::new().assert_kept("\"verdict\": \"go\"");
}

#[test]
fn a_secret_that_a_server_sends_back_is_told_to_nobody() {
    let stage = Stage::new();
    stage.rig.world.edit(|state| send_back(state, &echo()));
    stage.assert_kept("[secret]");
}

#[test]
fn a_secret_that_is_cut_in_two_is_told_to_nobody() {
    let stage = Stage::new();
    // Whatever is cut off anywhere is cut off within a secret.
    let words = workshop::LITELLM_PROBE_KEY.repeat(5000);
    stage.rig.world.edit(|state| send_back(state, &words));
    let begun = &workshop::LITELLM_PROBE_KEY[..12];
    for (place, text) in stage.left() {
        let joined: String = text.split_whitespace().collect();
        if let Some(at) = joined.find(begun) {
            panic!("{place} tells of {}", &joined[at.saturating_sub(40)..(at + 40).min(joined.len())]);
        }
    }
}

#[test]
fn a_key_that_is_refused_is_told_to_nobody_nor_is_its_hash() {
    let stage = Stage::new();
    stage.rig.world.edit(|state| {
        let past = state.now - jiff::SignedDuration::from_hours(1);
        for gateway in state.litellm.values_mut() {
            gateway.key_mut("gonogo").expect("a key").expires = Some(past);
        }
        state.coder.tokens.clear();
        state.github.clear();
    });
    stage.assert_kept("\"code\": \"expired\"");
}

#[test]
fn a_refusal_of_any_kind_tells_no_secret() {
    for fault in [Fault::Status(401, None), Fault::Status(403, None), Fault::UntrustedCertificate] {
        let stage = Stage::new();
        for system in [Registry, Ecr, Aws, Litellm, Coder, Github, Kubernetes, Web] {
            stage.rig.world.inject(Rule::on(system, fault)).expect("a rule");
        }
        stage.assert_kept("\"outcome\": \"unknown\"");
    }
}
