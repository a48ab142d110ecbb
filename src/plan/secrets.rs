//! What to say of a secret that is not where the checklist says it is. Planning itself reads none.

use gonogo_checks::contract::{
    SecretRef,
    text::{Placed, Problem},
};

/// The complaint about a secret that cannot be read; `reason` is the system's own words, and never the secret.
#[must_use]
pub fn missing(secret: &Placed<SecretRef>, reason: &str) -> Problem {
    let (message, help) = match &secret.value {
        SecretRef::Env(name) => (
            format!("`{name}` is not set in the environment"),
            format!("export {name}, or name another place: `{{ file: … }}`, `{{ command: […] }}`"),
        ),
        SecretRef::File(path) => (
            format!("the secret in `{path}` cannot be read: {reason}"),
            "write the file, or name another place: `{ env: … }`, `{ command: […] }`".to_owned(),
        ),
        SecretRef::Command(argv) => {
            let program = argv.first().map_or("", String::as_str);
            (
                format!("`{program}` gives no secret: {reason}"),
                "run it by hand to see why: it must print the secret and exit with 0".to_owned(),
            )
        }
    };
    Problem::new(secret.at, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_checks::contract::text::At;

    #[test]
    fn a_secret_that_is_not_set_says_what_to_export() {
        let at = At { file: 0, line: 3, col: 9, len: 4 };
        let problem = missing(&Placed { value: SecretRef::Env("LITELLM_PROBE_KEY".into()), at }, "");
        assert_eq!(problem.at, at);
        assert_eq!(problem.message, "`LITELLM_PROBE_KEY` is not set in the environment");
        assert!(problem.help.is_some_and(|help| help.starts_with("export LITELLM_PROBE_KEY")));
    }
}
