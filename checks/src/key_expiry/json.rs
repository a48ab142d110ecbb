//! The source `json`: any answer that holds a time, found by a pointer.
//!
//! Never is only what the checklist says is never: a `null`, or an absent value beside others. An answer that lacks the
//! object around it is another answer than the one that was meant.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    moment::Moment,
    settings::{InForce, JsonTime},
    source::Source,
};
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Access, Context, Invalid, Place, Unobserved, Why, short},
};
use serde_json::Value;
use url::Url;

/// One JSON source.
pub(super) struct Looking {
    endpoint: Endpoint,
    url: Url,
    settings: JsonTime,
}

impl Looking {
    pub(super) fn new(settings: JsonTime, place: &Place) -> Result<Self, Invalid> {
        let endpoint = place.endpoint(&settings.connection, "http", "json.connection")?;
        pointer(&settings.pointer, "json.pointer")?;
        if let Some(in_force) = &settings.in_force {
            pointer(&in_force.pointer, "json.in_force.pointer")?;
        }
        let path = settings.path.trim_start_matches('/');
        let url =
            endpoint.at(path).map_err(|error| Invalid::new("json.path", format!("`{path}` is no path: {error}")))?;
        if url.origin() != endpoint.url.origin() {
            return Err(Invalid::new("json.path", "a path at the connection's own host is needed here")
                .help("write `api/v1/token`, or add a connection for the other host"));
        }
        Ok(Self { endpoint, url, settings })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        vec![Access::new(self.endpoint.name.clone(), format!("GET {}", self.url))]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let mut ask = Ask::to(self.url.clone()).via(&self.endpoint.via).header("accept", "application/json");
        if let Some(token) = self.endpoint.token() {
            ask = ask.bearer(&cx.reveal(&token)?);
        } else if let (Some(user), Some(password)) = (&self.endpoint.username, self.endpoint.password()) {
            ask = ask.basic(user, &cx.reveal(&password)?);
        }
        let answer = cx.ask(ask).await?;
        let body: Value = answer.json()?;
        let key = self.key(&body, &answer)?;
        Ok(Evidence::of(Source::Json { url: super::shown(&self.endpoint.url) }, Look::of(&answer), vec![key]))
    }

    fn key(&self, body: &Value, answer: &Response) -> Result<Key, Unobserved> {
        let JsonTime { pointer, in_force, name, .. } = &self.settings;
        let name = name.as_ref().unwrap_or(pointer);
        let ends = self.ends(body, answer)?;
        let standing = in_force.as_ref().map_or(Standing::InForce, |wanted| standing(wanted, body));
        Ok(Key { standing, ..Key::ending(name, ends) })
    }

    fn ends(&self, body: &Value, answer: &Response) -> Result<Ends, Unobserved> {
        let JsonTime { pointer, null_is_never, absent_is_never, .. } = &self.settings;
        let around = pointer.rsplit_once('/').and_then(|(parent, _)| body.pointer(parent));
        let has_around = around.and_then(Value::as_object).is_some_and(|around| !around.is_empty());
        match body.pointer(pointer) {
            Some(Value::Null) if *null_is_never => Ok(Ends::Never { told_by: format!("{pointer}, which is null") }),
            Some(Value::Null) => Ok(Ends::Untold { says: format!("{pointer} is null") }),
            Some(value) => match Moment::of(value) {
                Some(moment) => Ok(Ends::told(moment, pointer.clone())),
                None => Err(malformed(answer, format!("{pointer} is no time"))),
            },
            None if *absent_is_never && has_around => {
                Ok(Ends::Never { told_by: format!("{pointer}, which is absent") })
            }
            None => Err(malformed(answer, format!("there is no {pointer} in the answer"))),
        }
    }
}

fn standing(wanted: &InForce, body: &Value) -> Standing {
    let there = match body.pointer(&wanted.pointer) {
        None => "absent".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(_) | Value::Object(_)) => "no plain value".to_owned(),
        Some(value) => value.to_string(),
    };
    if there == wanted.equals {
        return Standing::InForce;
    }
    let there = short(&there, 80);
    Standing::Blocked { says: format!("{} is {there}, not {}", wanted.pointer, wanted.equals) }
}

fn malformed(answer: &Response, detail: String) -> Unobserved {
    Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand())
}

fn pointer(text: &str, at: &str) -> Result<(), Invalid> {
    if text.starts_with('/') {
        return Ok(());
    }
    Err(Invalid::new(at, format!("`{text}` is no JSON pointer")).help("write `/result/expires_on`"))
}
