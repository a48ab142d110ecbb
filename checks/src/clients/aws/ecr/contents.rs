//! What a pull from ECR would fetch: a manifest's parts, whether its blobs are there, and for which platform it is.
//!
//! Nothing here imports from an upstream: manifests are asked for by digests that `DescribeImages` has found, and
//! `BatchCheckLayerAvailability` only tells. A config's address carries a signature, so it is never shown.

use super::{Client, Ecr};
use crate::{
    clients::{
        aws::refusal::Call,
        http::Ask,
        registry::{Blob, Contents, Held, MOST_MANIFEST, Platform, Presence, platform_of},
    },
    contract::{Context, Unobserved, Why, values::Digest},
};
use aws_sdk_ecr::{
    operation::get_download_url_for_layer::GetDownloadUrlForLayerError,
    types::{Layer, LayerAvailability},
};
use std::{collections::BTreeMap, sync::Arc};
use url::Url;

/// The most digests of one call (ECR API reference, `BatchCheckLayerAvailability`).
const AT_ONCE: usize = 100;

impl Ecr {
    /// What the manifest of `digest` is made of; `None` where the repository has none such. Whether it has one is asked
    /// first, so that the call that gives its bytes never imports it from an upstream.
    ///
    /// # Errors
    /// No answer, one that proves nothing, or bytes of another digest.
    pub async fn contents(&self, cx: &Context, digest: &Digest) -> Result<Option<Contents>, Unobserved> {
        if !matches!(self.find(cx, digest.as_str()).await?, Held::Found(_)) {
            return Ok(None);
        }
        let (body, call) = self.body(cx, digest).await?;
        let Some(body) = body.as_ref() else { return Ok(None) };
        let read = Contents::read(&body.media_type, body.text.as_bytes());
        read.map(Some).map_err(|reason| call.without(Why::Malformed, reason, None))
    }

    /// Whether the repository holds each of `blobs`, in their order.
    ///
    /// # Errors
    /// For a blob of which no word came; for all of a call that gave no answer.
    pub async fn blobs(&self, cx: &Context, blobs: &[Blob]) -> Vec<Result<Presence, Unobserved>> {
        let mut seen = Vec::new();
        for some in blobs.chunks(AT_ONCE) {
            match self.layers(cx, some).await {
                Ok(known) => seen.extend(some.iter().map(|blob| {
                    let silent = || Err(self.availability(some).without(Why::Malformed, "no word of a layer", None));
                    known.get(&blob.digest).map_or_else(silent, |presence| Ok(*presence))
                })),
                Err(missing) => seen.extend(some.iter().map(|_| Err(missing.clone()))),
            }
        }
        seen
    }

    fn availability(&self, blobs: &[Blob]) -> Call {
        let digests: Vec<&str> = blobs.iter().map(|blob| blob.digest.as_str()).collect();
        let (first, rest) = digests.split_first().unwrap_or((&"", &[]));
        let reference = if rest.is_empty() { (*first).to_owned() } else { format!("{first} and {} more", rest.len()) };
        let Self { account, region, repository } = self;
        let call = self.call("BatchCheckLayerAvailability", "batch-check-layer-availability", &reference, "");
        let mut line =
            vec!["ecr", "batch-check-layer-availability", "--repository-name", repository, "--layer-digests"];
        line.extend(digests);
        Call { by_hand: super::by_hand(account, region, &line), ..call }
    }

    async fn layers(&self, cx: &Context, blobs: &[Blob]) -> Result<Arc<BTreeMap<Digest, Presence>>, Unobserved> {
        let call = self.availability(blobs);
        let digests: Vec<String> = blobs.iter().map(|blob| blob.digest.to_string()).collect();
        // What is asked names the first of them only, and equal words would be one look.
        let set = Digest::of(digests.join(" ").as_bytes());
        let shared = Call { asked: format!("{} ({} in all, {})", call.asked, digests.len(), set.short(12)), ..call };
        let asked = Arc::new((self.repository.clone(), digests));
        let look = move |client: Client, call: Call| {
            let asked = asked.clone();
            async move { available(&client, &asked.0, &asked.1, &call).await }
        };
        cx.ecr(&self.account, &self.region, shared, look).await
    }

