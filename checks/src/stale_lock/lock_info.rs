//! What Terraform writes into a lock: `LockInfo` of hashicorp/terraform, `internal/states/statemgr/locker.go`, as Go's
//! `encoding/json` writes it. `OpenTofu` writes the same.

use super::evidence::{Kind, Lock, plain};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LockInfo {
    #[serde(rename = "ID")]
    id: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    who: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    created: Option<String>,
}

/// The lock of the state `name`, as `text` tells of it.
pub(super) fn lock(namespace: &str, name: &str, text: &[u8]) -> Lock {
    let mut lock = Lock::of(Kind::State, namespace, name);
    let info: LockInfo = match serde_json::from_slice(text) {
        Ok(info) => info,
        Err(error) => {
            // The error's words quote nothing of the text.
            lock.unreadable = Some(format!("it is no lock of Terraform's: {error}"));
            return lock;
        }
    };
    lock.holder = Some(plain(&info.who)).filter(|who| !who.is_empty());
    lock.id = Some(plain(&info.id)).filter(|id| !id.is_empty());
    let version = Some(plain(&info.version)).filter(|version| !version.is_empty());
    lock.doing = plain(&info.operation) + &version.map(|version| format!(" by version {version}")).unwrap_or_default();
    match info.created.as_deref().map(str::parse::<Timestamp>) {
        // Go writes the year 1 for a time that nobody set.
        Some(Ok(created)) if created > Timestamp::UNIX_EPOCH => lock.taken = Some(created),
        Some(Err(_)) => lock.unreadable = Some("its `Created` is no time".to_owned()),
        _ => lock.unreadable = Some("it does not say when it was taken".to_owned()),
    }
    lock
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_says_who_since_when_and_for_what() {
        let text = r#"{"ID":"6f0c0d2e-0b1f","Operation":"OperationTypeApply","Info":"","Who":"ci@runner-7","Version":"1.11.4","Created":"2026-11-30T15:04:05.123456789Z","Path":"b/k"}"#;
        let lock = lock("", "b/k", text.as_bytes());
        assert_eq!((lock.holder.as_deref(), lock.id.as_deref()), (Some("ci@runner-7"), Some("6f0c0d2e-0b1f")));
        assert_eq!(lock.doing, "OperationTypeApply by version 1.11.4");
        assert_eq!(lock.taken.expect("a time").to_string(), "2026-11-30T15:04:05.123456789Z");
        assert_eq!(lock.unreadable, None);
    }

    #[test]
    fn a_lock_without_a_time_or_of_another_form_is_held_and_unreadable() {
        for text in [
            "",
            "locked",
            "{}",
            r#"{"ID":"a"}"#,
            r#"{"ID":"a","Created":"0001-01-01T00:00:00Z"}"#,
            r#"{"ID":"a","Created":"today"}"#,
        ] {
            assert!(lock("", "b/k", text.as_bytes()).unreadable.is_some(), "{text}");
        }
    }
}
