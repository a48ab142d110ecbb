//! Documents of findings.

use super::Stage;
use gonogo_checks::contract::Why;

const WITH: &str = "{ command: [./rooms], speaks: json }";

fn writes(text: &str) -> Stage {
    Stage::new().program("rooms", &format!("cat <<'DOCUMENT'\n{text}\nDOCUMENT"))
}

#[tokio::test]
async fn a_document_is_read_and_judged() {
    let finding = r#"{"code":"seat-missing","weight":"fail","subject":"room 4","expected":"15","seen":"12","remedy":{"says":"bring chairs","command":["book","room 4"]}}"#;
    let stage = writes(&format!(r#"{{"checked":3,"findings":[{finding}],"evidence":{{"rooms":3}}}}"#));
    let findings = stage.look(WITH, "{}").await.expect("a document");
    assert_eq!((findings[0].code, findings[0].seen.as_str()), ("program-says-fail", "seat-missing: 12"));
    let remedy = findings[0].remedy.as_ref().expect("a remedy");
    assert_eq!(
        (remedy.says.as_str(), remedy.command.as_ref().expect("a command").as_str()),
        ("bring chairs", "book 'room 4'")
    );
    assert_eq!(writes(r#"{"checked":3,"findings":[]}"#).found(WITH).await, []);
    assert_eq!(writes(r#"{"checked":0,"findings":[]}"#).found(WITH).await[0].0, "checked-too-little");
}

#[tokio::test]
async fn what_is_no_document_is_malformed() {
    for text in ["", "OK", "{}", "[]", r#"{"findings":[]}"#, r#"{"checked":1,"findings":[]} done"#] {
        let missing = writes(text).missing(WITH).await;
        assert_eq!(missing.why, Why::Malformed, "{text}");
    }
}

#[tokio::test]
async fn a_document_of_a_program_that_failed_is_not_read() {
    let stage = Stage::new().program("rooms", "echo '{\"checked\":3,\"findings\":[]}'; echo boom >&2; exit 1");
    assert_eq!(stage.found(WITH).await, [("program-without-verdict", "exit code 1: boom".to_owned())]);
}
