//! Images: which there are to look at, and the look at one of them.

use super::{
    evidence::{Content, Differs, Image, Now, OfPlatform, Parts, Upstream},
    settings::Wanted,
    store::Store,
};
use crate::{
    clients::registry::{self, Blob, Child, Contents, Held, ImageName, Platform, Presence, Reference, is_tag},
    contract::{Access, Context, Invalid, Place, Unobserved, Why, values::Digest},
};
use futures::future::join_all;

/// The most blobs of one image that are asked for.
const MOST_BLOBS: usize = 256;
/// The most images of one index that are for one platform and are looked at.
const MOST_ALIKE: usize = 8;

/// One image in one place, and what it is compared with.
#[derive(Clone, Debug)]
pub(super) struct Look {
    store: Store,
    reference: String,
    upstream: Option<(Store, ImageName)>,
    now: Option<String>,
}

/// The images of `with`, each region for itself.
pub(super) fn looks(wanted: &[Wanted], at: &str, place: &Place) -> Result<Vec<Look>, Invalid> {
    let mut looks = Vec::new();
    for (i, wanted) in wanted.iter().enumerate() {
        let at = format!("{at}.{i}");
        if wanted.tag.is_some() && wanted.digest.is_some() {
            return Err(Invalid::new(&format!("{at}.tag"), "an image has a `tag` or a `digest`, not both"));
        }
        let stores = stores(wanted, place, &at)?;
        let reference = reference(wanted, &at)?;
        let upstream = upstream(wanted, &reference, place, &at)?;
        looks.extend(stores.into_iter().map(|store| Look {
            store,
            reference: reference.clone(),
            upstream: upstream.clone(),
            now: None,
        }));
    }
    Ok(looks)
}

/// The images to go back to: by digest, for a tag may have moved by then.
pub(super) fn ways_back(wanted: &[Wanted], at: &str, place: &Place) -> Result<Vec<Look>, Invalid> {
    let mut looks = Vec::new();
    for (i, wanted) in wanted.iter().enumerate() {
        let at = format!("{at}.{i}");
        if wanted.upstream.is_some() || wanted.upstream_registry.is_some() {
            return Err(Invalid::new(&format!("{at}.upstream"), "an image to go back to must be here, not upstream"));
        }
        let named = wanted.image.as_ref().map(|image| &image.reference);
        let digest = wanted.digest.clone().or_else(|| match named {
            Some(Reference::Digest(digest)) => Some(digest.clone()),
            _ => None,
        });
        let Some(digest) = digest else {
            return Err(Invalid::new(&at, "an image to go back to needs its `digest`: a tag moves")
                .help("add `digest: \"sha256:…\"`"));
        };
        let now = wanted.tag.clone().or_else(|| match named {
            Some(Reference::Tag(tag)) => Some(tag.clone()),
            _ => None,
        });
        check_tag(now.as_deref(), &at)?;
        looks.extend(stores(wanted, place, &at)?.into_iter().map(|store| Look {
            store,
            reference: digest.to_string(),
            upstream: None,
            now: now.clone(),
        }));
    }
    Ok(looks)
}

fn stores(wanted: &Wanted, place: &Place, at: &str) -> Result<Vec<Store>, Invalid> {
    let Wanted { image, registry, ecr, regions, repository, tag, .. } = wanted;
    let of_ecr = [("regions", !regions.is_empty()), ("repository", repository.is_some()), ("tag", tag.is_some())];
    match (image, ecr) {
        (Some(_), Some(_)) => {
            Err(Invalid::new(at, "an image is in ECR (`ecr`) or in another registry (`image`), not both"))
        }
        (None, None) => Err(Invalid::new(at, "an image needs `image` or `ecr`")
            .help("write `{ image: host/x:tag }` or `{ ecr: CONNECTION, repository: x, tag: latest }`")),
        (None, Some(_)) if registry.is_some() => {
            Err(Invalid::new(&format!("{at}.registry"), "`registry` goes with `image`, not with `ecr`"))
        }
        (None, Some(ecr)) => Store::ecr((ecr, regions), repository.as_ref(), place, at),
        (Some(image), None) => {
            if let Some((key, _)) = of_ecr.iter().find(|(_, is_given)| *is_given) {
                return Err(Invalid::new(&format!("{at}.{key}"), format!("`{key}` goes with `ecr`, not with `image`")));
            }
            let keys = (format!("{at}.image"), format!("{at}.registry"));
            Store::registry(image, registry.as_deref(), place, (&keys.0, &keys.1)).map(|store| vec![store])
        }
    }
}

