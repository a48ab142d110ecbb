//! What secret parity never tells: a value, a part of one, or a hash of one.

use super::{AWS, PARITY, with};
use crate::amazon::{Stage, repaired};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gonogo_world::incidents::workshop_2024_09_30::WORKSPACE_KEY;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

const OTHER: &str = "sk-world-of-another-place";

fn hex(value: &str) -> String {
    Sha256::digest(value).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("text");
        hex
    })
}

#[tokio::test]
async fn evidence_and_findings_hold_no_value_and_no_hash_and_are_the_same_in_every_run() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        super::copied(&mut state, "coder-ws", OTHER);
        super::copied(&mut state, "coder-ws-demo", &format!("\"{WORKSPACE_KEY}\""));
        state
    })
    .await;
    let (evidence, found) = stage.look(&with(AWS), "{}").await;
    let told = format!("{evidence} {found:?}");
    for value in [WORKSPACE_KEY, OTHER] {
        let hash = Sha256::digest(value);
        for secret in [value.to_owned(), hex(value), STANDARD.encode(value), STANDARD.encode(hash)] {
            assert!(!told.contains(&secret), "{secret} in {told}");
        }
        assert!(!told.contains(&value[..12]) && !told.contains(&hex(value)[..12]), "{told}");
    }
    // Nothing in it is as long as a fingerprint would be.
    let longest = told.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max();
    assert!(longest < Some(32), "{told}");
    let (mut again, _) = stage.look(&with(AWS), "{}").await;
    let mut first = evidence;
    for evidence in [&mut first, &mut again] {
        for held in ["/source", "/copies/0", "/copies/1", "/copies/2"] {
            evidence.pointer_mut(held).expect(held)["asked_at"].take();
        }
    }
    assert_eq!(first, again);
}

#[tokio::test]
async fn what_was_read_is_found_in_text_from_then_on_and_the_word_null_is_not() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        super::copied(&mut state, "coder-ws", "null");
        super::copied(&mut state, "coder-ws-demo", OTHER);
        state
    })
    .await;
    let cx = stage.context();
    stage.look_in(&cx, &with("{ value: { env: WORKSPACE_KEY } }"), "{}").await;
    let vault = &cx.reach().vault;
    assert_eq!(vault.redact(&format!("it was {OTHER}!")).as_deref(), Some("it was [secret]!"));
    assert_eq!(vault.redact("it is null"), None);
}
