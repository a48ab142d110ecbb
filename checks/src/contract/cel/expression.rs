//! What must hold of what was seen, in CEL: read and compiled when the plan is made, evaluated when it is judged.
//!
//! Whatever it gives but `true` or `false` is a [`Failed`]: a field that is not there does not satisfy anything.

use super::{Variables, compile, environment::FUNCTIONS, on_large_stack, uses::Uses};
use crate::contract::text::nearest;
use cel::{ExecutionError, Program, Value};
use serde::{Deserialize, Deserializer, de};
use std::{fmt, marker::PhantomData};

/// The most letters of what CEL says.
const SAID: usize = 160;

/// What the expressions of one place may speak of.
pub trait Scope: Send + Sync + 'static {
    /// The names.
    const VARIABLES: &'static [&'static str];
    /// An expression that is right there.
    const EXAMPLE: &'static str;
}

/// A CEL expression that is true or false.
pub struct Expression<S> {
    text: String,
    program: Program,
    uses: Uses,
    scope: PhantomData<fn() -> S>,
}

/// Why an expression gave neither `true` nor `false`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// It reads what is not there.
    #[error("there is no `{0}`")]
    Absent(String),
    /// It gives something else.
    #[error("it gives {0}, not true or false")]
    NotBool(&'static str),
    /// It cannot be evaluated.
    #[error("{0}")]
    Broken(String),
}

impl<S: Scope> Expression<S> {
    /// Compiles a text, on a large stack.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn new(text: &str) -> Result<Self, String> {
        let compiled = on_large_stack(|| compile(text).map(|program| (Uses::of(program.expression()), program)));
        let (uses, program) = compiled
            .map_err(|error| format!("cannot start a thread: {error}"))?
            .map_err(|wrong| format!("{wrong}; what must hold is CEL: `{}`", S::EXAMPLE))?;
        if let Some(unknown) = uses.variables.iter().find(|name| !S::VARIABLES.contains(&name.as_str())) {
            return Err(strange(text, unknown, S::VARIABLES));
        }
        if let Some(unknown) = uses.functions.iter().find(|name| !FUNCTIONS.contains(&name.as_str())) {
            return Err(match nearest(unknown, FUNCTIONS.iter().copied()) {
                Some(near) => format!("`{text}`: there is no function `{unknown}`; did you mean `{near}`?"),
                None => format!("`{text}`: there is no function `{unknown}`"),
            });
        }
        Ok(Self { text: text.to_owned(), program, uses, scope: PhantomData })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if and only if it speaks of the variable `name`.
    #[must_use]
    pub fn speaks_of(&self, name: &str) -> bool {
        self.uses.variables.contains(name)
    }

    /// The values of the variable `name` that it reads by a fixed path, without the variable's own name.
    pub fn paths<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [String]> {
        self.uses.paths.iter().filter(move |path| path[0] == name).map(|path| &path[1..])
    }

    /// Whether it holds. To be called on a large stack: see [`on_large_stack`].
    ///
    /// # Errors
    /// It gives neither `true` nor `false`.
    pub fn holds(&self, variables: &Variables<'_>) -> Result<bool, Failed> {
        match self.program.execute(&variables.0) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(Failed::NotBool(noun(&other))),
            Err(ExecutionError::NoSuchKey(key)) => Err(Failed::Absent(key.chars().take(SAID).collect())),
            Err(error) => {
                Err(Failed::Broken(error.to_string().chars().take_while(|c| *c != '\n').take(SAID).collect()))
            }
        }
    }
}

fn strange(text: &str, unknown: &str, known: &[&str]) -> String {
    let help = nearest(unknown, known.iter().copied()).map_or_else(
        || {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("known are {}", known.join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    );
    format!("`{text}`: `{unknown}` is not known here; {help}")
}

const fn noun(value: &Value) -> &'static str {
    match value {
        Value::List(_) => "a list",
        Value::Map(_) | Value::Struct(_) => "a map",
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => "a number",
        Value::String(_) => "a text",
        Value::Null => "null",
        Value::Duration(_) => "a length of time",
        Value::Timestamp(_) => "a time",
        Value::Opaque(_) => "a value that may be absent (end with `.orValue(…)`)",
        _ => "something else",
    }
}

impl<S> fmt::Debug for Expression<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text).finish()
    }
}

