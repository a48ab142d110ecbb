//! Amazon Managed Service for Prometheus: a path below a workspace, signed for the service `aps`.

use super::{account::key, refusal::Call, sign::Scope};
use crate::{
    clients::{
        http::{Ask, Response},
        looks::Question,
        prometheus::Workspace,
    },
    contract::{Context, Remedy, Unobserved, Why, short},
};
use aws_sigv4::http_request::SigningSettings;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use url::Url;

const ASK: Duration = Duration::from_secs(10);

/// The service's own endpoint in a region. Source: AWS General Reference, "Amazon Managed Service for Prometheus endpoints".
pub(in crate::clients) fn root(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://aps-workspaces.{region}.{domain}")
}

#[derive(Deserialize)]
struct Failure {
    #[serde(alias = "Message")]
    message: String,
}

impl Context {
    /// What a workspace answers to `GET rest`; the account is compared first.
    pub(in crate::clients) async fn aps(
        &self,
        workspace: &Workspace,
        rest: &str,
        right: &str,
        asked: &str,
        by_hand: Remedy,
    ) -> Result<Arc<Response>, Unobserved> {
        let Workspace { account, region, id } = workspace;
        let call = Call { asked: asked.to_owned(), right: format!("{right} on workspace/{id}"), by_hand };
        self.aws_identity(account, Some(region)).await?;
        let credential = self.aws_credential(account, &call).await?;
        let url = Url::parse(&workspace.url(rest)).map_err(|error| call.without(Why::Unconfigured, error, None))?;
        let host = Ask::to(url.clone()).host();
        let question =
            Question { host, key: format!("aps {url} {region} {}", key(account)), asked: asked.to_owned(), limit: ASK };
        let (cx, all) = (self.clone(), Arc::new((url, region.clone(), credential, call)));
        let look = move || {
            let (cx, all) = (cx.clone(), all.clone());
            async move {
                let (url, region, credential, call) = &*all;
                let scope = Scope { service: "aps", region, settings: SigningSettings::default() };
                let ask = scope.signed(Ask::to(url.clone()).any_status(), &[], &[], credential);
                let ask = ask.map_err(|reason| call.without(Why::Unconfigured, reason, None))?;
                let answer = cx.send(&ask).await.map_err(|missing| call.broken(missing))?;
                settle(answer, call)
            }
        };
        self.looks().once::<Response, _>(self.trace(), question, look).await
    }
}

/// What Prometheus itself says is an answer, an error of the service before it is not.
fn settle(answer: Response, call: &Call) -> Result<Response, Unobserved> {
    let failure = serde_json::from_slice::<Failure>(&answer.body).ok();
    if answer.status == 200 || (failure.is_none() && !matches!(answer.status, 401 | 403 | 429 | 500..=599)) {
        return Ok(answer);
    }
    let kind = answer.header("x-amzn-errortype").map(|kind| kind.split(':').next().unwrap_or_default().to_owned());
    let words = failure.map(|failure| short(&failure.message, 240));
    let words: Option<String> = words;
    Err(call.answered(answer.status, kind.as_deref(), words.as_deref(), answer.retry_after()))
}
