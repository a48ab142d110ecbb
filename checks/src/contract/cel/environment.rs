//! What every expression may call: CEL's standard functions, those for texts, and `quantity`.

use super::quantity;
use cel::{Env, extensions};
use std::sync::{Arc, LazyLock};

/// What an expression over what was seen may call; the rest of CEL's names are operators and macros.
pub(super) const FUNCTIONS: &[&str] = &[
    "bool",
    "bytes",
    "charAt",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "format",
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
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "or",
    "orValue",
    "quantity",
    "replace",
    "reverse",
    "size",
    "split",
    "startsWith",
    "string",
    "substring",
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
    let declared = env.add_extension(extensions::strings).and_then(|()| quantity::declare(&mut env));
    debug_assert!(declared.is_ok(), "{declared:?}");
    Arc::new(env)
});

/// The functions and macros of every expression.
#[must_use]
pub fn environment() -> Arc<Env> {
    ENVIRONMENT.clone()
}
