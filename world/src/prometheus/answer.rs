//! The paths, the envelope, and who may ask.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::evaluate::{self, Sample, Why};
use super::{Group, Prometheus, Rule};
use crate::ecr::{Aws, Unheard};
use crate::serve::{Reply, Request};

pub(super) fn not_found() -> Reply {
    Reply::text(404, "404 page not found\n").header("x-content-type-options", "nosniff")
}

pub(super) fn answer(prometheus: &Prometheus, aws: &Aws, request: &Request) -> Reply {
    let path = match admitted(prometheus, aws, request) {
        Ok(path) => path,
        Err(reply) => return reply,
    };
    match path.as_str() {
        "/api/v1/query" => query(prometheus, request),
        "/api/v1/query_range" => range(prometheus, request),
        "/api/v1/rules" => success(&json!({ "groups": groups(prometheus, request.now) }), &[]),
        "/-/ready" | "/-/healthy" if prometheus.workspace.is_none() => {
            Reply::text(200, "Prometheus Server is Ready.\n")
        }
        _ => not_found(),
    }
}

/// The path below its root, of whoever may ask.
fn admitted(prometheus: &Prometheus, aws: &Aws, request: &Request) -> Result<String, Reply> {
    let Some((region, id)) = &prometheus.workspace else {
        let is_known = prometheus.token.as_ref().is_none_or(|token| request.bearer().as_ref() == Some(token));
        return if is_known { Ok(request.path.clone()) } else { Err(Reply::text(401, "Unauthorized\n")) };
    };
    let identity = aws.identify(request, "aps", region).map_err(refused)?;
    let below = request.path.strip_prefix(&format!("/workspaces/{id}"));
    let below = below.ok_or_else(|| amazon(404, "ResourceNotFoundException", "Workspace not found"))?;
    let action = if below == "/api/v1/rules" { "aps:ListRules" } else { "aps:QueryMetrics" };
    if identity.denied.iter().any(|denied| denied == action) {
        let message = format!(
            "User: {} is not authorized to perform: {action} on resource: arn:aws:aps:{region}:{}:workspace/{id}",
            identity.arn, identity.account
        );
        return Err(amazon(403, "AccessDeniedException", &message));
    }
    Ok(below.to_owned())
}

fn refused(unheard: Unheard) -> Reply {
    match unheard {
        Unheard::Unsigned => amazon(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        Unheard::UnknownKey => {
            amazon(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
        }
        Unheard::Expired => {
            amazon(403, "ExpiredTokenException", "The security token included in the request is expired")
        }
        Unheard::WrongScope => {
            amazon(403, "InvalidSignatureException", "Credential should be scoped to a valid region.")
        }
    }
}

fn amazon(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &json!({ "message": message })).header("x-amzn-errortype", code)
}

fn query(prometheus: &Prometheus, request: &Request) -> Reply {
    let text = request.parameter("query").unwrap_or_default();
    match evaluate::instant(prometheus, &text, request.now, request.now) {
        Ok(Ok(number)) => {
            success(&json!({ "resultType": "scalar", "result": pair(request.now, number) }), &prometheus.warnings)
        }
        Ok(Err(vector)) => {
            let one = |sample: &Sample| json!({ "metric": sample.labels, "value": pair(request.now, sample.value) });
            let result: Vec<Value> = vector.iter().map(one).collect();
            success(&json!({ "resultType": "vector", "result": result }), &prometheus.warnings)
        }
        Err(why) => failure(&why),
    }
}

fn range(prometheus: &Prometheus, request: &Request) -> Reply {
    let number = |name: &str| request.parameter(name).and_then(|text| text.parse::<i64>().ok());
    let (Some(start), Some(end), Some(step)) =
        (number("start"), number("end"), number("step").filter(|step| *step > 0))
    else {
        return failure(&Why::Bad("invalid parameter \"start\": cannot parse \"\" to a valid timestamp".to_owned()));
    };
    if (end - start) / step > 11_000 {
        return failure(&Why::Bad("exceeded maximum resolution of 11,000 points per timeseries".to_owned()));
    }
    let text = request.parameter("query").unwrap_or_default();
    let mut series: Vec<(Value, Vec<Value>)> = Vec::new();
    for second in (start..=end).step_by(usize::try_from(step).unwrap_or(1)) {
        let at = Timestamp::from_second(second).unwrap_or(request.now);
        let vector = match evaluate::instant(prometheus, &text, at, request.now) {
            Ok(Err(vector)) => vector,
            Ok(Ok(value)) => vec![Sample { value, ..Sample::default() }],
            Err(why) => return failure(&why),
        };
        for sample in vector {
            let (metric, point) = (json!(sample.labels), pair(at, sample.value));
            match series.iter_mut().find(|(known, _)| *known == metric) {
                Some((_, points)) => points.push(point),
                None => series.push((metric, vec![point])),
            }
        }
    }
    let result: Vec<Value> =
        series.into_iter().map(|(metric, values)| json!({ "metric": metric, "values": values })).collect();
    success(&json!({ "resultType": "matrix", "result": result }), &prometheus.warnings)
}

fn groups(prometheus: &Prometheus, now: Timestamp) -> Vec<Value> {
    let group = |group: &Group| {
        json!({
            "name": group.name, "file": "/etc/prometheus/rules.yml", "interval": group.interval, "limit": 0,
            "rules": group.rules.iter().map(|one| rule(one, now)).collect::<Vec<_>>(),
            "evaluationTime": 0.0004, "lastEvaluation": now.to_string(),
        })
    };
    prometheus.groups.iter().map(group).collect()
}

fn rule(rule: &Rule, now: Timestamp) -> Value {
    let at = rule.evaluated.map(|age: SignedDuration| now.saturating_sub(age).unwrap_or(now).to_string());
    let alert = json!({ "labels": rule.labels, "annotations": {}, "state": rule.state, "activeAt": now.to_string(), "value": "1e+00" });
    let mut written = json!({
        "state": rule.state, "name": rule.name, "query": rule.query, "duration": rule.duration, "keepFiringFor": 0,
        "labels": rule.labels, "annotations": {},
        "alerts": if rule.state == "inactive" { json!([]) } else { json!([alert]) },
        "health": rule.health, "evaluationTime": 0.0002,
        "lastEvaluation": at.unwrap_or_else(|| "0001-01-01T00:00:00Z".to_owned()), "type": "alerting",
    });
    if !rule.error.is_empty() {
        written["lastError"] = json!(rule.error);
    }
    written
}

/// Seconds since 1970 and a value as Go writes it.
fn pair(at: Timestamp, value: f64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let seconds = at.as_millisecond() as f64 / 1000.0;
    let text = if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else {
        value.to_string()
    };
    json!([seconds, text])
}

fn success(data: &Value, warnings: &[String]) -> Reply {
    let mut body = json!({ "status": "success", "data": data });
    if !warnings.is_empty() {
        body["warnings"] = json!(warnings);
    }
    Reply::json(200, &body)
}

fn failure(why: &Why) -> Reply {
    let (status, kind, words) = match why {
        Why::Bad(words) => (400, "bad_data", words),
        Why::Unsupported(words) => (422, "execution", words),
    };
    Reply::json(status, &json!({ "status": "error", "errorType": kind, "error": words }))
}
