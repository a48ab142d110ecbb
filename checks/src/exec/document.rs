//! A document of findings: `{ "checked": 3, "findings": [ … ], "evidence": … }`, and nothing besides.
//!
//! Read strictly: a document that is not understood whole is no document. A document without `checked` or without
//! `findings` would pass whatever it looked at, so both must be written.

use crate::contract::{Remedy, Unobserved, Weight, Why, short};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most findings of one document.
const MOST: usize = 500;
/// The most bytes of its evidence.
const EVIDENCE: usize = 64 << 10;
/// The most letters of a text in it.
const TEXT: usize = 300;

/// What a program found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// How many things it looked at.
    pub checked: u64,
    /// What it found of them.
    pub findings: Vec<Reported>,
    /// What it saw, in its own form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Value>,
}

/// One thing that a program found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Its code, the program's own.
    pub code: String,
    /// How heavily it weighs.
    pub weight: Weight,
    /// The thing it is about.
    pub subject: String,
    /// Where that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub seen: String,
    /// What mends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    checked: u64,
    findings: Vec<WrittenFinding>,
    #[serde(default)]
    evidence: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFinding {
    code: String,
    weight: Weight,
    subject: String,
    #[serde(default)]
    site: Option<String>,
    expected: String,
    seen: String,
    #[serde(default)]
    remedy: Option<WrittenRemedy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRemedy {
    says: String,
    #[serde(default)]
    command: Vec<String>,
}

/// Why what a program wrote is no document.
#[derive(Debug)]
pub(super) enum Unfit {
    Malformed(String),
    TooLarge(String),
}

impl Unfit {
    pub(super) fn of(self, asked: &str) -> Unobserved {
        match self {
            Self::Malformed(reason) => Unobserved::new(Why::Malformed, asked, reason),
            Self::TooLarge(reason) => Unobserved::new(Why::TooLarge, asked, reason),
        }
    }
}

/// Reads what a program wrote, at `site`.
pub(super) fn read(bytes: &[u8], site: Option<&str>) -> Result<Document, Unfit> {
    let written: Written = serde_json::from_slice(bytes).map_err(|error| {
        let words =
            if bytes.trim_ascii().is_empty() { "it is empty".to_owned() } else { short(&error.to_string(), TEXT) };
        Unfit::Malformed(format!("what it wrote is no document of findings: {words}"))
    })?;
    let Written { checked, findings, evidence } = written;
    if findings.len() > MOST {
        return Err(Unfit::TooLarge(format!("more than {MOST} findings")));
    }
    if evidence.as_ref().is_some_and(|evidence| evidence.to_string().len() > EVIDENCE) {
        return Err(Unfit::TooLarge(format!("its evidence has more than {EVIDENCE} bytes")));
    }
    let findings = findings.into_iter().map(|finding| reported(finding, site)).collect::<Result<_, _>>()?;
    Ok(Document { checked, findings, evidence })
}

fn reported(written: WrittenFinding, site: Option<&str>) -> Result<Reported, Unfit> {
    let WrittenFinding { code, weight, subject, site: named, expected, seen, remedy } = written;
    let is_code = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if code.is_empty() || code.len() > 64 || !code.bytes().all(is_code) {
        let shown = short(&code, 64);
        return Err(Unfit::Malformed(format!("the code `{shown}` is not made of small letters, digits and `-`")));
    }
    let subject = short(&subject, TEXT);
    if subject.is_empty() {
        return Err(Unfit::Malformed(format!("the finding {code} has no subject")));
    }
    // A finding that names another site would count nowhere: the check is this site's alone.
    let named = named.map(|named| short(&named, TEXT)).filter(|named| Some(named.as_str()) != site);
    let remedy = remedy.map(|WrittenRemedy { says, command }| {
        let says = short(&says, TEXT);
        if command.is_empty() { Remedy::prose(says) } else { Remedy::run(command).saying(says) }
    });
    let (expected, seen) = (short(&expected, TEXT), short(&seen, TEXT));
    Ok(Reported { code, weight, subject, site: named, expected, seen, remedy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_document_is_one() {
        let finding = r#"{"code":"a-b","weight":"fail","subject":"x","expected":"1","seen":"2"}"#;
        assert!(
            read(format!(r#"{{"checked":1,"findings":[{finding}],"evidence":{{"a":[1]}}}}"#).as_bytes(), None).is_ok()
        );
        for text in [
            "",
            " \n",
            "{}",
            "null",
            "[]",
            r#"{"checked":1}"#,
            r#"{"findings":[]}"#,
            r#"{"checked":-1,"findings":[]}"#,
            r#"{"checked":1,"findings":null}"#,
            r#"{"checked":1,"findings":[]} ok"#,
            r#"{"checked":1,"findings":[]}{"checked":1,"findings":[]}"#,
            r#"{"checked":1,"checked":2,"findings":[]}"#,
            r#"{"checked":1,"findings":[],"finding":[]}"#,
            r#"{"checked":1,"findings":[{"code":"a"}]}"#,
            r#"{"checked":1,"findings":[{"code":"A b","weight":"fail","subject":"x","expected":"","seen":""}]}"#,
            r#"{"checked":1,"findings":[{"code":"a","weight":"ok","subject":"x","expected":"","seen":""}]}"#,
            r#"{"checked":1,"findings":[{"code":"a","weight":"fail","subject":" ","expected":"","seen":""}]}"#,
            r#"looking… {"checked":1,"findings":[]}"#,
        ] {
            assert!(matches!(read(text.as_bytes(), None), Err(Unfit::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_finding_of_another_site_still_counts_here() {
        let text = r#"{"checked":1,"findings":[{"code":"a","weight":"fail","subject":"x","site":"b","expected":"1","seen":"2"}]}"#;
        assert_eq!(read(text.as_bytes(), Some("a")).expect("a document").findings[0].site.as_deref(), Some("b"));
        assert_eq!(read(text.as_bytes(), Some("b")).expect("a document").findings[0].site, None);
    }
}