fn reference(wanted: &Wanted, at: &str) -> Result<String, Invalid> {
    check_tag(wanted.tag.as_deref(), at)?;
    match (&wanted.digest, &wanted.image, &wanted.tag) {
        (Some(digest), ..) => Ok(digest.to_string()),
        (None, Some(image), _) => Ok(image.reference.to_string()),
        (None, None, Some(tag)) => Ok(tag.clone()),
        (None, None, None) => {
            Err(Invalid::new(at, "an image in ECR needs a `tag` or a `digest`").help("add `tag: latest`"))
        }
    }
}

fn check_tag(tag: Option<&str>, at: &str) -> Result<(), Invalid> {
    match tag.filter(|tag| !is_tag(tag)) {
        Some(tag) => Err(Invalid::new(&format!("{at}.tag"), format!("`{}` is not a tag", tag.escape_debug()))),
        None => Ok(()),
    }
}

fn upstream(wanted: &Wanted, reference: &str, place: &Place, at: &str) -> Result<Option<(Store, ImageName)>, Invalid> {
    let Some(image) = &wanted.upstream else {
        return match wanted.upstream_registry {
            Some(_) => Err(Invalid::new(&format!("{at}.upstream_registry"), "it goes with `upstream`")),
            None => Ok(None),
        };
    };
    if wanted.ecr.is_none() {
        return Err(Invalid::new(&format!("{at}.upstream"), "`upstream` goes with `ecr`, whose cache it fills"));
    }
    if reference.contains(':') && image.reference.to_string() != reference {
        return Err(Invalid::new(
            &format!("{at}.upstream"),
            "by digest, both are the same digest or they differ for ever",
        )
        .help("name the upstream by the same digest"));
    }
    let keys = (format!("{at}.upstream"), format!("{at}.upstream_registry"));
    let store = Store::registry(image, wanted.upstream_registry.as_deref(), place, (&keys.0, &keys.1))?;
    Ok(Some((store, image.clone())))
}

impl Look {
    /// The rights that it needs.
    pub(super) fn access(&self) -> Vec<Access> {
        let upstream = self.upstream.iter().flat_map(|(store, _)| store.access());
        self.store.access().into_iter().chain(upstream).collect()
    }

    /// Looks; where the needed platforms are not known, at no part of it.
    pub(super) async fn look(&self, cx: &Context, platforms: &[Platform]) -> Image {
        let asked_at = cx.now();
        let held = self.store.find(cx, &self.reference).await;
        let content = match &held {
            Ok(Held::Found(found)) => Some(self.content(cx, &found.digest, platforms).await),
            _ => None,
        };
        let upstream = match &self.upstream {
            Some(upstream) => Some(self.upstream(cx, upstream, matches!(held, Ok(Held::Missing(_)))).await),
            None => None,
        };
        let now = match &self.now {
            Some(tag) => Some(Now { tag: tag.clone(), held: self.store.find(cx, tag).await }),
            None => None,
        };
        let (repository, ecr) = (self.store.repository().to_owned(), self.store.in_region());
        Image {
            name: self.name(),
            repository,
            reference: self.reference.clone(),
            ecr,
            asked_at,
            held,
            content,
            upstream,
            now,
        }
    }

    /// What the upstream has; what it is made of only where the first pull brings it, since reading it may be a pull itself.
    async fn upstream(&self, cx: &Context, (store, image): &(Store, ImageName), is_needed: bool) -> Upstream {
        let look = Self { store: store.clone(), reference: image.reference.to_string(), upstream: None, now: None };
        let held = store.find(cx, &look.reference).await;
        let content = match &held {
            Ok(Held::Found(found)) if is_needed => Some(look.content(cx, &found.digest, &[]).await),
            _ => None,
        };
        Upstream { name: image.to_string(), held, content }
    }

