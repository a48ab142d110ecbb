//! What has been found so far: each thing once, with all its lines, and what cannot be judged.

use super::{What, evidence::Unjudged, settings::Target, shell::shown, words::subject};
use indexmap::IndexMap;
use std::{collections::BTreeMap, net::IpAddr};
use url::{Host, Url};

/// The most things of one document that are looked at.
const MOST_REFERENCES: usize = 400;
/// The most of its URLs and hosts.
const MOST_OUTSIDE: usize = 150;
/// The most that is listed as not judged.
const MOST_UNJUDGED: usize = 100;

/// What was found.
pub(super) struct Found<'a> {
    pub(super) target: &'a Target,
    /// Each with the one site in which it must be, where its command names a context; and its lines.
    pub(super) references: IndexMap<(What, Option<String>), Vec<usize>>,
    pub(super) unjudged: Vec<Unjudged>,
    pub(super) other_programs: BTreeMap<String, usize>,
    pub(super) beyond: usize,
    pub(super) ignored: usize,
    /// The namespace and the site that the document itself has set for what follows.
    pub(super) namespace: Option<String>,
    pub(super) site: Option<String>,
    /// What the document itself makes.
    made: Vec<Made>,
    outside: usize,
}

/// What the document itself makes, and where.
struct Made {
    site: Option<String>,
    namespace: String,
    word: String,
}

impl<'a> Found<'a> {
    pub(super) fn new(target: &'a Target) -> Self {
        Self {
            target,
            references: IndexMap::new(),
            unjudged: Vec::new(),
            other_programs: BTreeMap::new(),
            beyond: 0,
            ignored: 0,
            namespace: None,
            site: None,
            made: Vec::new(),
            outside: 0,
        }
    }

    /// Something is named.
    pub(super) fn add(&mut self, line: usize, site: Option<String>, what: What) {
        if self.is_ignored(&subject(&what)) || self.is_ignored(&short(&what)) {
            self.ignored += 1;
            return;
        }
        if self.is_made(site.as_ref(), &what) || !self.is_for_here(line, site.as_ref(), &what) {
            return;
        }
        let key = (what, site);
        if let Some(lines) = self.references.get_mut(&key) {
            if !lines.contains(&line) {
                lines.push(line);
            }
            return;
        }
        let is_outside = matches!(key.0, What::Url(_) | What::Host(_));
        if self.references.len() >= MOST_REFERENCES || (is_outside && self.outside >= MOST_OUTSIDE) {
            self.beyond += 1;
            return;
        }
        self.outside += usize::from(is_outside);
        self.references.insert(key, vec![line]);
    }

    /// Something is named that cannot be judged.
    pub(super) fn leave(&mut self, line: usize, what: &str, why: &str) {
        let what = shown(what);
        if self.is_ignored(&what) {
            self.ignored += 1;
            return;
        }
        let unjudged = Unjudged { line, what, why: why.to_owned() };
        if self.unjudged.contains(&unjudged) {
            return;
        }
        if self.unjudged.len() < MOST_UNJUDGED {
            self.unjudged.push(unjudged);
        } else {
            self.beyond += 1;
        }
    }

    /// The document makes this: from here on it need not be there, in this namespace of this site.
    pub(super) fn make(&mut self, site: Option<String>, namespace: String, kind: &str, name: &str) {
        let word = format!("{}/{name}", super::kinds::singular(kind));
        self.made.push(Made { site, namespace, word });
    }

    /// Where a command names no context, any site may be the one that is meant.
    fn is_made(&self, site: Option<&String>, what: &What) -> bool {
        let namespace = if let What::Object { namespace, .. } = what { namespace.as_str() } else { "" };
        let word = short(what);
        let is_there = |made: &Made| made.site.is_none() || site.is_none() || made.site.as_ref() == site;
        self.made.iter().any(|made| made.word == word && made.namespace == namespace && is_there(made))
    }

    /// The site that a context means; a context that is no site's is named as such.
    pub(super) fn context(&mut self, line: usize, context: &str) -> Option<String> {
        if self.target.contexts.is_empty() {
            return None;
        }
        let site = self.target.contexts.get(context).cloned();
        if site.is_none() {
            self.add(line, None, What::Context(context.to_owned()));
        }
        site
    }

