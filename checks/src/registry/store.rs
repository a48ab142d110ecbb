//! Where an image is: a repository of an OCI registry, or of ECR in a region.

use super::evidence::InRegion;
use crate::{
    clients::{
        aws::Ecr,
        connections::AwsAccount,
        registry::{Blob, Contents, Held, ImageName, Platform, Presence, Repository, is_path},
    },
    contract::{Access, Context, Invalid, Place, Unobserved, values::Digest},
};
use futures::{StreamExt as _, stream};
use std::sync::Arc;

/// The most blobs that are asked for at once.
const AT_ONCE: usize = 8;

/// A repository, and how to ask for it.
#[derive(Clone, Debug)]
pub(super) enum Store {
    Registry { repository: Arc<Repository>, place: String },
    Ecr(Box<Ecr>),
}

impl Store {
    /// The repository of an image in an OCI registry; `keys` are the keys in `with` of the image and of the connection.
    pub(super) fn registry(
        image: &ImageName,
        connection: Option<&str>,
        place: &Place,
        (image_at, connection_at): (&str, &str),
    ) -> Result<Self, Invalid> {
        let endpoint = connection.map(|name| place.endpoint(name, "registry", connection_at)).transpose()?;
        let repository = Repository::of(image, endpoint.as_ref()).map_err(|reason| Invalid::new(image_at, reason))?;
        Ok(Self::Registry { repository: Arc::new(repository), place: image.place() })
    }

    /// The repository in each region of an account.
    pub(super) fn ecr(
        (connection, regions): (&str, &[String]),
        repository: Option<&String>,
        place: &Place,
        at: &str,
    ) -> Result<Vec<Self>, Invalid> {
        let account = place.aws(connection, &format!("{at}.ecr"))?;
        let Some(repository) = repository.filter(|name| is_path(name)) else {
            return Err(Invalid::new(&format!("{at}.repository"), "an image in ECR needs the name of its repository")
                .help("add `repository: base-ws`"));
        };
        let ecr =
            |region| Self::Ecr(Box::new(Ecr { account: account.clone(), region, repository: repository.clone() }));
        Ok(regions_of(&account, regions, place, at)?.into_iter().map(ecr).collect())
    }

    /// The name of the repository as it is asked for.
    pub(super) fn repository(&self) -> &str {
        match self {
            Self::Registry { place, .. } => place,
            Self::Ecr(ecr) => &ecr.repository,
        }
    }

    /// Where in ECR.
    pub(super) fn in_region(&self) -> Option<InRegion> {
        match self {
            Self::Registry { .. } => None,
            Self::Ecr(ecr) => Some(InRegion { profile: ecr.account.profile.clone(), region: ecr.region.clone() }),
        }
    }

    /// The rights that looking needs.
    pub(super) fn access(&self) -> Vec<Access> {
        match self {
            Self::Registry { place, .. } => vec![Access::new("registry", format!("pull {place}"))],
            Self::Ecr(ecr) => {
                let owner = ecr.account.account.as_deref().unwrap_or("*");
                let on = format!("on arn:aws:ecr:{}:{owner}:repository/{}", ecr.region, ecr.repository);
                let actions =
                    ["DescribeImages", "BatchGetImage", "BatchCheckLayerAvailability", "GetDownloadUrlForLayer"];
                actions.map(|action| Access::new("aws", format!("ecr:{action} {on}"))).into()
            }
        }
    }

    /// What `reference` points at. No answer of an account counts before it is known to be the one that is named.
    pub(super) async fn find(&self, cx: &Context, reference: &str) -> Result<Held, Unobserved> {
        match self {
            Self::Registry { repository, .. } => repository.find(cx, reference).await,
            Self::Ecr(ecr) => {
                cx.aws_identity(&ecr.account, Some(&ecr.region)).await?;
                ecr.find(cx, reference).await
            }
        }
    }

    /// What the manifest of `digest` is made of.
    pub(super) async fn contents(&self, cx: &Context, digest: &Digest) -> Result<Option<Contents>, Unobserved> {
        match self {
            Self::Registry { repository, .. } => repository.contents(cx, digest).await,
            Self::Ecr(ecr) => ecr.contents(cx, digest).await,
        }
    }

    /// For which platform a config is.
    pub(super) async fn platform(&self, cx: &Context, config: &Blob) -> Result<Option<Platform>, Unobserved> {
        match self {
            Self::Registry { repository, .. } => repository.platform(cx, config).await,
            Self::Ecr(ecr) => ecr.platform(cx, config).await,
        }
    }

    /// Whether each of `blobs` is there, in their order.
    pub(super) async fn blobs(&self, cx: &Context, blobs: &[Blob]) -> Vec<Result<Presence, Unobserved>> {
        match self {
            Self::Ecr(ecr) => ecr.blobs(cx, blobs).await,
            Self::Registry { repository, .. } => {
                // Asked for outside the stream, whose closures would have to be valid for every lifetime.
                let looks: Vec<_> = blobs.iter().map(|blob| repository.blob(cx, blob)).collect();
                stream::iter(looks).buffered(AT_ONCE).collect().await
            }
        }
    }
}

/// The regions that are named, or else the site's own, or else the account's.
pub(super) fn regions_of(
    account: &AwsAccount,
    named: &[String],
    place: &Place,
    at: &str,
) -> Result<Vec<String>, Invalid> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let of_site = place.site().and_then(|site| place.site_aws(site)).and_then(|aws| aws.region);
    of_site.or_else(|| account.region.clone()).map(|region| vec![region]).ok_or_else(|| {
        Invalid::new(at, "no region to look in").help("add `regions: [us-east-2]`, or `aws: { region: … }` to the site")
    })
}
