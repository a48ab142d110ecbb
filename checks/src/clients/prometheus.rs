//! Prometheus: one instant query and its vector.
//!
//! What comes is taken apart strictly: a 200 may carry an error, a scalar is no vector, and `"NaN"` is a number to
//! Prometheus but to nobody else. Source: Prometheus 3, HTTP API, "Instant queries".

use super::{connections::Endpoint, http::Ask};
use crate::contract::{Context, Remedy, Unobserved, Why};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One series' value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The labels that tell it apart.
    pub labels: BTreeMap<String, String>,
    /// When it was evaluated.
    pub time: Option<Timestamp>,
    /// Its value; `None` for `NaN` and the infinities.
    pub value: Option<f64>,
}

/// What an instant query gave; empty where no series matches, for whatever reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// One for each series.
    pub samples: Vec<Sample>,
    /// What Prometheus warns of: a part of the answer may be missing.
    pub warnings: Vec<String>,
    /// What was asked, for a person.
    pub asked: String,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
}

/// The same query by hand, without its credential.
#[must_use]
pub fn by_hand(endpoint: &Endpoint, query: &str) -> Remedy {
    let url = endpoint.at("api/v1/query").map_or_else(|_| endpoint.url.to_string(), |url| url.to_string());
    Remedy::run(["curl", "-sS", "--max-time", "10", "--get", "--data-urlencode", &format!("query={query}"), &url])
}

impl Context {
    /// The vector that `query` gives now at the Prometheus `endpoint`.
    ///
    /// # Errors
    /// No answer, an error of Prometheus, or another kind of value than a vector.
    pub async fn prometheus(&self, endpoint: &Endpoint, query: &str) -> Result<Vector, Unobserved> {
        let asked = format!("{query} at {}", endpoint.url);
        let mended =
            |missing: Unobserved| Unobserved { asked: asked.clone(), ..missing }.by_hand(by_hand(endpoint, query));
        let path = format!("api/v1/query?timeout=8s&query={}", utf8_percent_encode(query, NON_ALPHANUMERIC));
        let url = endpoint.at(&path).map_err(|error| mended(Unobserved::new(Why::Unconfigured, &asked, error)))?;
        let mut ask = Ask::to(url).header("accept", "application/json").via(&endpoint.via);
        if let Some(token) = endpoint.token() {
            ask = ask.bearer(&self.reveal(&token)?);
        } else if let (Some(user), Some(password)) = (&endpoint.username, endpoint.password()) {
            ask = ask.basic(user, &self.reveal(&password)?);
        }
        let answer = self.ask(ask).await.map_err(mended)?;
        let refusal = || {
            let told: Option<Envelope> = serde_json::from_slice(&answer.body).ok();
            let missing = answer.refusal();
            mended(match told.and_then(|envelope| envelope.complaint()) {
                Some(complaint) => Unobserved { detail: complaint, ..missing },
                None => missing,
            })
        };
        answer.granted().map_err(|_| refusal())?;
        let envelope: Envelope = answer.json().map_err(mended)?;
        let (samples, warnings) =
            envelope.vector().map_err(|(why, detail)| mended(Unobserved::new(why, &asked, detail)))?;
        Ok(Vector { samples, warnings, asked: asked.clone(), asked_at: answer.asked_at })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    status: String,
    #[serde(default)]
    data: Option<Data>,
    #[serde(default)]
    error_type: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: serde_json::Value,
}

#[derive(Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

impl Envelope {
    fn complaint(&self) -> Option<String> {
        (self.status == "error").then(|| format!("{}: {}", self.error_type, self.error))
    }

    fn vector(self) -> Result<(Vec<Sample>, Vec<String>), (Why, String)> {
        if let Some(complaint) = self.complaint() {
            return Err((Why::ServerError, complaint));
        }
        let data = self.data.filter(|_| self.status == "success");
        let data = data.ok_or_else(|| (Why::Malformed, "neither a success nor an error".to_owned()))?;
        if data.result_type != "vector" {
            let detail = format!("the query gives a {}, and a vector is needed: one series for each", data.result_type);
            return Err((Why::Malformed, detail));
        }
        let series: Vec<Series> =
            serde_json::from_value(data.result).map_err(|error| (Why::Malformed, error.to_string()))?;
        let samples = series.into_iter().map(Series::sample).collect::<Result<_, _>>()?;
        Ok((samples, self.warnings.unwrap_or_default()))
    }
}

impl Series {
    fn sample(self) -> Result<Sample, (Why, String)> {
        let (seconds, text) = self.value;
        let number: f64 = text.parse().map_err(|_| (Why::Malformed, format!("`{text}` is no number")))?;
        let time = jiff::SignedDuration::try_from_secs_f64(seconds).ok();
        let time = time.and_then(|since| Timestamp::UNIX_EPOCH.checked_add(since).ok());
        Ok(Sample { labels: self.metric, time, value: Some(number).filter(|number| number.is_finite()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Sample>, Vec<String>), (Why, String)> {
        let body = text.split_once("\n\n").map_or(text, |(_, body)| body);
        serde_json::from_str::<Envelope>(body).map_err(|error| (Why::Malformed, error.to_string()))?.vector()
    }

    #[test]
    fn a_recorded_vector_has_a_sample_for_each_series() {
        let text = include_str!("../../tests/recordings/prometheus/query-up.http").replace('\r', "");
        let (samples, warnings) = read(&text).expect("a vector");
        assert_eq!((samples.len(), warnings.len()), (3, 0));
        assert_eq!((samples[1].labels["job"].as_str(), samples[1].value), ("dead", Some(0.0)));
        assert_eq!(samples[1].time.expect("a time").as_second(), 1_795_335_571);
    }

    #[test]
    fn a_recorded_error_keeps_its_words() {
        let text = include_str!("../../tests/recordings/prometheus/query-bad.http").replace('\r', "");
        let (_, words) = read(&text).expect_err("an error");
        assert!(words.contains("parse error: unexpected end of input"), "{words}");
    }

    #[test]
    fn nan_is_no_value_and_a_scalar_is_no_vector() {
        let vector = |value: &str| {
            format!(
                r#"{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{}},"value":[1,"{value}"]}}]}}}}"#
            )
        };
        for text in ["NaN", "+Inf", "-Inf"] {
            assert_eq!(read(&vector(text)).expect("a vector").0[0].value, None, "{text}");
        }
        assert!(read(&vector("many")).is_err());
        let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"0.3"]}}"#;
        assert!(read(scalar).expect_err("no vector").1.contains("gives a scalar"));
        for broken in ["{}", r#"{"status":"success"}"#, r#"{"status":"success","data":{"resultType":"vector"}}"#] {
            assert_eq!(read(broken).expect_err(broken).0, Why::Malformed);
        }
    }
}
