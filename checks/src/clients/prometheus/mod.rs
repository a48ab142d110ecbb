//! Prometheus: queries, their vectors and series, and its alerting rules.
//!
//! What comes is taken apart strictly: a 200 may carry an error, a scalar is no vector, and `"NaN"` is a number to
//! Prometheus but to nobody else. Source: Prometheus 3, HTTP API, "Instant queries", "Range queries" and "Rules".

mod range;
mod rules;
mod server;

pub use range::{Point, Range, Series};
pub use rules::{Listed, Rule};
pub use server::{Server, Workspace};

use super::{connections::Endpoint, http::Ask};
use crate::contract::{Context, Remedy, Unobserved, Why};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use server::target;
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
    Server::Own(Box::new(endpoint.clone())).by_hand("api/v1/query", &[("query", query)])
}

impl Context {
    /// The vector that `query` gives now at the Prometheus `endpoint`.
    ///
    /// # Errors
    /// No answer, an error of Prometheus, or another kind of value than a vector.
    pub async fn prometheus(&self, endpoint: &Endpoint, query: &str) -> Result<Vector, Unobserved> {
        self.prometheus_vector(&Server::Own(Box::new(endpoint.clone())), query).await
    }

    /// The vector that `query` gives now at `server`.
    ///
    /// # Errors
    /// As [`prometheus`](Self::prometheus).
    pub async fn prometheus_vector(&self, server: &Server, query: &str) -> Result<Vector, Unobserved> {
        let parameters = [("timeout", "8s"), ("query", query)];
        let question = Question { server, path: "api/v1/query", parameters: &parameters, shown: query };
        let told = self.prometheus_told::<Data>(&question).await?;
        let samples = vector(told.data).map_err(|(why, detail)| question.without(why, detail))?;
        Ok(Vector { samples, warnings: told.warnings, asked: question.asked(), asked_at: told.asked_at })
    }

    /// What a Prometheus says to one question.
    async fn prometheus_told<T: DeserializeOwned>(&self, question: &Question<'_>) -> Result<Told<T>, Unobserved> {
        let mended =
            |missing: Unobserved| Unobserved { asked: question.asked(), ..missing }.by_hand(question.by_hand());
        let target = target(question.path, question.parameters);
        let answer = match question.server {
            Server::Own(endpoint) => {
                let url = endpoint.at(&target).map_err(|error| question.without(Why::Unconfigured, error))?;
                let mut ask = Ask::to(url).header("accept", "application/json").via(&endpoint.via);
                if let Some(token) = endpoint.token() {
                    ask = ask.bearer(&self.reveal(&token)?);
                } else if let (Some(user), Some(password)) = (&endpoint.username, endpoint.password()) {
                    ask = ask.basic(user, &self.reveal(&password)?);
                }
                self.ask(ask).await.map_err(mended)?
            }
            Server::Amazon(workspace) => {
                let right = if question.path == rules::PATH { "aps:ListRules" } else { "aps:QueryMetrics" };
                self.aps(workspace, &target, right, &question.asked(), question.by_hand()).await?
            }
        };
        if answer.granted().is_err() {
            let told: Option<Envelope<serde::de::IgnoredAny>> = serde_json::from_slice(&answer.body).ok();
            let missing = answer.refusal();
            return Err(mended(match told.and_then(|envelope| envelope.complaint()) {
                Some(complaint) => Unobserved { detail: complaint, ..missing },
                None => missing,
            }));
        }
        let envelope: Envelope<T> = answer.json().map_err(mended)?;
        let (data, warnings) = envelope.told().map_err(|(why, detail)| question.without(why, detail))?;
        Ok(Told { data, warnings, asked_at: answer.asked_at })
    }
}

/// One question to a Prometheus.
struct Question<'a> {
    server: &'a Server,
    path: &'static str,
    parameters: &'a [(&'a str, &'a str)],
    /// What it is about, for a person: the query.
    shown: &'a str,
}

impl Question<'_> {
    fn asked(&self) -> String {
        format!("{} at {}", self.shown, self.server.url())
    }

    fn by_hand(&self) -> Remedy {
        let own: Vec<_> = self.parameters.iter().filter(|(name, _)| *name != "timeout").copied().collect();
        self.server.by_hand(self.path, &own)
    }

    fn without(&self, why: Why, detail: impl std::fmt::Display) -> Unobserved {
        Unobserved::new(why, self.asked(), detail).by_hand(self.by_hand())
    }
}

