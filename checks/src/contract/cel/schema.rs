//! An expression in a JSON Schema.

use super::{Expression, Scope};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

impl<S: Scope> JsonSchema for Expression<S> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let speaks_of: Vec<String> = S::VARIABLES.iter().map(|name| format!("`{name}`")).collect();
        json_schema!({
            "type": "string",
            "description": format!("a CEL expression over {}: `{}`", speaks_of.join(", "), S::EXAMPLE),
        })
    }
}