    fn name(&self) -> String {
        let repository = self.store.repository();
        let image = match self.reference.parse::<Digest>() {
            Ok(digest) => format!("{repository}@{}", digest.short(12)),
            Err(_) => format!("{repository}:{}", self.reference),
        };
        match self.store.in_region() {
            Some(ecr) => format!("{image} in {}", ecr.region),
            None => image,
        }
    }

    async fn content(&self, cx: &Context, digest: &Digest, platforms: &[Platform]) -> Result<Content, Unobserved> {
        match self.store.contents(cx, digest).await? {
            None => Ok(Content::Gone(digest.clone())),
            Some(Contents::Artifact) => Ok(Content::Artifact),
            Some(Contents::Image(parts)) => {
                let platform = self.store.platform(cx, &parts.config).await?;
                let parts = self.parts(cx, &parts).await;
                Ok(Content::Single(OfPlatform { platform, digest: digest.clone(), parts: Ok(Some(parts)) }))
            }
            Some(Contents::Index(children)) => {
                let named: Vec<&Child> = children.iter().filter(|child| child.platform.is_some()).collect();
                let offers = named.iter().filter_map(|child| child.platform.clone()).collect();
                let needed = platforms.iter().flat_map(|platform| alike(&named, platform));
                let images = join_all(needed.map(|child| self.child(cx, child))).await;
                Ok(Content::Index { offers, unnamed: children.len() - named.len(), images })
            }
        }
    }

    async fn child(&self, cx: &Context, child: &Child) -> OfPlatform {
        let (platform, digest) = (child.platform.clone(), child.digest.clone());
        let parts = match self.store.contents(cx, &digest).await {
            Ok(Some(Contents::Image(parts))) => Ok(Some(self.parts(cx, &parts).await)),
            Ok(Some(_)) => {
                let detail = "an index names it as an image, and it is none";
                Err(Unobserved::new(Why::Malformed, format!("{}@{digest}", self.store.repository()), detail))
            }
            Ok(None) => Ok(None),
            Err(missing) => Err(missing),
        };
        OfPlatform { platform, digest, parts }
    }

    async fn parts(&self, cx: &Context, parts: &registry::Parts) -> Parts {
        let blobs = parts.blobs();
        let bytes = blobs.iter().fold(0_u64, |sum, blob| sum.saturating_add(blob.size));
        let mut seen = Parts { blobs: blobs.len(), bytes, elsewhere: parts.elsewhere, ..Parts::default() };
        let (now, rest) = blobs.split_at(blobs.len().min(MOST_BLOBS));
        for (blob, presence) in now.iter().zip(self.store.blobs(cx, now).await) {
            seen.note(blob, presence);
        }
        if !rest.is_empty() {
            let detail = format!("{} blobs, of which {MOST_BLOBS} were asked for", blobs.len());
            seen.unread(Unobserved::new(Why::TooLarge, self.name(), detail), rest.len());
        }
        seen
    }
}

/// The images of an index that a node of this platform may take. Where the variant is not said, any may be taken.
fn alike<'a>(children: &[&'a Child], platform: &Platform) -> Vec<&'a Child> {
    let is_it = |child: &&&Child| child.platform.as_ref().is_some_and(|own| super::judge::suits(own, platform));
    children.iter().filter(is_it).take(MOST_ALIKE).copied().collect()
}

impl Parts {
    fn note(&mut self, blob: &Blob, presence: Result<Presence, Unobserved>) {
        match presence {
            Ok(Presence::Gone) => self.missing.push(blob.digest.clone()),
            Ok(Presence::Here(Some(held))) if held != blob.size => {
                self.differ.push(Differs { digest: blob.digest.clone(), named: blob.size, held });
            }
            Ok(Presence::Here(_)) => {}
            Err(missing) => self.unread(missing, 1),
        }
    }

    fn unread(&mut self, missing: Unobserved, many: usize) {
        let (first, before) = self.unread.take().unwrap_or((missing, 0));
        self.unread = Some((first, before + many));
    }
}
