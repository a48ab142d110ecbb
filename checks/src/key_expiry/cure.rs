//! What mends a key: where to issue it anew, and until when it must last.

use super::{evidence::Source, judge::Bar};
use crate::contract::Remedy;
use jiff::SignedDuration;

/// How long a password of Amazon's registry lives (`GetAuthorizationToken`).
pub(super) const ECR_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// A new key in place of `name`.
pub(super) fn anew(bar: &Bar<'_>, name: &str) -> Remedy {
    let until = bar.window.clock(bar.needed);
    let hours = bar.needed.duration_since(bar.window.now).as_secs().max(0) / 3_600 + 1;
    match bar.source {
        Source::Litellm { url } => Remedy::prose(format!(
            "issue `{name}` anew at {url} with a duration of at least {hours}h, so that it lasts until {until}, and hand it out before the start"
        )),
        Source::Coder { url } => {
            Remedy::run(["coder", "--url", url, "tokens", "create", "--lifetime", &format!("{hours}h")])
                .saying(format!("make a token that lasts until {until} and put it in the place of `{name}`"))
        }
        Source::Cloudflare { url } => Remedy::prose(format!(
            "give {name} an end after {until} and the rights to its zone on Cloudflare's page of API tokens (for {url}), or roll it and put the new one in its place"
        )),
        Source::Github { url } => Remedy::prose(format!(
            "make the token of {url} anew in GitHub's settings with an end after {until}, and put it in the old one's place"
        )),
        Source::DockerConfig { kubectl, namespace, name: secret } => {
            let context = kubectl.context.as_deref().map_or_else(String::new, |context| format!(", context {context}"));
            let what = format!("make the secret {secret} (namespace {namespace}{context}) anew with a fresh password");
            let from = bar.needed.saturating_sub(ECR_LIFE).unwrap_or(bar.needed);
            Remedy::prose(if from > bar.window.now {
                format!("{what}; one of ECR lives 12 h, so not before {}", bar.window.clock(from))
            } else {
                format!("{what} that lasts until {until}")
            })
        }
        Source::Jwt { from } => Remedy::prose(format!(
            "issue the token anew with an `exp` after {until}, and put it where it is read: {from}"
        )),
        Source::Json { url } => Remedy::prose(format!("renew `{name}` at {url} until at least {until}")),
    }
}

/// The renewal of `name`, which has stopped.
pub(super) fn renewal(name: &str) -> Remedy {
    Remedy::prose(format!("find out why what renews `{name}` has stopped: its job, its schedule, its rights"))
}
