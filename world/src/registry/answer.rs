//! The distribution API: which bytes, under which type, for which request.

use serde_json::{Value, json};

use super::image::{Content, DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST};
use super::store::Repository;
use super::token::basic;
use super::{Auth, Registry};
use crate::serve::{Reply, Request};

/// What is asked of a repository.
enum Asked {
    Manifest(String),
    Blob(String),
    Tags,
}

pub(super) fn answer(registry: &mut Registry, request: &Request) -> Reply {
    let reply = route(registry, request);
    let reply = counted(registry, request, reply);
    reply.header("docker-distribution-api-version", "registry/2.0").header("x-content-type-options", "nosniff")
}

/// A manifest's answer with the limit in its headers, or the refusal of one pull too many.
fn counted(registry: &Registry, request: &Request, reply: Reply) -> Reply {
    let Some(allowance) = registry.allowance.as_ref().filter(|_| request.path.contains("/manifests/")) else {
        return reply;
    };
    if reply.status != 200 {
        return reply;
    }
    let reply = if allowance.remaining == 0 { refusal(429) } else { reply };
    let share = |count: u64| match allowance.window {
        Some(seconds) => format!("{count};w={seconds}"),
        None => count.to_string(),
    };
    let reply = reply
        .header("ratelimit-limit", share(allowance.limit))
        .header("ratelimit-remaining", share(allowance.remaining));
    match &allowance.source {
        Some(source) => reply.header("docker-ratelimit-source", source),
        None => reply,
    }
}

/// The error body of the distribution API.
pub(super) fn error(status: u16, code: &str, message: &str, detail: &Value) -> Reply {
    let mut error = json!({ "code": code, "message": message });
    if !detail.is_null() {
        error["detail"] = detail.clone();
    }
    typed_json(status, &json!({ "errors": [error] }))
}

pub(super) fn refusal(status: u16) -> Reply {
    let (code, message) = match status {
        401 => ("UNAUTHORIZED", "authentication required"),
        403 => ("DENIED", "requested access to the resource is denied"),
        404 => ("MANIFEST_UNKNOWN", "manifest unknown"),
        429 => ("TOOMANYREQUESTS", "too many requests"),
        503 => ("UNAVAILABLE", "service unavailable"),
        _ => ("UNKNOWN", "unknown error"),
    };
    error(status, code, message, &Value::Null)
}

/// A blob at the host that blobs are redirected to.
pub(super) fn stored_blob(registry: &Registry, request: &Request) -> Reply {
    if request.header("authorization").is_some() {
        return Reply::text(400, "Only one auth mechanism allowed\n");
    }
    let segments = request.segments();
    let digest = segments.last().map(String::as_str).unwrap_or_default();
    let found = registry.repositories.values().find_map(|repository| repository.blob(digest));
    match found {
        Some(blob) => Reply::new(200, blob.bytes.clone()).header("content-type", "application/octet-stream"),
        None => Reply::text(404, "no such blob\n"),
    }
}

fn route(registry: &mut Registry, request: &Request) -> Reply {
    if let Auth::Token(tokens) = &mut registry.auth
        && tokens.is_asked(request)
    {
        return tokens.answer(&registry.repositories, request);
    }
    let Some(rest) = request.path.strip_prefix("/v2/") else {
        return Reply::text(404, "404 page not found\n");
    };
    let asked = parse(rest);
    let name = asked.as_ref().map_or("", |(name, _)| name.as_str());
    if let Some(challenge) = challenge(&registry.auth, name, request) {
        return challenge;
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return error(405, "UNSUPPORTED", "The operation is unsupported.", &Value::Null);
    }
    match asked {
        None if rest.is_empty() => typed_json(200, &json!({})),
        None => Reply::text(404, "404 page not found\n"),
        Some((name, Asked::Manifest(reference))) => manifest(registry, &name, &reference, request),
        Some((name, Asked::Blob(digest))) => blob(registry, &name, &digest),
        Some((name, Asked::Tags)) => tags(registry, &name, request),
    }
}

fn parse(rest: &str) -> Option<(String, Asked)> {
    if let Some(name) = rest.strip_suffix("/tags/list") {
        return Some((name.to_owned(), Asked::Tags));
    }
    if let Some((name, reference)) = rest.rsplit_once("/manifests/") {
        return Some((name.to_owned(), Asked::Manifest(reference.to_owned())));
    }
    let (name, digest) = rest.rsplit_once("/blobs/")?;
    Some((name.to_owned(), Asked::Blob(digest.to_owned())))
}