/// What was told, and what Prometheus warns of.
struct Told<T> {
    data: T,
    warnings: Vec<String>,
    asked_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
struct Envelope<T> {
    status: String,
    #[serde(default = "none")]
    data: Option<T>,
    #[serde(default)]
    error_type: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Option<Vec<String>>,
}

const fn none<T>() -> Option<T> {
    None
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: serde_json::Value,
}

#[derive(Deserialize)]
struct OfVector {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

impl<T> Envelope<T> {
    fn complaint(&self) -> Option<String> {
        (self.status == "error").then(|| format!("{}: {}", self.error_type, self.error))
    }

    fn told(self) -> Result<(T, Vec<String>), (Why, String)> {
        if let Some(complaint) = self.complaint() {
            return Err((Why::ServerError, complaint));
        }
        let data = self.data.filter(|_| self.status == "success");
        let data = data.ok_or_else(|| (Why::Malformed, "neither a success nor an error".to_owned()))?;
        Ok((data, self.warnings.unwrap_or_default()))
    }
}

fn vector(data: Data) -> Result<Vec<Sample>, (Why, String)> {
    let series: Vec<OfVector> = data.result_of("vector")?;
    let sample = |one: OfVector| {
        let (time, value) = value(&one.value)?;
        Ok(Sample { labels: one.metric, time, value })
    };
    series.into_iter().map(sample).collect()
}

impl Data {
    /// The result, which must be of this kind.
    fn result_of<T: DeserializeOwned>(self, kind: &str) -> Result<T, (Why, String)> {
        if self.result_type != kind {
            let detail = format!("the query gives a {}, and a {kind} is needed: one series for each", self.result_type);
            return Err((Why::Malformed, detail));
        }
        serde_json::from_value(self.result).map_err(|error| (Why::Malformed, error.to_string()))
    }
}

/// A time and a value as Prometheus writes them.
fn value((seconds, text): &(f64, String)) -> Result<(Option<Timestamp>, Option<f64>), (Why, String)> {
    let number: f64 = text.parse().map_err(|_| (Why::Malformed, format!("`{text}` is no number")))?;
    Ok((instant(*seconds), Some(number).filter(|number| number.is_finite())))
}

/// Seconds since 1970 with a fraction.
#[must_use]
pub fn instant(seconds: f64) -> Option<Timestamp> {
    let since = jiff::SignedDuration::try_from_secs_f64(seconds).ok()?;
    Timestamp::UNIX_EPOCH.checked_add(since).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Sample>, Vec<String>), (Why, String)> {
        let body = text.split_once("\n\n").map_or(text, |(_, body)| body);
        let envelope: Envelope<Data> =
            serde_json::from_str(body).map_err(|error| (Why::Malformed, error.to_string()))?;
        let (data, warnings) = envelope.told()?;
        Ok((vector(data)?, warnings))
    }

    #[test]
    fn a_recorded_vector_has_a_sample_for_each_series() {
        let text = include_str!("../../../tests/recordings/prometheus/query-up.http").replace('\r', "");
        let (samples, warnings) = read(&text).expect("a vector");
        assert_eq!((samples.len(), warnings.len()), (3, 0));
        assert_eq!((samples[1].labels["job"].as_str(), samples[1].value), ("dead", Some(0.0)));
        assert_eq!(samples[1].time.expect("a time").as_second(), 1_795_335_571);
    }

    #[test]
    fn a_recorded_error_keeps_its_words() {
        let text = include_str!("../../../tests/recordings/prometheus/query-bad.http").replace('\r', "");
        let (_, words) = read(&text).expect_err("an error");
        assert!(words.contains("parse error: unexpected end of input"), "{words}");
    }

    #[test]
    fn nan_is_no_value_and_a_scalar_is_no_vector() {
        let of = |value: &str| {
            format!(
                r#"{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{}},"value":[1,"{value}"]}}]}}}}"#
            )
        };
        for text in ["NaN", "+Inf", "-Inf"] {
            assert_eq!(read(&of(text)).expect("a vector").0[0].value, None, "{text}");
        }
        assert!(read(&of("many")).is_err());
        let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"0.3"]}}"#;
        assert!(read(scalar).expect_err("no vector").1.contains("gives a scalar"));
        for broken in ["{}", r#"{"status":"success"}"#, r#"{"status":"success","data":{"resultType":"vector"}}"#] {
            assert_eq!(read(broken).expect_err(broken).0, Why::Malformed);
        }
    }
}
