//! What mends a deployment: its settings, its licences, its accounts.

use super::settings::Through;
use crate::contract::Remedy;

/// Lets newcomers in.
pub(super) fn sign_ups(through: Through) -> Remedy {
    let setting = through.setting();
    Remedy::prose(format!(
        "set {setting}=true where the server is deployed from and roll it out, or make an account for everyone who comes"
    ))
}

/// Lets members of an organisation in, and nobody else. A server that is told to let in both them and everyone refuses to
/// start.
pub(super) fn organisations(wanted: &[String], is_everyone_let_in: bool) -> Remedy {
    let all = wanted.join(",");
    let (closing, at_once) = if is_everyone_let_in {
        ("CODER_OAUTH2_GITHUB_ALLOW_EVERYONE=false and ", " in the same change,")
    } else {
        ("", "")
    };
    Remedy::prose(format!(
        "set {closing}CODER_OAUTH2_GITHUB_ALLOWED_ORGS={all}{at_once} where the server is deployed from and roll it out, or correct `organisations`"
    ))
    .disrupting("whoever is connected while the server restarts")
}

/// A next licence.
pub(super) fn licence(url: &str, until: &str) -> Remedy {
    Remedy::prose(format!("add a licence that is in force until {until} at {url}/deployment/licenses"))
}

/// The licences as an owner sees them.
pub(super) fn look(url: &str) -> Remedy {
    Remedy::run(["coder", "--url", url, "licenses", "list"])
}
