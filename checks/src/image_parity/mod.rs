//! Image parity: one image across a source, its mirrors in every region, and what pods really run.
//!
//! A relation: comparing each site with the source by itself would call three equally stale mirrors three separate
//! failures, and could not say which link broke. Pulling the image as a node would is left out: it costs gigabytes.

mod code;
mod evidence;
mod expect;
mod holder;
mod image_id;
mod judge;
mod ledger;
mod observe;
mod pods;
mod remedy;
mod running;
mod settings;
mod short;
mod tags;

use crate::contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window, text::Step};
pub use evidence::Evidence;
pub use expect::{Expect, Level, Platforms};
use holder::Holder;
use running::Stage;
pub use settings::{Mirror, Running, Settings, Source};

/// One image's source, mirrors and sites, ready to be looked at.
#[derive(Debug)]
pub struct ImageParity {
    source: Holder,
    mirrors: Vec<Holder>,
    stages: Vec<Stage>,
}

impl Probe for ImageParity {
    const KIND: &'static str = "image-parity";
    const CODES: &'static [Code] = code::ALL;
    const RELATION: bool = true;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let Settings { source, mirrors, running } = settings;
        if mirrors.is_empty() && running.is_empty() {
            return Err(Invalid::new("", "there is nothing to compare the source with")
                .help("add `mirrors: [...]` or `running: { sites: all, ... }`"));
        }
        let members: Vec<String> = running.keys().cloned().collect();
        let mut holders = Vec::new();
        for (i, mirror) in mirrors.iter().enumerate() {
            holders.extend(copies(mirror, &source, place, &members, &format!("mirrors.{i}"))?);
        }
        let stages =
            running.into_iter().map(|(site, running)| stage(&site, running, place)).collect::<Result<_, _>>()?;
        let source = Holder::registry(&source.image, source.registry.as_deref(), place, "source")?;
        Ok(Self { source, mirrors: holders, stages })
    }

    fn access(&self) -> Vec<Access> {
        let holders = std::iter::once(&self.source).chain(&self.mirrors).flat_map(Holder::access);
        let pods =
            self.stages.iter().map(|stage| Access::new("kubernetes", format!("list pods in {}", stage.namespace)));
        let mut all: Vec<Access> = holders.chain(pods).collect();
        all.sort();
        all.dedup();
        all
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(observe::observe(&self.source, &self.mirrors, &self.stages, cx).await)
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }
}

fn copies(
    mirror: &Mirror,
    source: &Source,
    place: &Place,
    members: &[String],
    at: &str,
) -> Result<Vec<Holder>, Invalid> {
    let ecr_only = [
        ("regions", !mirror.regions.is_empty()),
        ("repository", mirror.repository.is_some()),
        ("tag", mirror.tag.is_some()),
    ];
    match (&mirror.ecr, &mirror.image) {
        (Some(_), None) if mirror.registry.is_some() => {
            Err(Invalid::new(&format!("{at}.registry"), "`registry` goes with `image`, not with `ecr`"))
        }
        (Some(_), None) => Holder::regions(mirror, &source.image, place, members, at),
        (None, Some(image)) => match ecr_only.iter().find(|(_, is_given)| *is_given) {
            Some((key, _)) => {
                Err(Invalid::new(&format!("{at}.{key}"), format!("`{key}` goes with `ecr`, not with `image`")))
            }
            None => Holder::registry(image, mirror.registry.as_deref(), place, at).map(|holder| vec![holder]),
        },
        (Some(_), Some(_)) => {
            Err(Invalid::new(at, "a mirror is in ECR (`ecr`) or in another registry (`image`), not both"))
        }
        (None, None) => Err(Invalid::new(at, "a mirror needs `ecr` or `image`").help(
            "write `{ ecr: CONNECTION, regions: [us-east-2], repository: x, tag: latest }` or `{ image: host/x:tag }`",
        )),
    }
}

fn stage(site: &str, running: Running, place: &Place) -> Result<Stage, Invalid> {
    let Running { namespace, selector, container } = running;
    if selector.trim().is_empty() {
        // An empty selector would match every pod of the namespace.
        return Err(at_site(site, "selector", "an empty selector would match every pod")
            .help("write `selector: app.kubernetes.io/name=coder`"));
    }
    if namespace.trim().is_empty() {
        return Err(at_site(site, "namespace", "the namespace is empty"));
    }
    let mut cluster = place.cluster_of(site)?;
    site.clone_into(&mut cluster.site);
    Ok(Stage { cluster, namespace, selector, container })
}

/// A site's name may hold dots, so its path is made step by step.
fn at_site(site: &str, key: &str, message: &str) -> Invalid {
    let mut invalid = Invalid::new("running", message);
    invalid.at.extend([site, key].map(|step| Step::Key(step.to_owned())));
    invalid
}
