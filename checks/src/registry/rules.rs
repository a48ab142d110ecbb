//! Pull-through rules, copies between regions, and a limit: what is asked of the registry itself.

use super::{
    evidence::{self, InRegion},
    settings::{PullThrough, RateLimit, Replication},
    store::{Store, regions_of},
};
use crate::{
    clients::{
        aws::Ecr,
        connections::AwsAccount,
        registry::{Held, ImageName, Repository, is_path, is_tag},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use futures::future::join_all;
use std::sync::Arc;

/// A pull-through rule in a region.
#[derive(Debug)]
pub(super) struct Cache {
    account: AwsAccount,
    region: String,
    prefix: String,
    upstream: String,
}

/// The rules of `with`, each region for itself.
pub(super) fn caches(all: &[PullThrough], place: &Place) -> Result<Vec<Cache>, Invalid> {
    let mut caches = Vec::new();
    for (i, PullThrough { ecr, regions, prefix, upstream }) in all.iter().enumerate() {
        let at = format!("pull_through.{i}");
        if prefix != "ROOT" && !is_path(prefix) {
            let message = format!("`{}` is no prefix of repositories", prefix.escape_debug());
            return Err(Invalid::new(&format!("{at}.prefix"), message).help("write `prefix: docker-hub`, or `ROOT`"));
        }
        if upstream.is_empty() || upstream.contains("://") || upstream.contains(char::is_whitespace) {
            return Err(
                Invalid::new(&format!("{at}.upstream"), "the upstream is a host").help("write `upstream: ghcr.io`")
            );
        }
        let account = place.aws(ecr, &format!("{at}.ecr"))?;
        let regions = regions_of(&account, regions, place, &at)?;
        caches.extend(regions.into_iter().map(|region| Cache {
            account: account.clone(),
            region,
            prefix: prefix.clone(),
            upstream: upstream.trim_end_matches('/').to_owned(),
        }));
    }
    Ok(caches)
}

impl Cache {
    pub(super) fn access(&self) -> Vec<Access> {
        ["ecr:DescribePullThroughCacheRules", "ecr:ValidatePullThroughCacheRule"]
            .map(|action| Access::new("aws", format!("{action} in {}", self.region)))
            .into()
    }

    pub(super) async fn look(&self, cx: &Context) -> evidence::Cache {
        let Self { account, region, prefix, upstream } = self;
        let rule = match cx.aws_identity(account, Some(region)).await {
            Err(missing) => Err(missing),
            Ok(_) => Ecr::cache_rule(cx, account, region, prefix).await,
        };
        let validity = match &rule {
            Ok(Some(_)) => Some(Ecr::validity(cx, account, region, prefix).await),
            _ => None,
        };
        let ecr = in_region(account, region);
        evidence::Cache { ecr, prefix: prefix.clone(), upstream: upstream.clone(), rule, validity }
    }
}

/// An image that is copied to other regions.
#[derive(Debug)]
pub(super) struct Copying {
    ecr: Ecr,
    tag: String,
    to: Vec<Ecr>,
}

/// The copies of `with`.
pub(super) fn copyings(all: &[Replication], place: &Place) -> Result<Vec<Copying>, Invalid> {
    let copying = |(i, written): (usize, &Replication)| {
        let Replication { ecr, region, repository, tag, to, to_ecr } = written;
        let at = format!("replication.{i}");
        if to.is_empty() {
            return Err(Invalid::new(&format!("{at}.to"), "no region needs it").help("add `to: [eu-west-2]`"));
        }
        if !is_path(repository) {
            return Err(Invalid::new(&format!("{at}.repository"), "this is no name of a repository"));
        }
        if !is_tag(tag) {
            return Err(Invalid::new(&format!("{at}.tag"), "this is no tag"));
        }
        let account = place.aws(ecr, &format!("{at}.ecr"))?;
        let named: Vec<String> = region.iter().cloned().collect();
        let region = regions_of(&account, &named, place, &at)?.into_iter().next().unwrap_or_default();
        if to_ecr.is_none() && to.contains(&region) {
            return Err(Invalid::new(&format!("{at}.to"), format!("{region} is where it is copied from")));
        }
        let owner = match to_ecr {
            Some(name) => place.aws(name, &format!("{at}.to_ecr"))?,
            None => account.clone(),
        };
        let of = |account: &AwsAccount, region: &String| Ecr {
            account: account.clone(),
            region: region.clone(),
            repository: repository.clone(),
        };
        let to = to.iter().map(|region| of(&owner, region)).collect();
        Ok(Copying { ecr: of(&account, &region), tag: tag.clone(), to })
    };
    all.iter().enumerate().map(copying).collect()
}

impl Copying {
    pub(super) fn access(&self) -> Vec<Access> {
        let on = |action: &str, Ecr { account, region, repository }: &Ecr| {
            let owner = account.account.as_deref().unwrap_or("*");
            Access::new("aws", format!("ecr:{action} on arn:aws:ecr:{region}:{owner}:repository/{repository}"))
        };
        let registry = Access::new("aws", format!("ecr:DescribeRegistry in {}", self.ecr.region));
        let images = std::iter::once(&self.ecr).chain(&self.to).map(|ecr| on("DescribeImages", ecr));
        [registry, on("DescribeImageReplicationStatus", &self.ecr)].into_iter().chain(images).collect()
    }

    pub(super) async fn look(&self, cx: &Context) -> evidence::Copying {
        let Ecr { account, region, repository } = &self.ecr;
        let (rules, copies) = match cx.aws_identity(account, Some(region)).await {
            Err(missing) => (Err(missing.clone()), Err(missing)),
            Ok(_) => {
                futures::join!(Ecr::replication_rules(cx, account, region), self.ecr.replicated(cx, &self.tag))
            }
        };
        let source = self.held(cx, &self.ecr).await;
        let to = join_all(self.to.iter().map(|ecr| async {
            evidence::Arrival { ecr: in_region(&ecr.account, &ecr.region), held: self.held(cx, ecr).await }
        }))
        .await;
        // Where the account is not named, the one that the credential is of.
        let needs = self.to.first().unwrap_or(&self.ecr);
        let owner = cx.aws_identity(&needs.account, Some(&needs.region)).await;
        let owner = owner.map(|identity| identity.account.clone()).unwrap_or_default();
        let (ecr, repository, tag) = (in_region(account, region), repository.clone(), self.tag.clone());
        evidence::Copying { ecr, repository, tag, account: owner, to, source, rules, copies }
    }

    /// What the tag points at in a region; nodes pull it by its tag.
    async fn held(&self, cx: &Context, ecr: &Ecr) -> Result<Held, Unobserved> {
        cx.aws_identity(&ecr.account, Some(&ecr.region)).await?;
        ecr.find(cx, &self.tag).await
    }
}

fn in_region(account: &AwsAccount, region: &str) -> InRegion {
    InRegion { profile: account.profile.clone(), region: region.to_owned() }
}

/// A registry's limit on pulls.
#[derive(Debug)]
pub(super) struct Limit {
    image: ImageName,
    repository: Arc<Repository>,
}

impl Limit {
    pub(super) fn new(settings: RateLimit, place: &Place) -> Result<Self, Invalid> {
        let RateLimit { image, registry } = settings;
        match Store::registry(&image, registry.as_deref(), place, ("limit.image", "limit.registry"))? {
            Store::Registry { repository, .. } => Ok(Self { image, repository }),
            Store::Ecr(_) => Err(Invalid::new("limit.image", "ECR has no limit of this kind")),
        }
    }

    pub(super) fn access(&self) -> Access {
        Access::new("registry", format!("pull {}", self.image.place()))
    }

    pub(super) async fn look(&self, cx: &Context) -> evidence::Limit {
        let asked_at = cx.now();
        let told: Result<_, Unobserved> = self.repository.allowance(cx, &self.image.reference.to_string()).await;
        evidence::Limit { image: self.image.to_string(), is_anonymous: self.repository.is_anonymous(), asked_at, told }
    }
}
