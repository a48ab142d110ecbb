//! One repository of a registry: where a tag points, and manifests by their digest.
//!
//! A 404 counts as absence only after a control read with the same credential (the list of tags); a 401 or 403 never
//! does, since registries answer so for what is not there too.

use super::{
    ImageName, MANIFEST_TYPES, MOST_MANIFEST, Manifest, is_manifest_type,
    sign_in::{Answer, Authorisation, Identity, SignIn},
};
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response, Via},
    },
    contract::{Context, Remedy, Unobserved, Why, values::Digest},
};
use http::Method;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};
use url::Url;

/// The most redirects that a registry may send one request through.
const REDIRECTS: u8 = 3;
/// The most tags that a finding names.
const MOST_TAGS: usize = 5;

/// What a registry holds under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// It is there.
    Found(Found),
    /// It is not, though the same credential may read the place where it would be; in words, what is there instead.
    Missing(String),
    /// The registry refuses to say whether it is there; in words, how.
    Hidden(String),
}

/// What a tag points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The digest of its manifest or index.
    pub digest: Digest,
    /// The manifest's type.
    pub media_type: String,
    /// When it was pushed, where the registry says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed_at: Option<jiff::Timestamp>,
}

/// A repository, and how to ask for it.
#[derive(Debug)]
pub struct Repository {
    pub(super) base: Url,
    name: String,
    place: String,
    via: Via,
    identity: Identity,
    authorisation: OnceLock<Authorisation>,
}

