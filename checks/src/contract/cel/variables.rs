//! What an expression speaks of, as CEL takes it: JSON with its numbers kept whole, and times.

use super::environment;
use crate::contract::Window;
use cel::{
    Context, Value,
    objects::{Key, Map},
};
use jiff::Timestamp;
use serde_json::Value as Json;
use std::{collections::HashMap, sync::Arc};

/// Names and what they stand for.
pub struct Variables<'parent>(pub(super) Context<'parent, 'static>);

impl Default for Variables<'_> {
    fn default() -> Self {
        Self(Context::with_env(environment()))
    }
}

impl Variables<'_> {
    /// The times and the crowd of an event: `now`, `event.starts` and `event.ends` as timestamps, and `event.attendees`
    /// where the checklist counts them.
    #[must_use]
    pub fn of_event(window: &Window) -> Self {
        let mut event = HashMap::from([(key("starts"), time(window.starts)), (key("ends"), time(window.ends))]);
        event.extend(window.attendees.map(|count| (key("attendees"), Value::Int(i64::from(count)))));
        let mut variables = Self::default();
        variables.0.add_variable_from_value("now", time(window.now));
        variables.0.add_variable_from_value("event", Value::Map(Map { map: Arc::new(event) }));
        variables
    }

    /// These and one more.
    #[must_use]
    pub fn and<'all>(&'all self, name: &str, value: &Json) -> Variables<'all> {
        let mut inner = self.0.new_inner_scope();
        inner.add_variable_from_value(name, of_json(value));
        Variables(inner)
    }
}

/// CEL's own reading of a time: its type is another crate's.
fn time(at: Timestamp) -> Value {
    let text = at.to_string();
    environment()
        .compile(&format!("timestamp('{text}')"))
        .ok()
        .and_then(|program| program.execute(&Context::with_env(environment())).ok())
        .unwrap_or_else(|| text.into())
}

fn of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is) => Value::Bool(*is),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(whole)) => Value::UInt(whole),
            (None, None) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(of_json).collect())),
        Json::Object(entries) => {
            let map = entries.iter().map(|(name, value)| (key(name), of_json(value))).collect();
            Value::Map(Map { map: Arc::new(map) })
        }
    }
}

fn key(name: &str) -> Key {
    Key::String(Arc::new(name.to_owned()))
}