    /// True if and only if one of the clusters that are looked at can say whether it is there.
    fn is_for_here(&mut self, line: usize, site: Option<&String>, what: &What) -> bool {
        if matches!(what, What::Context(_) | What::Url(_) | What::Host(_) | What::Anchor(_) | What::File(_)) {
            return true;
        }
        let clusters = &self.target.clusters;
        let is_here = site.map_or(!clusters.is_empty(), |site| clusters.iter().any(|cluster| cluster.site == *site));
        let is_anothers = site.is_some_and(|site| self.target.members.contains(site));
        if !is_here && !is_anothers {
            self.leave(line, &subject(what), "no cluster that is looked at is the one that is meant");
        }
        is_here
    }

    fn is_ignored(&self, text: &str) -> bool {
        self.target.ignore.is_match(text)
    }

    /// A URL is named.
    pub(super) fn url(&mut self, line: usize, text: &str) {
        if super::shell::has_gap(text) || text.contains(['{', '*']) {
            return self.leave(line, text, "a part of the URL is not known");
        }
        let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        else {
            return self.leave(line, text, "it is no URL");
        };
        match place(&url) {
            Place::Outside => {
                let mut url = url;
                url.set_fragment(None);
                // What stands there would be asked for with it, and kept.
                let is_bare = url.set_username("").is_ok() && url.set_password(None).is_ok();
                if is_bare {
                    self.add(line, None, What::Url(url.into()));
                }
            }
            Place::Service { name, namespace } => {
                let site = self.site.clone();
                self.add(line, site, What::Object { kind: "service".to_owned(), name, namespace });
            }
            Place::Unknown(why) => self.leave(line, text, why),
        }
    }

    /// A host is named.
    pub(super) fn host(&mut self, line: usize, text: &str) {
        if super::shell::has_gap(text) || text.contains('*') {
            return self.leave(line, text, "a part of the name is not known");
        }
        match Url::parse(&format!("https://{text}/")).as_ref().map(place) {
            Ok(Place::Outside) if text.parse::<IpAddr>().is_err() => {
                let host = text.split(':').next().unwrap_or(text).trim_end_matches('.').to_lowercase();
                self.add(line, None, What::Host(host));
            }
            Ok(Place::Outside) => {}
            Ok(Place::Service { name, namespace }) => {
                let site = self.site.clone();
                self.add(line, site, What::Object { kind: "service".to_owned(), name, namespace });
            }
            Ok(Place::Unknown(why)) => self.leave(line, text, why),
            Err(_) => self.leave(line, text, "it is no name of a host"),
        }
    }
}

/// Kind and name alone, as `ignore` may have it.
fn short(what: &What) -> String {
    match what {
        What::Object { kind, name, .. } => format!("{kind}/{name}"),
        What::Namespace(name) => format!("namespace/{name}"),
        other => subject(other),
    }
}

enum Place {
    Outside,
    Service { name: String, namespace: String },
    Unknown(&'static str),
}

fn place(url: &Url) -> Place {
    match url.host() {
        Some(Host::Domain(domain)) => of_domain(domain.trim_end_matches('.')),
        Some(Host::Ipv4(ip)) if ip.is_loopback() || ip.is_unspecified() => Place::Unknown(SELF),
        Some(Host::Ipv6(ip)) if ip.is_loopback() || ip.is_unspecified() => Place::Unknown(SELF),
        Some(Host::Ipv4(ip)) if ip.is_link_local() => Place::Unknown(LINK),
        Some(Host::Ipv6(ip)) if ip.is_unicast_link_local() => Place::Unknown(LINK),
        Some(_) => Place::Outside,
        None => Place::Unknown("it has no host"),
    }
}

const SELF: &str = "it is the machine of whoever follows the document";
const LINK: &str = "the address means another machine wherever it is asked";

fn of_domain(domain: &str) -> Place {
    if domain == "localhost" || domain.ends_with(".localhost") {
        return Place::Unknown(SELF);
    }
    let labels: Vec<&str> = domain.split('.').collect();
    match labels[..] {
        // Before the name of a service that has no address of its own stands that of a pod.
        [.., name, namespace, "svc"] | [.., name, namespace, "svc", "cluster", "local"] => {
            Place::Service { name: name.to_owned(), namespace: namespace.to_owned() }
        }
        [_] => Place::Unknown("the name means something within one network alone"),
        _ => Place::Outside,
    }
}
