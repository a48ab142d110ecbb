//! ECR: what a tag points at in a region, and manifests by their digest.
//!
//! The tag is asked for by name: the image pushed last is another question. `DescribeImages` is asked first, for
//! `BatchGetImage` of a tag may import from upstream; the latter gives bodies, by digest, and says in a 200 what failed.

mod cache;
mod contents;
mod replication;

use super::{
    account::{by_hand, key},
    refusal::Call,
};
use crate::{
    clients::{
        connections::AwsAccount,
        looks::Question,
        registry::{Found, Held, MANIFEST_TYPES, MOST_MANIFEST, Manifest, is_manifest_type},
    },
    contract::{Context, Unobserved, Why, values::Digest},
};
use aws_config::{Region, SdkConfig};
use aws_sdk_ecr::{
    Client,
    operation::{batch_get_image::BatchGetImageError, describe_images::DescribeImagesError},
    types::{ImageDetail, ImageFailure, ImageIdentifier, ImageStatus},
};
use jiff::Timestamp;
use std::{future::Future, sync::Arc, time::Duration};

pub use cache::{CacheRule, Validity};
pub use replication::{Destination, Replicated, ReplicationRule};

const ASK: Duration = Duration::from_secs(10);

/// A repository of ECR in a region.
#[derive(Clone, Debug)]
pub struct Ecr {
    /// The account, with its credential.
    pub account: AwsAccount,
    /// The region.
    pub region: String,
    /// The repository.
    pub repository: String,
}

impl Ecr {
    /// The repository as a registry that is pulled from, in `account`.
    #[must_use]
    pub fn place(&self, account: &str) -> String {
        let domain = if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("{account}.dkr.ecr.{}.{domain}/{}", self.region, self.repository)
    }

    /// What `reference`, a tag or a digest, points at. It imports nothing from anywhere.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; the account is not compared here.
    pub async fn find(&self, cx: &Context, reference: &str) -> Result<Held, Unobserved> {
        let is_digest = reference.parse::<Digest>().is_ok();
        let id = format!("{}={reference}", if is_digest { "imageDigest" } else { "imageTag" });
        let call = self.call("DescribeImages", "describe-images", reference, &id);
        let asked = Arc::new((self.clone(), reference.to_owned()));
        let look = move |client: Client, call: Call| {
            let asked = asked.clone();
            async move { describe(&client, &asked.0, &asked.1, &call).await }
        };
        cx.ecr::<Held, _>(&self.account, &self.region, call, look).await.map(|held| (*held).clone())
    }

    /// The manifest of `digest`; `None` where the repository has none such.
    ///
    /// # Errors
    /// No answer, one that proves nothing, or bytes of another digest.
    pub async fn manifest(&self, cx: &Context, digest: &Digest) -> Result<Option<Manifest>, Unobserved> {
        let (body, call) = self.body(cx, digest).await?;
        let read = |body: &Body| Manifest::read(&body.media_type, body.text.as_bytes());
        body.as_ref().as_ref().map(read).transpose().map_err(|reason| call.without(Why::Malformed, reason, None))
    }

    /// The exact bytes of a manifest.
    async fn body(&self, cx: &Context, digest: &Digest) -> Result<(Arc<Option<Body>>, Call), Unobserved> {
        let id = format!("imageDigest={digest}");
        let call = self.call("BatchGetImage", "batch-get-image", digest.as_str(), &id);
        let asked = Arc::new((self.clone(), digest.clone()));
        let look = move |client: Client, call: Call| {
            let asked = asked.clone();
            async move { batch(&client, &asked.0, &asked.1, &call).await }
        };
        Ok((cx.ecr(&self.account, &self.region, call.clone(), look).await?, call))
    }

    fn call(&self, operation: &str, command: &str, reference: &str, id: &str) -> Call {
        let Self { region, repository, account } = self;
        let owner = account.account.as_deref().unwrap_or("*");
        let words = ["ecr", command, "--repository-name", repository, "--image-ids", id];
        Call {
            asked: format!("ecr:{operation} {repository} {reference} in {region}"),
            right: format!("ecr:{operation} on arn:aws:ecr:{region}:{owner}:repository/{repository}"),
            by_hand: by_hand(account, region, &words),
        }
    }
}

/// A manifest as it was pushed.
struct Body {
    media_type: String,
    text: String,
}

impl Context {
    /// One call of ECR in a region; equal ones of a run are made once.
    async fn ecr<T, F>(
        &self,
        account: &AwsAccount,
        region: &str,
        call: Call,
        look: impl Fn(Client, Call) -> F + Send + 'static,
    ) -> Result<Arc<T>, Unobserved>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Unobserved>> + Send + 'static,
    {
        let config = self.aws_config(account).await?;
        let question = Question {
            host: format!("api.ecr.{region}:443"),
            key: format!("{} {}", call.asked, key(account)),
            asked: call.asked.clone(),
            limit: ASK,
        };
        let region = region.to_owned();
        self.looks().once(self.trace(), question, move || look(client(&config, &region), call.clone())).await
    }
}