impl<'de, S: Scope> Deserialize<'de> for Expression<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<S>(PhantomData<fn() -> S>);
        impl<S: Scope> de::Visitor<'_> for Text<S> {
            type Value = Expression<S>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a CEL expression such as `{}`", S::EXAMPLE)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Expression<S>, E> {
                Expression::new(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, Timestamp, tz::TimeZone};
    use serde_json::json;

    struct Object;
    impl Scope for Object {
        const VARIABLES: &'static [&'static str] = &["object", "now", "event"];
        const EXAMPLE: &'static str = "object.status.phase == 'Ready'";
    }

    fn window() -> crate::contract::Window {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        crate::contract::Window {
            now: time("2026-11-30T17:00:00.5Z"),
            starts: time("2026-12-02T17:00:00Z"),
            ends: time("2026-12-02T18:30:00Z"),
            lead: SignedDuration::from_hours(2),
            tail: SignedDuration::from_hours(1),
            zone: TimeZone::UTC,
            attendees: Some(15),
        }
    }

    fn holds(text: &str) -> Result<bool, Failed> {
        let object = json!({
            "metadata": { "name": "a", "creationTimestamp": "2026-11-30T16:50:00Z", "labels": { "a.b/c": "d" } },
            "spec": { "count": 3, "large": 18_446_744_073_709_551_615_u64, "share": 0.5, "cpu": "1500m" },
            "status": { "phase": "Enabled", "parts": [{ "ok": true }, { "ok": false }], "empty": null },
        });
        let expression = Expression::<Object>::new(text).expect(text);
        on_large_stack(|| {
            let event = Variables::of_event(&window());
            expression.holds(&event.and("object", &object))
        })
        .expect("a thread")
    }

    #[test]
    fn numbers_times_quantities_and_what_may_be_absent_are_compared() {
        for text in [
            "object.spec.count == 3 && object.spec.count < 3.5",
            "object.spec.large > uint(1)",
            "object.spec.share * 2.0 == 1.0",
            "timestamp(object.metadata.creationTimestamp) < now - duration('9m')",
            "!(timestamp(object.metadata.creationTimestamp) < now - duration('15m'))",
            "event.starts > now && timestamp(event.ends) - event.starts == duration('90m')",
            "event.attendees * 2 == 30",
            "quantity(object.spec.cpu) == 1.5 && quantity(object.spec.count) > quantity(object.spec.share)",
            "object.status.phase.lowerAscii() == 'enabled' && object.status.phase.matches('(?i)^ENABLED$')",
            "object.status.parts.exists(part, !part.ok)",
            "object.metadata.labels['a.b/c'] == 'd'",
            "object.?status.?nothing.?here.orValue('none') == 'none'",
            "object.metadata.?annotations[?'x'].orValue('') == ''",
            "!has(object.status.message)",
            "object.status.empty == null",
        ] {
            assert_eq!(holds(text), Ok(true), "{text}");
        }
    }

    #[test]
    fn what_is_not_there_or_no_answer_is_never_true() {
        assert_eq!(holds("object.status.message == ''"), Err(Failed::Absent("message".to_owned())));
        assert_eq!(holds("object.status.nothing.here != 'x'"), Err(Failed::Absent("nothing".to_owned())));
        assert_eq!(holds("object.status.phase"), Err(Failed::NotBool("a text")));
        assert!(matches!(holds("object.?status.?phase"), Err(Failed::NotBool(_))));
        assert!(matches!(holds("object.spec.count < 'three'"), Err(Failed::Broken(_))));
        assert!(matches!(holds("quantity(object.status.phase) > 1.0"), Err(Failed::Broken(_))));
        assert!(matches!(holds("timestamp(object.status.phase) < now"), Err(Failed::Broken(_))));
    }

    #[test]
    fn what_is_wrong_is_said_when_it_is_read() {
        let wrong = |text: &str| Expression::<Object>::new(text).err().unwrap_or_else(|| panic!("{text} is taken"));
        assert!(wrong("objct.a == 1").contains("did you mean `object`?"));
        assert!(wrong("objects.all(o, o.a)").contains("did you mean `object`?"));
        assert!(wrong("x == 1").contains("known are `object`, `now`, `event`"));
        assert!(wrong("object.a.lowerAsci() == 'b'").contains("did you mean `lowerAscii`?"));
        assert!(wrong("frobnicate(object)").contains("there is no function `frobnicate`"));
        assert!(wrong("object.a ==").contains("ends too early"));
        assert!(wrong("").contains("empty"));
        assert!(wrong(&"!".repeat(600)).contains("600 bytes"));
        assert!(wrong("object.a.all(x, object.b.all(y, x == y))").contains("loops within a loop"));
    }

    #[test]
    fn nesting_as_deep_as_the_length_allows_is_no_end_of_the_process() {
        for text in [format!("{}true{}", "(".repeat(250), ")".repeat(250)), "!".repeat(505) + "true", "[".repeat(512)] {
            drop(Expression::<Object>::new(&text));
        }
        let expression = Expression::<Object>::new(&("!".repeat(500) + "object.a")).expect("an expression");
        let held = on_large_stack(|| expression.holds(&Variables::default().and("object", &json!({ "a": true }))));
        assert_eq!(held.expect("a thread"), Ok(true));
    }

    #[test]
    fn what_it_reads_is_known_before_it_is_evaluated() {
        let text =
            "object.status.parts.exists(p, p.ok) && object.metadata.labels['a.b/c'] == object.?spec.?x.orValue('')";
        let expression = Expression::<Object>::new(text).expect("an expression");
        let paths: Vec<String> = expression.paths("object").map(|path| path.join(" ")).collect();
        assert_eq!(paths, ["status parts", "metadata labels a.b/c", "spec x"]);
        assert!(expression.speaks_of("object") && !expression.speaks_of("now") && !expression.speaks_of("p"));
    }

    #[test]
    fn texts_are_compared_in_any_case_and_never_made_longer() {
        assert_eq!(holds("' aB '.trim().upperAscii() == 'AB'"), Ok(true));
        assert!(FUNCTIONS.is_sorted());
        for text in ["'a'.replace('', 'b') == ''", "['a'].join('b') == ''", "'%s'.format(['a']) == ''"] {
            assert!(Expression::<Object>::new(text).expect_err(text).contains("there is no function"), "{text}");
        }
    }
}
