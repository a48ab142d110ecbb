//! An answer that needs a right: Coder hides what may not be read behind the same 404 as what is not there.
//!
//! So a refusal is followed by one control read that every token may make. Where that succeeds the right is missing, and
//! is named; where it does not, the token is what is wrong.

use super::users::me;
use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Remedy, Unobserved, Why},
};
use secrecy::SecretString;
use std::sync::Arc;
use url::Url;

/// The answer at `url`, whose reading needs `right`.
pub(super) async fn granted(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    url: Url,
    right: &str,
) -> Result<Arc<Response>, Unobserved> {
    let answer = super::send(cx, endpoint, token, url).await?;
    match answer.status {
        403 | 404 => Err(refused(cx, endpoint, token, &answer, right).await),
        _ => answer.granted().map(|_| answer.clone()),
    }
}

async fn refused(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    answer: &Response,
    right: &str,
) -> Unobserved {
    if answer.words().contains("Route not found") {
        let detail = "this release of Coder has no such path";
        return Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(answer.by_hand());
    }
    match me(cx, endpoint, token).await {
        Ok(me) => missing(&answer.asked, &me.username, &endpoint.name, right),
        Err(missing) => missing,
    }
}

/// A token that is let in, and may not read this.
pub(super) fn missing(asked: &str, user: &str, connection: &str, right: &str) -> Unobserved {
    let detail = format!("the token of `{user}` is let in, and lacks the right {right}");
    Unobserved::new(Why::Forbidden, asked, detail)
        .by_hand(Remedy::prose(format!("give connection {connection} a token, unscoped, of a user with {right}")))
}
