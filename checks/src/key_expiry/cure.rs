//! What mends a key: where to issue it anew, and until when it must last.

use super::{
    judge::Bar,
    source::{Issued, Source},
};
use crate::contract::Remedy;
use jiff::SignedDuration;

/// How long a password of Amazon's registry lives (`GetAuthorizationToken`).
pub(super) const ECR_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// A new key in place of `name`.
pub(super) fn anew(bar: &Bar<'_>, name: &str) -> Remedy {
    let until = bar.window.clock(bar.needed);
    let hours = hours(bar);
    match bar.source {
        Source::Litellm { url } => Remedy::prose(format!(
            "issue `{name}` anew at {url} with a duration of at least {hours}h, so that it lasts until {until}, and hand it out before the start"
        )),
        Source::Coder { url, user, token } => coder(bar, name, url, user.as_deref(), token.as_deref()),
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
        Source::CoderLicence { url } => Remedy::prose(format!(
            "have the licence of {url} extended until {until}, and add it there before the one that holds now ends"
        )),
        Source::Aws { profile, user } => {
            let with = profile.as_ref().map_or_else(String::new, |profile| format!(" (profile {profile})"));
            Remedy::prose(match user {
                Some(user) => format!(
                    "make the user {user} another access key{with}, hand it out, see it used, and only then switch `{name}` off"
                ),
                None => format!("get {name}{with} anew so that it lasts until {until}"),
            })
        }
        Source::Gcp { email } => {
            Remedy::run(["gcloud", "iam", "service-accounts", "keys", "list", "--iam-account", email]).saying(format!(
                "make {email} another key that lasts until {until}, and put it in the place of `{name}`"
            ))
        }
        Source::GithubApp { url, app } => Remedy::prose(format!(
            "see in the settings of the App {app} at {url} that it has a private key and is installed, then put that key in the old one's place"
        )),
        Source::Certificate { host, port, issued } => certificate(host, *port, issued.as_ref(), &until),
        Source::Json { url } => Remedy::prose(format!("renew `{name}` at {url} until at least {until}")),
    }
}

/// How many hours a new key must live.
fn hours(bar: &Bar<'_>) -> i64 {
    bar.needed.duration_since(bar.window.now).as_secs().max(0) / 3_600 + 1
}

/// Coder gives a name once only, so that the new token has another one until the old one is removed.
fn coder(bar: &Bar<'_>, name: &str, url: &str, user: Option<&str>, token: Option<&str>) -> Remedy {
    let (lifetime, until) = (format!("{}h", hours(bar)), bar.window.clock(bar.needed));
    let new = token.map(|token| format!("{token}-{}", bar.needed.strftime("%Y%m%d")));
    let mut command = vec!["coder", "--url", url, "tokens", "create", "--lifetime", &lifetime];
    command.extend(user.into_iter().flat_map(|user| ["--user", user]));
    command.extend(new.iter().flat_map(|new| ["--name", new]));
    let signed_in = match user {
        Some(user) => format!("signed in as an Owner, make {user} a token"),
        None => format!("signed in as the user of `{name}`, make a token"),
    };
    let renamed = if token.is_some() { ", and name the new one in the checklist" } else { "" };
    let says = format!("{signed_in} that lasts until {until} and put it in the place of `{name}`{renamed}");
    Remedy::run(command).saying(says)
}

/// A key without an end, which somebody should know of.
pub(super) fn never(bar: &Bar<'_>, name: &str) -> Remedy {
    Remedy::prose(match bar.source {
        Source::Aws { .. } => format!(
            "use a role in place of `{name}`, or bound its age with `max_age`; where no end is meant, say `never_expires: ok`"
        ),
        _ => format!("issue `{name}` anew with an end, or say `never_expires: ok`"),
    })
}

fn certificate(host: &str, port: u16, issued: Option<&Issued>, until: &str) -> Remedy {
    if let Some(Issued { kubectl, namespace, name, .. }) = issued {
        let look = kubectl.look_in(namespace, &["describe", "certificate", name]);
        return look
            .saying(format!("have {namespace}/{name} issued anew until {until}, and see that {host} serves it"));
    }
    let url = format!("https://{host}:{port}/");
    Remedy::run(["curl", "-sSvk", "--noproxy", "*", "--max-time", "10", "-o", "/dev/null", &url])
        .saying(format!("renew the certificate until {until}, and reload what serves it at every address"))
}

/// A key that nobody was seen to use.
pub(super) fn unused(name: &str) -> Remedy {
    Remedy::prose(format!("see that what needs `{name}` holds it, and make one call with it from there"))
}

/// The renewal of `name`, which has stopped.
pub(super) fn renewal(name: &str) -> Remedy {
    Remedy::prose(format!("find out why what renews `{name}` has stopped: its job, its schedule, its rights"))
}
