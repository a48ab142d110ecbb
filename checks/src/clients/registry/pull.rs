//! What a pull would fetch from a repository: manifests with their parts, blobs, and how many pulls are left.
//!
//! Blobs are asked for by `HEAD`: their bytes are gigabytes. Only a config is read, where nothing else says for which
//! platform an image is.

use super::{
    Allowance, Blob, Contents, Platform, Presence, Repository, platform_of,
    repository::{hashed, is_same_host},
};
use crate::{
    clients::http::Response,
    contract::{Context, Unobserved, Why, values::Digest},
};
use http::Method;

impl Repository {
    /// What the manifest of `digest` is made of; `None` where the repository has none such. The same request as for
    /// [`manifest`](Self::manifest).
    ///
    /// # Errors
    /// No answer, one that proves nothing, or bytes of another digest.
    pub async fn contents(&self, cx: &Context, digest: &Digest) -> Result<Option<Contents>, Unobserved> {
        let answer = self.ask(cx, Method::GET, &format!("manifests/{digest}")).await?;
        match answer.status {
            404 => Ok(None),
            200 => {
                let media_type = hashed(&answer, Some(digest)).map(|_| answer.header("content-type"))?;
                let read = Contents::read(media_type.unwrap_or_default(), &answer.body);
                read.map(Some)
                    .map_err(|reason| Unobserved::new(Why::Malformed, &answer.asked, reason).by_hand(answer.by_hand()))
            }
            _ => Err(answer.refusal()),
        }
    }

    /// Whether the repository holds a blob: one `HEAD`. A redirect to where its bytes are is a yes; it is not followed,
    /// for an address that is signed for `GET` refuses `HEAD`. One to the registry itself says nothing.
    ///
    /// # Errors
    /// No answer, or one that proves nothing.
    pub async fn blob(&self, cx: &Context, blob: &Blob) -> Result<Presence, Unobserved> {
        let ask = self.request(Method::HEAD, &format!("blobs/{}", blob.digest))?.redirects(0);
        let answer = self.exchange(cx, ask).await?;
        match answer.status {
            200 => told(&answer, blob),
            301 | 302 | 303 | 307 | 308 if self.leads_away(&answer) => Ok(Presence::Here(None)),
            301 | 302 | 303 | 307 | 308 => {
                Err(Unobserved::new(Why::Redirected, &answer.asked, "a redirect that does not lead to the bytes"))
            }
            404 => Ok(Presence::Gone),
            _ => Err(answer.refusal()),
        }
    }

    /// The platform that an image's config says it is for; `None` where the repository does not hold the config.
    ///
    /// # Errors
    /// No answer, bytes of another digest, or a config that does not say.
    pub async fn platform(&self, cx: &Context, config: &Blob) -> Result<Option<Platform>, Unobserved> {
        let answer = self.ask(cx, Method::GET, &format!("blobs/{}", config.digest)).await?;
        let wrong = |detail: String| Unobserved::new(Why::Malformed, &answer.asked, detail);
        match answer.status {
            404 => Ok(None),
            200 => {
                let own = Digest::of(&answer.body);
                if own != config.digest {
                    return Err(wrong(format!("its bytes are {own}, not {}", config.digest)));
                }
                platform_of(&answer.body).map(Some).map_err(wrong)
            }
            _ => Err(answer.refusal()),
        }
    }

    /// How many pulls the registry still allows, as it says in the headers of one `HEAD` for `reference`. A `HEAD` is no
    /// pull and does not count (Docker Hub's documentation).
    ///
    /// # Errors
    /// No answer, or a number that cannot be read.
    pub async fn allowance(&self, cx: &Context, reference: &str) -> Result<Allowance, Unobserved> {
        let ask = self.request(Method::HEAD, &format!("manifests/{reference}"))?.last_status();
        let answer = self.exchange(cx, ask).await?;
        Allowance::read(&answer).map_err(|missing| self.by_hand(reference, missing))
    }

    fn leads_away(&self, answer: &Response) -> bool {
        let target = answer.header("location").and_then(|target| answer.url.join(target).ok());
        target.is_some_and(|target| !is_same_host(&target, &self.base))
    }
}

/// A 200 counts where it is about this blob: by its digest, or else by its length. A sign-in page is a 200 too.
fn told(answer: &Response, blob: &Blob) -> Result<Presence, Unobserved> {
    let wrong = |detail: String| Err(Unobserved::new(Why::Malformed, &answer.asked, detail));
    let length = answer.header("content-length").and_then(|length| length.trim().parse::<u64>().ok());
    match (answer.header("docker-content-digest"), length) {
        (Some(digest), _) if digest == blob.digest.as_str() => Ok(Presence::Here(length)),
        (Some(other), _) => wrong(format!("it answered {}", other.escape_debug())),
        (None, Some(length)) if length == blob.size => Ok(Presence::Here(Some(length))),
        (None, Some(length)) => wrong(format!("{length} bytes without a digest, where {} are named", blob.size)),
        (None, None) => wrong("neither a digest nor a length".to_owned()),
    }
}
