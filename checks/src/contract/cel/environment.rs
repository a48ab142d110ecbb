//! What every expression may call: CEL's standard functions, a few for texts, and `quantity`.
//!
//! Of CEL's extension for texts only what makes no text longer: `replace`, `join` and `format` multiply lengths, and twenty of them
//! within each other, which fit into 512 bytes, would need more memory than there is.

use super::{quantity, texts};
use cel::Env;
use std::sync::{Arc, LazyLock};

/// What an expression over what was seen may call; the rest of CEL's names are operators and macros.
pub(super) const FUNCTIONS: &[&str] = &[
    "bool",
    "bytes",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "hasValue",
    "int",
    "lowerAscii",
    "matches",
    "or",
    "orValue",
    "quantity",
    "size",
    "startsWith",
    "string",
    "timestamp",
    "trim",
    "type",
    "uint",
    "upperAscii",
    "value",
];

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    // Each name is declared once; a test calls them.
    let declared = texts::declare(&mut env).and_then(|()| quantity::declare(&mut env));
    debug_assert!(declared.is_ok(), "{declared:?}");
    Arc::new(env)
});

/// The functions and macros of every expression.
#[must_use]
pub fn environment() -> Arc<Env> {
    ENVIRONMENT.clone()
}
