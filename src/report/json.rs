//! The report as JSON, `gonogo/report/1`.

use super::Report;

/// The report as indented JSON with a line break at its end.
///
/// # Errors
/// A value that JSON cannot hold; none of the report's types can.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(report).map(|text| text + "\n")
}