impl Repository {
    /// True if and only if it is asked without any credential.
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        self.identity.is_anonymous()
    }

    /// The repository of `image`, asked as the connection `endpoint` says; without one, anonymously over TLS, or over
    /// plain HTTP where the registry is on this machine (as Docker does).
    ///
    /// # Errors
    /// The connection leads to another registry than the image's: its credential would cross hosts. Said in words.
    pub fn of(image: &ImageName, endpoint: Option<&Endpoint>) -> Result<Self, String> {
        let written = url(image.api())?;
        let base = match endpoint {
            None => written,
            Some(endpoint) if is_same_host(&endpoint.url, &written) => endpoint.url.clone(),
            Some(endpoint) => {
                return Err(format!(
                    "connection `{}` leads to {}, and the image is at {}",
                    endpoint.name,
                    authority(&endpoint.url),
                    authority(&written)
                ));
            }
        };
        Ok(Self {
            base,
            name: image.repository.clone(),
            place: image.place(),
            via: endpoint.map(|endpoint| endpoint.via.clone()).unwrap_or_default(),
            identity: endpoint.map_or(Identity::Anonymous, Identity::of),
            authorisation: OnceLock::new(),
        })
    }

    /// What `reference`, a tag or a digest, points at: one `HEAD`, unless the registry leaves the digest out of its answer.
    ///
    /// # Errors
    /// No answer, or one that proves nothing.
    pub async fn find(&self, cx: &Context, reference: &str) -> Result<Held, Unobserved> {
        let answer = self.ask(cx, Method::HEAD, &format!("manifests/{reference}")).await?;
        match answer.status {
            200 => {}
            404 => return self.absent(cx, reference, &answer).await,
            405 | 501 => return self.find_by_body(cx, reference).await,
            401 | 403 => return self.refused(&answer).map(Held::Hidden),
            _ => return Err(self.by_hand(reference, answer.refusal())),
        }
        let media_type = answer.header("content-type").unwrap_or_default();
        let Some(digest) = answer.header("docker-content-digest") else {
            return self.find_by_body(cx, reference).await;
        };
        let wrong = |detail| Err(self.by_hand(reference, Unobserved::new(Why::Malformed, &answer.asked, detail)));
        let digest = match digest.parse::<Digest>() {
            Ok(digest) => digest,
            Err(reason) => return wrong(reason),
        };
        if reference.parse::<Digest>().is_ok_and(|asked| asked != digest) {
            return wrong(format!("asked for {reference}, it answered {digest}"));
        }
        if !is_manifest_type(media_type) {
            return wrong(format!("`{}` is no image's manifest", media_type.escape_debug()));
        }
        Ok(Held::Found(Found { digest, media_type: media_type.to_owned(), pushed_at: None }))
    }

    /// The manifest of `digest`; `None` where the repository has none such.
    ///
    /// # Errors
    /// No answer, one that proves nothing, or bytes of another digest.
    pub async fn manifest(&self, cx: &Context, digest: &Digest) -> Result<Option<Manifest>, Unobserved> {
        let answer = self.ask(cx, Method::GET, &format!("manifests/{digest}")).await?;
        match answer.status {
            404 => Ok(None),
            200 => read(&answer, Some(digest)).map(|(_, manifest)| Some(manifest)),
            _ => Err(answer.refusal()),
        }
    }

    /// For a registry that leaves the digest out of its header, as older ones may: the body's own.
    async fn find_by_body(&self, cx: &Context, reference: &str) -> Result<Held, Unobserved> {
        let answer = self.ask(cx, Method::GET, &format!("manifests/{reference}")).await?;
        match answer.status {
            404 => self.absent(cx, reference, &answer).await,
            401 | 403 => self.refused(&answer).map(Held::Hidden),
            200 => {
                let (digest, _) = read(&answer, reference.parse().ok().as_ref())?;
                let media_type = answer.header("content-type").unwrap_or_default().to_owned();
                Ok(Held::Found(Found { digest, media_type, pushed_at: None }))
            }
            _ => Err(self.by_hand(reference, answer.refusal())),
        }
    }

    /// The control read before something is said to be missing.
    async fn absent(&self, cx: &Context, reference: &str, answer: &Response) -> Result<Held, Unobserved> {
        #[derive(Deserialize)]
        struct Tags {
            tags: Option<Vec<String>>,
        }
        #[derive(Deserialize)]
        struct Errors {
            errors: Vec<Code>,
        }
        #[derive(Deserialize)]
        struct Code {
            code: String,
        }
        let control = self.ask(cx, Method::GET, "tags/list?n=1000").await?;
        match control.status {
            200 => {
                let tags = control.json::<Tags>()?.tags.unwrap_or_default();
                if tags.iter().any(|tag| tag == reference) {
                    let detail = format!("no manifest ({}), yet the tag is in its list", answer.status);
                    return Err(self.by_hand(reference, Unobserved::new(Why::Malformed, &answer.asked, detail)));
                }
                Ok(Held::Missing(said(&tags)))
            }
            404 => {
                // A 404 in the registry's own words; anything else could be any web server, or a repository that is hidden.
                let errors =
                    serde_json::from_slice::<Errors>(&control.body).map(|body| body.errors).unwrap_or_default();
                if errors.iter().any(|error| error.code == "NAME_UNKNOWN") {
                    return Ok(Held::Missing(format!("no repository {}", self.place)));
                }
                Ok(Held::Hidden(format!("neither {} nor its list of tags is shown (404)", self.place)))
            }
            401 | 403 => self.refused(&control).map(Held::Hidden),
            _ => Err(self.by_hand(reference, control.refusal())),
        }
    }

    /// A refusal: of the credential itself, or of this repository, which may then be there or not.
    fn refused(&self, answer: &Response) -> Result<String, Unobserved> {
        if answer.status == 401 && !self.identity.is_anonymous() {
            return Err(answer.refusal());
        }
        let who = if self.identity.is_anonymous() { "without a credential" } else { "with this credential" };
        Ok(format!("status {} {who}, from {}", answer.status, authority(&answer.url)))
    }

    pub(super) async fn ask(&self, cx: &Context, method: Method, path: &str) -> Result<Arc<Response>, Unobserved> {
        self.exchange(cx, self.request(method, path)?).await
    }

    pub(super) fn request(&self, method: Method, path: &str) -> Result<Ask, Unobserved> {
        let url = self.base.join(&format!("v2/{}/{path}", self.name));
        let url = url.map_err(|error| Unobserved::new(Why::Unconfigured, &self.place, error))?;
        let ask = Ask::new(method, url).via(&self.via);
        let is_manifest = path.starts_with("manifests/");
        let ask = if is_manifest { ask.header("accept", &MANIFEST_TYPES.join(", ")) } else { ask };
        Ok(ask.redirects(REDIRECTS).at_most(MOST_MANIFEST))
    }

    /// Asks; where the registry challenges, signs in and asks once more.
    pub(super) async fn exchange(&self, cx: &Context, ask: Ask) -> Result<Arc<Response>, Unobserved> {
        if let Some(known) = self.authorisation.get() {
            return cx.ask(known.on(ask)).await;
        }
        let answer = cx.ask(ask.clone()).await?;
        // Only the registry's own challenge is answered: a host that it redirects to gets nothing.
        if answer.status != 401 || !is_same_host(&answer.url, &self.base) {
            return Ok(answer);
        }
        let sign_in = SignIn { registry: &self.base, repository: &self.name, identity: &self.identity, via: &self.via };
        match sign_in.answer(cx, &answer).await? {
            Answer::Refused(refusal) => Ok(refusal),
            Answer::Send(authorisation) => cx.ask(self.authorisation.get_or_init(|| authorisation).on(ask)).await,
        }
    }

    pub(super) fn by_hand(&self, reference: &str, missing: Unobserved) -> Unobserved {
        let mark = if reference.contains(':') { '@' } else { ':' };
        let image = format!("docker://{}{mark}{reference}", self.place);
        missing.by_hand(Remedy::run(["skopeo", "inspect", "--raw", image.as_str()]))
    }
}

