//! Reads the document, finds what it names, and looks for all of it.

use super::{
    Evidence, Fact, Reference, Sight, What, commands,
    found::Found,
    here,
    markdown::{self, Piece, Pieces},
    objects::{self, Opened},
    pages,
    settings::{From, Target},
    shell::Variables,
    source::{self, Root, Source},
};
use crate::contract::{Context, Unobserved};
use futures::StreamExt as _;
use jiff::Timestamp;
use std::path::Path;
use tokio::sync::OnceCell;

/// How many things are looked for at once.
const AT_ONCE: usize = 16;

pub(super) async fn observe(target: &Target, cx: &Context) -> Result<Evidence, Unobserved> {
    let document = match &target.from {
        From::File(path) => shown_path(path, &cx.reach().base),
        From::Url(url) => url.to_string(),
    };
    match source::read(target, cx).await? {
        Source::Gone { status, asked_at } => Ok(Evidence { gone: Some(status), ..nothing(document, asked_at) }),
        Source::Text { text, from, asked_at } => {
            let pieces = markdown::read(&text);
            let found = find(target, &pieces, &from);
            let evidence = Evidence { lines: pieces.lines, ..nothing(document, asked_at) };
            Ok(look(found, &pieces, &from, cx, evidence).await)
        }
    }
}

/// The path as the checklist's reader knows it: from its folder, where it is in there.
fn shown_path(path: &str, base: &Path) -> String {
    let base = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
    Path::new(path).strip_prefix(&base).map_or_else(|_| path.to_owned(), |short| short.display().to_string())
}

fn nothing(document: String, asked_at: Timestamp) -> Evidence {
    Evidence {
        document,
        asked_at,
        gone: None,
        lines: 0,
        references: Vec::new(),
        unjudged: Vec::new(),
        beyond: 0,
        ignored: 0,
        other_programs: std::collections::BTreeMap::new(),
    }
}

fn find<'a>(target: &'a Target, pieces: &Pieces, root: &Root) -> Found<'a> {
    let mut found = Found::new(target);
    let mut variables = Variables::of(&target.values);
    for (line, piece) in &pieces.all {
        match piece {
            Piece::Script(text) => commands::script(&mut found, &mut variables, text, *line),
            Piece::Inline(text) => commands::inline(&mut found, &mut variables, text, *line),
            Piece::Link(to) => here::link(&mut found, *line, to, root),
            Piece::Dangling(label) => found.add(*line, None, What::Anchor(format!("[{label}]"))),
        }
    }
    found
}

async fn look(found: Found<'_>, pieces: &Pieces, root: &Root, cx: &Context, evidence: Evidence) -> Evidence {
    let target = found.target;
    let place = Place { target, pieces, root, cx, clusters: OnceCell::new() };
    let looks = found.references.into_iter().map(|((what, site), lines)| place.look(what, site, lines));
    let references: Vec<Reference> = futures::stream::iter(looks).buffered(AT_ONCE).collect().await;
    Evidence {
        references,
        unjudged: found.unjudged,
        beyond: found.beyond,
        ignored: found.ignored,
        other_programs: found.other_programs,
        ..evidence
    }
}

/// `name.namespace`, which pods may write for a service.
fn service(what: &What) -> Option<(String, String)> {
    let url = match what {
        What::Url(url) => url::Url::parse(url).ok()?,
        What::Host(host) => url::Url::parse(&format!("https://{host}/")).ok()?,
        _ => return None,
    };
    let (name, namespace) = url.domain()?.trim_end_matches('.').split_once('.')?;
    let is_short = !name.is_empty() && !namespace.is_empty() && !namespace.contains('.');
    is_short.then(|| (name.to_owned(), namespace.to_owned()))
}

/// Where everything is looked for.
struct Place<'a> {
    target: &'a Target,
    pieces: &'a Pieces,
    root: &'a Root,
    cx: &'a Context,
    /// Opened for the first name that means something within one.
    clusters: OnceCell<Vec<Opened>>,
}

impl Place<'_> {
    async fn look(&self, what: What, site: Option<String>, lines: Vec<usize>) -> Reference {
        let fact = match &what {
            What::Context(_) => Ok(Fact::Absent),
            What::Url(_) | What::Host(_) => {
                let fact = self.outside(&what).await;
                if matches!(fact, Ok(Fact::Absent))
                    && let Some((what, seen)) = self.within(&what).await
                {
                    return Reference { lines, what, seen };
                }
                fact
            }
            What::Anchor(name) => Ok(here::anchor(&self.pieces.anchors, name)),
            What::File(name) => Ok(self.beside(name)),
            _ => {
                let seen = objects::look(&what, site.as_ref(), self.clusters().await).await;
                return Reference { lines, what, seen };
            }
        };
        Reference { lines, what, seen: vec![Sight { site: None, cluster: None, fact }] }
    }

    async fn clusters(&self) -> &[Opened] {
        self.clusters.get_or_init(|| objects::open(&self.target.clusters, self.cx)).await
    }

    async fn outside(&self, what: &What) -> Result<Fact, Unobserved> {
        match what {
            What::Url(url) => pages::url(self.target, url, self.cx).await,
            What::Host(host) => pages::host(host, self.cx).await,
            _ => Ok(Fact::Absent),
        }
    }

    /// The service that a host without an address means, where a cluster has its namespace.
    async fn within(&self, what: &What) -> Option<(What, Vec<Sight>)> {
        let (name, namespace) = service(what)?;
        let there = objects::look(&What::Namespace(namespace.clone()), None, self.clusters().await).await;
        if !there.iter().any(|sight| matches!(sight.fact, Ok(Fact::Here))) {
            return None;
        }
        let what = What::Object { kind: "service".to_owned(), name, namespace };
        let seen = objects::look(&what, None, self.clusters().await).await;
        Some((what, seen))
    }

    fn beside(&self, name: &str) -> Fact {
        match self.root {
            Root::Folder(folder) => here::beside(folder, name),
            // Such a link was taken for a URL.
            Root::Url(_) => Fact::Absent,
        }
    }
}
