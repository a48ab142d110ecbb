//! How one may sign in. It says nothing of who gets an account: that is in the deployment's configuration.

use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Context, Unobserved},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The ways that the sign-in page offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// A password.
    pub password: bool,
    /// GitHub.
    pub github: bool,
    /// `OpenID` Connect.
    pub oidc: bool,
}

#[derive(Deserialize)]
struct Told {
    password: Method,
    github: Method,
    oidc: Method,
}

#[derive(Deserialize)]
struct Method {
    enabled: bool,
}

/// The ways that are offered, asked without a token: `GET /api/v2/users/authmethods`.
///
/// # Errors
/// No answer, or one that cannot be read.
pub async fn authmethods(cx: &Context, endpoint: &Endpoint) -> Result<SignIn, Unobserved> {
    let answer = anyone(cx, endpoint, &["users", "authmethods"]).await?;
    let Told { password, github, oidc } = answer.json()?;
    Ok(SignIn { password: password.enabled, github: github.enabled, oidc: oidc.enabled })
}

/// What anybody is answered.
pub(super) async fn anyone(cx: &Context, endpoint: &Endpoint, path: &[&str]) -> Result<Arc<Response>, Unobserved> {
    cx.ask(Ask::to(super::address(endpoint, path)?).via(&endpoint.via)).await
}
