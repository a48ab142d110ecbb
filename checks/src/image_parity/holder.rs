//! A place that holds the image: a repository of an OCI registry, or of ECR in a region.

use super::{
    evidence::{InEcr, Tagged},
    settings,
};
use crate::{
    clients::{
        aws::Ecr,
        registry::{Held, ImageName, Manifest, Repository, is_path, is_tag},
    },
    contract::{Access, Context, Invalid, Place, Unobserved, values::Digest},
};
use std::sync::Arc;

/// A tag, and where to ask for it.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    at: Where,
    name: String,
    reference: String,
    sites: Vec<String>,
}

#[derive(Clone, Debug)]
enum Where {
    Registry { repository: Arc<Repository>, place: String },
    Ecr { ecr: Box<Ecr>, near: String },
}

impl Holder {
    /// An image in an OCI registry; `at` is where in `with` it stands.
    pub(super) fn registry(
        image: &ImageName,
        connection: Option<&str>,
        place: &Place,
        at: &str,
    ) -> Result<Self, Invalid> {
        let within = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
        let endpoint = connection.map(|name| place.endpoint(name, "registry", &within("registry"))).transpose()?;
        let repository =
            Repository::of(image, endpoint.as_ref()).map_err(|reason| Invalid::new(&within("image"), reason))?;
        Ok(Self {
            at: Where::Registry { repository: Arc::new(repository), place: image.place() },
            name: image.to_string(),
            reference: image.reference.to_string(),
            sites: Vec::new(),
        })
    }

    /// The regions of a mirror in ECR. A copy concerns those of `members` whose `aws.region` is its own.
    pub(super) fn regions(
        mirror: &settings::Mirror,
        source: &ImageName,
        place: &Place,
        members: &[String],
        at: &str,
    ) -> Result<Vec<Self>, Invalid> {
        let account = place.aws(mirror.ecr.as_deref().unwrap_or_default(), &format!("{at}.ecr"))?;
        let regions =
            if mirror.regions.is_empty() { account.region.iter().cloned().collect() } else { mirror.regions.clone() };
        let Some(near) = regions.first().cloned() else {
            return Err(Invalid::new(at, "no region to look in").help("add `regions: [us-east-2]`"));
        };
        let Some(repository) = mirror.repository.clone().filter(|name| is_path(name)) else {
            return Err(Invalid::new(&format!("{at}.repository"), "a mirror in ECR needs the name of its repository")
                .help("add `repository: coder-preview`"));
        };
        let tag = mirror.tag.clone().unwrap_or_else(|| source.reference.to_string());
        if !is_tag(&tag) {
            return Err(Invalid::new(&format!("{at}.tag"), format!("`{}` is not a tag", tag.escape_debug()))
                .help("add `tag: latest`"));
        }
        let mirrors = regions.into_iter().map(|region| {
            let is_there = |site: &&String| place.site_aws(site).and_then(|aws| aws.region).as_ref() == Some(&region);
            Self {
                name: format!("{repository}:{tag} in {region}"),
                reference: tag.clone(),
                sites: members.iter().filter(is_there).cloned().collect(),
                at: Where::Ecr {
                    ecr: Box::new(Ecr { account: account.clone(), region, repository: repository.clone() }),
                    near: near.clone(),
                },
            }
        });
        Ok(mirrors.collect())
    }

    /// The rights that looking needs.
    pub(super) fn access(&self) -> Vec<Access> {
        match &self.at {
            Where::Registry { place, .. } => vec![Access::new("registry", format!("pull {place}"))],
            Where::Ecr { ecr, .. } => {
                let owner = ecr.account.account.as_deref().unwrap_or("*");
                let on = format!("on arn:aws:ecr:{}:{owner}:repository/{}", ecr.region, ecr.repository);
                ["ecr:DescribeImages", "ecr:BatchGetImage"]
                    .map(|action| Access::new("aws", format!("{action} {on}")))
                    .into()
            }
        }
    }

    /// What its tag points at.
    pub(super) async fn look(&self, cx: &Context) -> Tagged {
        let asked_at = cx.now();
        let (place, ecr, held) = match &self.at {
            Where::Registry { repository, place } => {
                (Some(place.clone()), None, repository.find(cx, &self.reference).await)
            }
            Where::Ecr { ecr, near } => {
                let (place, held) = self.look_in(cx, ecr, near).await;
                let (region, repository) = (ecr.region.clone(), ecr.repository.clone());
                (place, Some(InEcr { profile: ecr.account.profile.clone(), region, repository }), held)
            }
        };
        let (name, reference, sites) = (self.name.clone(), self.reference.clone(), self.sites.clone());
        Tagged { name, place, reference, ecr, sites, asked_at, held }
    }

    /// No answer of an account counts before it is known to be the one that is named.
    async fn look_in(&self, cx: &Context, ecr: &Ecr, near: &str) -> (Option<String>, Result<Held, Unobserved>) {
        match cx.aws_identity(&ecr.account, Some(near)).await {
            Err(missing) => (None, Err(missing)),
            Ok(identity) => (Some(ecr.place(&identity.account)), ecr.find(cx, &self.reference).await),
        }
    }

    /// The manifest of `digest`, where it holds one.
    pub(super) async fn manifest(&self, cx: &Context, digest: &Digest) -> Result<Option<Manifest>, Unobserved> {
        match &self.at {
            Where::Registry { repository, .. } => repository.manifest(cx, digest).await,
            Where::Ecr { ecr, .. } => ecr.manifest(cx, digest).await,
        }
    }
}
