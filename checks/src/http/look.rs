//! Looking: the samples and the certificates, side by side.

use super::{
    doors::certificates,
    evidence::{Answer, Asked, Evidence},
    settings::{Credential, Target},
};
use crate::{
    clients::http::{Ask, Response},
    contract::{Context, Unobserved},
};
use futures::{StreamExt as _, stream};
use std::sync::Arc;

/// The most bytes of one body that are kept.
const MOST_BODY: usize = 64 << 10;
/// The most bytes of all samples' bodies that are kept.
const MOST_BODIES: usize = 256 << 10;
/// The most samples under way at once.
const SIDE_BY_SIDE: usize = 10;
type Answers = Vec<Result<Arc<Response>, Unobserved>>;

pub(super) async fn look(target: &Target, cx: &Context) -> Result<Evidence, Unobserved> {
    let ask = ask(target, cx)?;
    let (answers, certificates) = futures::join!(samples(target, cx, ask), certificates(target, cx));
    let samples = answers.into_iter().map(|answer| answer.map(|response| Answer::of(&response))).collect();
    Ok(Evidence { asked: asked(target), samples, certificates })
}

fn asked(target: &Target) -> Asked {
    Asked {
        method: target.method.to_string(),
        url: target.url.clone(),
        headers: target.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        has_credential: target.credential.is_some() || !target.secret_headers.is_empty(),
        server_name: target.via.trust.server_name.clone(),
        redirects: target.redirects,
    }
}

fn ask(target: &Target, cx: &Context) -> Result<Ask, Unobserved> {
    let mut ask = Ask::new(target.method.clone(), target.url.clone())
        .via(&target.via)
        .redirects(target.redirects)
        .keeping(MOST_BODY.min(MOST_BODIES / usize::from(target.samples)))
        .within(target.timeout);
    for (name, value) in &target.headers {
        ask = ask.named_header(name.clone(), value);
    }
    for (name, secret) in &target.secret_headers {
        ask = ask.named_secret_header(name.clone(), "", &cx.reveal(secret)?);
    }
    Ok(match &target.credential {
        None => ask,
        Some(Credential::Bearer(token)) => ask.bearer(&cx.reveal(token)?),
        Some(Credential::Basic(user, password)) => ask.basic(user, &cx.reveal(password)?),
    })
}

/// One sample is asked again as any look is; of several, each is a measurement.
async fn samples(target: &Target, cx: &Context, ask: Ask) -> Answers {
    if target.samples == 1 {
        return vec![cx.ask(ask.last_status()).await];
    }
    let ask = ask.single();
    let each = (0..target.samples).map(|_| cx.ask(ask.clone()));
    stream::iter(each).buffered(SIDE_BY_SIDE).collect().await
}