    /// The platform that an image's config says it is for; `None` where the repository does not hold the config.
    ///
    /// # Errors
    /// No answer, bytes of another digest, or a config that does not say.
    pub async fn platform(&self, cx: &Context, config: &Blob) -> Result<Option<Platform>, Unobserved> {
        let Self { account, region, repository } = self;
        let digest = config.digest.to_string();
        let call = self.call("GetDownloadUrlForLayer", "get-download-url-for-layer", &digest, "");
        let line = ["ecr", "get-download-url-for-layer", "--repository-name", repository, "--layer-digest", &digest];
        let call = Call { by_hand: super::by_hand(account, region, &line), ..call };
        let asked =
            Arc::new((cx.clone(), self.repository.clone(), config.digest.clone(), account.endpoint_url.is_some()));
        let look = move |client: Client, call: Call| {
            let asked = asked.clone();
            async move { fetched(&asked.0, &client, (&asked.1, &asked.2), asked.3, &call).await }
        };
        let found = cx.ecr::<Option<Platform>, _>(&self.account, &self.region, call, look).await?;
        Ok((*found).clone())
    }
}

async fn available(
    client: &Client,
    repository: &str,
    digests: &[String],
    call: &Call,
) -> Result<BTreeMap<Digest, Presence>, Unobserved> {
    let request = client.batch_check_layer_availability().repository_name(repository);
    let answer =
        request.set_layer_digests(Some(digests.to_vec())).send().await.map_err(|error| call.refused(&error))?;
    // What failed is said within a 200; a digest that is well formed and unknown is an unavailable layer, and no failure.
    if let Some(failure) = answer.failures().first() {
        let code = failure.failure_code().map_or("no code", |code| code.as_str());
        let words = failure.failure_reason().unwrap_or("no words");
        return Err(call.without(Why::Malformed, format!("{code}: {words}"), None));
    }
    answer.layers().iter().map(|layer| presence(layer, call)).collect()
}

fn presence(layer: &Layer, call: &Call) -> Result<(Digest, Presence), Unobserved> {
    let wrong = |detail: String| call.without(Why::Malformed, detail, None);
    let digest = layer.layer_digest().unwrap_or_default().parse::<Digest>().map_err(wrong)?;
    let presence = match layer.layer_availability() {
        Some(LayerAvailability::Available) => {
            Presence::Here(layer.layer_size().and_then(|size| u64::try_from(size).ok()))
        }
        Some(LayerAvailability::Unavailable | LayerAvailability::Archived) => Presence::Gone,
        other => {
            let word = other.map_or("nothing", |word| word.as_str());
            return Err(wrong(format!("the availability of {digest} is {}", word.escape_debug())));
        }
    };
    Ok((digest, presence))
}

/// The config's platform, from the address that ECR gives for its bytes.
async fn fetched(
    cx: &Context,
    client: &Client,
    (repository, digest): (&str, &Digest),
    may_be_plain: bool,
    call: &Call,
) -> Result<Option<Platform>, Unobserved> {
    let wrong = |why, detail: String| Err(call.without(why, detail, None));
    let request = client.get_download_url_for_layer().repository_name(repository).layer_digest(digest.as_str());
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => {
            return match error.as_service_error() {
                Some(GetDownloadUrlForLayerError::LayersNotFoundException(_)) => Ok(None),
                _ => Err(call.refused(&error)),
            };
        }
    };
    let url = answer.download_url().and_then(|url| Url::parse(url).ok());
    let Some(url) = url.filter(|url| url.scheme() == "https" || may_be_plain) else {
        return wrong(Why::Malformed, "no address for its bytes".to_owned());
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let bytes = match cx.send(&Ask::to(url).at_most(MOST_MANIFEST)).await {
        Ok(answer) if answer.status == 200 => answer.body,
        Ok(answer) => return wrong(answer.refusal().why, format!("status {} from {host}", answer.status)),
        // Its words would show the address, and whoever has the address has the layer.
        Err(missing) => return wrong(missing.why, format!("{host} did not give its bytes")),
    };
    let own = Digest::of(&bytes);
    if own != *digest {
        return wrong(Why::Malformed, format!("its bytes are {own}, not {digest}"));
    }
    platform_of(&bytes).map(Some).or_else(|reason| wrong(Why::Malformed, reason))
}