/// A body's digest, which must be the one asked for and the one in the header, where there are such.
pub(super) fn hashed(answer: &Response, asked: Option<&Digest>) -> Result<Digest, Unobserved> {
    let digest = Digest::of(&answer.body);
    let told = answer.header("docker-content-digest");
    match asked.map(Digest::as_str).into_iter().chain(told).find(|other| *other != digest.as_str()) {
        Some(other) => {
            let detail = format!("its bytes are {digest}, not {}", other.escape_debug());
            Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand()))
        }
        None => Ok(digest),
    }
}

/// A manifest with its digest.
fn read(answer: &Response, asked: Option<&Digest>) -> Result<(Digest, Manifest), Unobserved> {
    let wrong = |detail: String| Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand());
    let digest = hashed(answer, asked)?;
    let media_type = answer.header("content-type").unwrap_or_default();
    Manifest::read(media_type, &answer.body).map(|manifest| (digest, manifest)).map_err(wrong)
}

fn said(tags: &[String]) -> String {
    let some: Vec<&str> = tags.iter().take(MOST_TAGS).map(String::as_str).collect();
    match (tags.len(), tags.len().saturating_sub(MOST_TAGS)) {
        (0, _) => "a repository without tags".to_owned(),
        (_, 0) => format!("other tags: {}", some.join(", ")),
        (_, more) => format!("other tags: {} and {more} more", some.join(", ")),
    }
}

fn url(host: &str) -> Result<Url, String> {
    let secure = Url::parse(&format!("https://{host}/")).map_err(|error| format!("`{host}` is no host: {error}"))?;
    let is_here = match secure.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if is_here { Url::parse(&format!("http://{host}/")).map_err(|error| error.to_string()) } else { Ok(secure) }
}

/// True if and only if both name the same host and, where one is written, the same port.
pub(super) fn is_same_host(a: &Url, b: &Url) -> bool {
    a.host() == b.host() && (a.port() == b.port() || a.port_or_known_default() == b.port_or_known_default())
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
