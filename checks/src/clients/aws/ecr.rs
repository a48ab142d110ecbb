//! ECR: what a tag points at in a region, and manifests by their digest.
//!
//! The tag is asked for by name: the image pushed last is another question. `DescribeImages` is asked first, for
//! `BatchGetImage` of a tag may import from upstream; the latter gives bodies, by digest, and says in a 200 what failed.

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
use std::{sync::Arc, time::Duration};

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

    /// What `tag` points at.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; the account is not compared here.
    pub async fn find(&self, cx: &Context, tag: &str) -> Result<Held, Unobserved> {
        let id = format!("imageTag={tag}");
        let call = self.call("DescribeImages", "describe-images", tag, &id);
        let (config, asked) =
            (cx.aws_config(&self.account).await?, Arc::new((self.clone(), tag.to_owned(), call.clone())));
        let look = move || {
            let (config, asked) = (config.clone(), asked.clone());
            async move { describe(&config, &asked.0, &asked.1, &asked.2).await }
        };
        cx.looks().once::<Held, _>(cx.trace(), self.question(&call), look).await.map(|held| (*held).clone())
    }

    /// The manifest of `digest`; `None` where the repository has none such.
    ///
    /// # Errors
    /// No answer, one that proves nothing, or bytes of another digest.
    pub async fn manifest(&self, cx: &Context, digest: &Digest) -> Result<Option<Manifest>, Unobserved> {
        let id = format!("imageDigest={digest}");
        let call = self.call("BatchGetImage", "batch-get-image", digest.as_str(), &id);
        let (config, asked) =
            (cx.aws_config(&self.account).await?, Arc::new((self.clone(), digest.clone(), call.clone())));
        let look = move || {
            let (config, asked) = (config.clone(), asked.clone());
            async move { batch(&config, &asked.0, &asked.1, &asked.2).await }
        };
        let manifest = cx.looks().once::<Option<Manifest>, _>(cx.trace(), self.question(&call), look).await?;
        Ok((*manifest).clone())
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

    fn question(&self, call: &Call) -> Question {
        Question {
            host: format!("api.ecr.{}:443", self.region),
            key: format!("{} {}", call.asked, key(&self.account)),
            asked: call.asked.clone(),
            limit: ASK,
        }
    }
}

fn client(config: &SdkConfig, region: &str) -> Client {
    let regional = aws_sdk_ecr::config::Builder::from(config).region(Region::new(region.to_owned())).build();
    Client::from_conf(regional)
}

async fn describe(config: &SdkConfig, ecr: &Ecr, tag: &str, call: &Call) -> Result<Held, Unobserved> {
    let id = ImageIdentifier::builder().image_tag(tag).build();
    let request = client(config, &ecr.region).describe_images().repository_name(&ecr.repository).image_ids(id);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => {
            return match error.as_service_error() {
                Some(DescribeImagesError::ImageNotFoundException(_)) => {
                    Ok(Held::Missing(format!("{} has no such tag", ecr.repository)))
                }
                Some(DescribeImagesError::RepositoryNotFoundException(_)) => {
                    Ok(Held::Missing(format!("no repository {}", ecr.repository)))
                }
                _ => Err(call.refused(&error)),
            };
        }
    };
    match answer.image_details() {
        [detail] => described(detail, tag, call),
        others => Err(call.without(Why::Malformed, format!("{} images for one tag", others.len()), None)),
    }
}

fn described(detail: &ImageDetail, tag: &str, call: &Call) -> Result<Held, Unobserved> {
    let malformed = |detail: String| Err(call.without(Why::Malformed, detail, None));
    if !detail.image_tags().iter().any(|own| own == tag) {
        return malformed("the image that came does not have the tag".to_owned());
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

async fn batch(config: &SdkConfig, ecr: &Ecr, digest: &Digest, call: &Call) -> Result<Option<Manifest>, Unobserved> {
    let id = ImageIdentifier::builder().image_digest(digest.as_str()).build();
    let mut request = client(config, &ecr.region).batch_get_image().repository_name(&ecr.repository).image_ids(id);
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
    Manifest::read(kind, body.as_bytes()).map(Some).map_err(|reason| call.without(Why::Malformed, reason, None))
}

fn failed(failure: &ImageFailure, call: &Call) -> Result<Option<Manifest>, Unobserved> {
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