/// A call about a region's whole registry.
fn regional(account: &AwsAccount, region: &str, operation: &str, words: &[&str]) -> Call {
    let line: Vec<&str> = std::iter::once("ecr").chain(words.iter().copied()).collect();
    Call {
        asked: format!("ecr:{operation} {} in {region}", words.get(2..).unwrap_or_default().join(" ")),
        right: format!("ecr:{operation}"),
        by_hand: by_hand(account, region, &line),
    }
}

fn client(config: &SdkConfig, region: &str) -> Client {
    let regional = aws_sdk_ecr::config::Builder::from(config).region(Region::new(region.to_owned())).build();
    Client::from_conf(regional)
}

/// An image by its digest or its tag.
fn identifier(reference: &str) -> ImageIdentifier {
    let id = ImageIdentifier::builder();
    let is_digest = reference.parse::<Digest>().is_ok();
    if is_digest { id.image_digest(reference).build() } else { id.image_tag(reference).build() }
}

async fn describe(client: &Client, ecr: &Ecr, reference: &str, call: &Call) -> Result<Held, Unobserved> {
    let id = identifier(reference);
    let request = client.describe_images().repository_name(&ecr.repository).image_ids(id);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => {
            return match error.as_service_error() {
                Some(DescribeImagesError::ImageNotFoundException(_)) => {
                    Ok(Held::Missing(format!("{} has no such {}", ecr.repository, word(reference))))
                }
                Some(DescribeImagesError::RepositoryNotFoundException(_)) => {
                    Ok(Held::Missing(format!("no repository {}", ecr.repository)))
                }
                _ => Err(call.refused(&error)),
            };
        }
    };
    match answer.image_details() {
        [detail] => described(detail, reference, call),
        others => Err(call.without(Why::Malformed, format!("{} images for one reference", others.len()), None)),
    }
}

fn word(reference: &str) -> &'static str {
    if reference.contains(':') { "digest" } else { "tag" }
}

fn described(detail: &ImageDetail, reference: &str, call: &Call) -> Result<Held, Unobserved> {
    let malformed = |detail: String| Err(call.without(Why::Malformed, detail, None));
    let is_it = if reference.contains(':') {
        detail.image_digest() == Some(reference)
    } else {
        detail.image_tags().iter().any(|own| own == reference)
    };
    if !is_it {
        return malformed(format!("the image that came does not have the {}", word(reference)));
    }
    if let Some(status) = detail.image_status().filter(|status| **status != ImageStatus::Active) {
        return Ok(Held::Missing(format!(
            "its image is {}, and cannot be pulled",
            status.as_str().to_ascii_lowercase()
        )));
    }
    let media_type = detail.image_manifest_media_type().unwrap_or_default();
    if !is_manifest_type(media_type) {
        return malformed(format!("`{}` is no image's manifest", media_type.escape_debug()));
    }
    match detail.image_digest().unwrap_or_default().parse::<Digest>() {
        Err(reason) => malformed(reason),
        Ok(digest) => {
            let pushed = detail.image_pushed_at().and_then(|time| Timestamp::from_second(time.secs()).ok());
            Ok(Held::Found(Found { digest, media_type: media_type.to_owned(), pushed_at: pushed }))
        }
    }
}

async fn batch(client: &Client, ecr: &Ecr, digest: &Digest, call: &Call) -> Result<Option<Body>, Unobserved> {
    let id = ImageIdentifier::builder().image_digest(digest.as_str()).build();
    let mut request = client.batch_get_image().repository_name(&ecr.repository).image_ids(id);
    for media_type in MANIFEST_TYPES {
        request = request.accepted_media_types(media_type);
    }
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => {
            return match error.as_service_error() {
                Some(BatchGetImageError::RepositoryNotFoundException(_)) => Ok(None),
                _ => Err(call.refused(&error)),
            };
        }
    };
    // What failed is said within a 200.
    if let Some(failure) = answer.failures().first() {
        return failed(failure, call);
    }
    let [image] = answer.images() else {
        return Err(call.without(Why::Malformed, format!("{} images for one digest", answer.images().len()), None));
    };
    let (body, kind) =
        (image.image_manifest().unwrap_or_default(), image.image_manifest_media_type().unwrap_or_default());
    if body.len() > MOST_MANIFEST {
        return Err(call.without(Why::TooLarge, format!("more than {MOST_MANIFEST} bytes"), None));
    }
    let own = Digest::of(body.as_bytes());
    if own != *digest {
        return Err(call.without(Why::Malformed, format!("its bytes are {own}, not {digest}"), None));
    }
    Ok(Some(Body { media_type: kind.to_owned(), text: body.to_owned() }))
}

fn failed(failure: &ImageFailure, call: &Call) -> Result<Option<Body>, Unobserved> {
    let code = failure.failure_code().map_or("no code", |code| code.as_str());
    let why = match code {
        "ImageNotFound" => return Ok(None),
        "UpstreamTooManyRequests" => Why::Throttled,
        "UpstreamUnavailable" => Why::ServerError,
        "UpstreamAccessDenied" | "ImageInaccessible" | "KmsError" => Why::Forbidden,
        _ => Why::Malformed,
    };
    let words = failure.failure_reason().unwrap_or("no words");
    Err(call.without(why, format!("{code}: {words}"), None))
}