fn challenge(auth: &Auth, repository: &str, request: &Request) -> Option<Reply> {
    match auth {
        Auth::Open => None,
        Auth::Token(tokens) => tokens.challenge(repository, request),
        Auth::Basic { realm, user, password } => {
            if basic(request) == Some((user.clone(), password.clone())) {
                return None;
            }
            let detail = match repository {
                "" => Value::Null,
                name => {
                    json!([{ "Type": "repository", "Class": "", "Name": name, "Action": "pull" }])
                }
            };
            let refused = error(401, "UNAUTHORIZED", "authentication required", &detail);
            Some(refused.header("www-authenticate", format!(r#"Basic realm="{realm}""#)))
        }
    }
}

fn manifest(registry: &Registry, name: &str, reference: &str, request: &Request) -> Reply {
    let repository = registry.repositories.get(name);
    let Some(content) = repository.and_then(|repository| repository.manifest(reference)) else {
        let is_digest = reference.contains(':');
        let by_digest = json!({ "Name": name, "Revision": reference });
        let detail = if is_digest { by_digest } else { json!({ "Tag": reference }) };
        return error(404, "MANIFEST_UNKNOWN", "manifest unknown", &detail);
    };
    let is_tag = !reference.contains(':');
    match negotiate(repository, content, is_tag, &accepted(request)) {
        Ok(content) => manifest_reply(registry, content),
        Err(reply) => reply,
    }
}

fn manifest_reply(registry: &Registry, content: &Content) -> Reply {
    let digest = content.digest();
    let reply = Reply::new(200, content.bytes.clone())
        .header("content-type", &content.media_type)
        .header("etag", format!("\"{digest}\""));
    if registry.omits_digest { reply } else { reply.header("docker-content-digest", digest) }
}

/// What a client that accepts these types gets for a content. Docker's own types were negotiated before OCI's existed,
/// so that they fall back to amd64 where OCI's are refused.
fn negotiate<'a>(
    repository: Option<&'a Repository>,
    content: &'a Content,
    is_tag: bool,
    accepted: &[String],
) -> Result<&'a Content, Reply> {
    let is_accepted = |kind: &str| accepted.iter().any(|accept| accept == kind);
    let unsupported = |message| Err(error(404, "MANIFEST_UNKNOWN", message, &Value::Null));
    let kind = content.media_type.as_str();
    if is_accepted(kind) {
        return Ok(content);
    }
    match kind {
        OCI_INDEX => unsupported("OCI index found, but accept header does not support OCI indexes"),
        OCI_MANIFEST => unsupported("OCI manifest found, but accept header does not support OCI manifests"),
        DOCKER_LIST if is_tag && is_accepted(DOCKER_MANIFEST) => match amd64(repository, content) {
            Some(child) => Ok(child),
            None => unsupported("manifest unknown"),
        },
        DOCKER_LIST | DOCKER_MANIFEST if is_tag => Err(error(400, "MANIFEST_INVALID", "manifest invalid", &json!({}))),
        _ => Ok(content),
    }
}

fn amd64<'a>(repository: Option<&'a Repository>, list: &Content) -> Option<&'a Content> {
    let list: Value = serde_json::from_slice(&list.bytes).ok()?;
    let entries = list["manifests"].as_array()?;
    let entry = entries.iter().find(|entry| entry["platform"]["architecture"] == "amd64")?;
    repository?.manifest(entry["digest"].as_str()?)
}

fn accepted(request: &Request) -> Vec<String> {
    let header = request.header("accept").unwrap_or_default();
    let kinds = header.split(',').map(|part| part.split(';').next().unwrap_or_default());
    kinds.map(|kind| kind.trim().to_owned()).collect()
}

fn blob(registry: &Registry, name: &str, digest: &str) -> Reply {
    let repository = registry.repositories.get(name);
    let Some(blob) = repository.and_then(|repository| repository.blob(digest)) else {
        return error(404, "BLOB_UNKNOWN", "blob unknown to registry", &json!(digest));
    };
    if let Some(host) = &registry.blob_host {
        let elsewhere = format!("https://{host}/ghcr1/blobs/{digest}?se=soon&sig=example");
        return Reply::text(307, "").header("location", elsewhere);
    }
    let reply = Reply::new(200, blob.bytes.clone())
        .header("content-type", "application/octet-stream")
        .header("etag", format!("\"{digest}\""));
    if registry.omits_digest { reply } else { reply.header("docker-content-digest", digest) }
}

fn tags(registry: &Registry, name: &str, request: &Request) -> Reply {
    let Some(repository) = registry.repositories.get(name) else {
        let detail = json!({ "name": name });
        return error(404, "NAME_UNKNOWN", "repository name not known to registry", &detail);
    };
    let asked = request.parameter("n").and_then(|n| n.parse().ok()).unwrap_or(registry.page);
    let most = asked.min(registry.page);
    let last = request.parameter("last").unwrap_or_default();
    let rest: Vec<&String> = repository.tags.keys().filter(|tag| **tag > last).collect();
    let page = &rest[..most.min(rest.len())];
    let reply = typed_json(200, &json!({ "name": name, "tags": page }));
    match page.last() {
        Some(last) if page.len() < rest.len() => {
            reply.header("link", format!(r#"</v2/{name}/tags/list?last={last}&n={most}>; rel="next""#))
        }
        _ => reply,
    }
}

/// The registry ends its JSON with a line feed and says the character set.
fn typed_json(status: u16, body: &Value) -> Reply {
    let body = if status == 200 && body == &json!({}) { body.to_string() } else { format!("{body}\n") };
    Reply::new(status, body).header("content-type", "application/json; charset=utf-8")
}
