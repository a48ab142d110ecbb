//! ECR's operations that read: images, repositories, manifests, and the password for the registry.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Repository;
use super::answer::{Call, Outcome};
use super::pull::failure;
use crate::registry::Content;

const PAGE: usize = 100;

pub(super) fn images(call: &Call<'_>) -> Outcome {
    let (name, repository) = repository(call)?;
    if let Some(ids) = call.body["imageIds"].as_array().filter(|ids| !ids.is_empty()) {
        let details: Result<Vec<Value>, _> = ids.iter().map(|id| asked_image(call, name, repository, id)).collect();
        return Ok(json!({ "imageDetails": details? }));
    }
    let wanted = call.body["filter"]["tagStatus"].as_str().unwrap_or("ANY");
    let all = repository.images.manifests().filter(|(digest, _)| match wanted {
        "TAGGED" => !tags(repository, digest).is_empty(),
        "UNTAGGED" => tags(repository, digest).is_empty(),
        _ => true,
    });
    let details: Vec<Value> = all.map(|(digest, content)| detail(call, name, repository, digest, content)).collect();
    Ok(paged(call, "imageDetails", &details))
}

fn asked_image(
    call: &Call<'_>,
    name: &str,
    repository: &Repository,
    id: &Value,
) -> Result<Value, (&'static str, String)> {
    if let Ok((digest, content)) = resolve(repository, id) {
        return Ok(detail(call, name, repository, &digest, content));
    }
    Err(not_found(call, name, id))
}

/// No such image, by the tag or the digest that was asked for.
pub(super) fn not_found(call: &Call<'_>, name: &str, id: &Value) -> (&'static str, String) {
    let part = |key: &str| id[key].as_str().unwrap_or("null").to_owned();
    let message = format!(
        "The image with imageId {{imageDigest:'{}', imageTag:'{}'}} does not exist within the repository with name '{name}' in the registry with id '{}'",
        part("imageDigest"),
        part("imageTag"),
        call.account
    );
    ("ImageNotFoundException", message)
}

fn detail(call: &Call<'_>, name: &str, repository: &Repository, digest: &str, content: &Content) -> Value {
    let mut detail = json!({
        "registryId": call.account,
        "repositoryName": name,
        "imageDigest": digest,
    });
    let tags = tags(repository, digest);
    if !tags.is_empty() {
        detail["imageTags"] = json!(tags);
    }
    detail["imageSizeInBytes"] = json!(content.bytes.len());
    let pushed = repository.pushed_at.get(digest).copied().unwrap_or(repository.created_at);
    detail["imagePushedAt"] = seconds(pushed);
    detail["imageManifestMediaType"] = json!(content.media_type);
    if repository.archived.contains(digest) {
        detail["imageStatus"] = json!("ARCHIVED");
    }
    detail
}

pub(super) fn repositories(call: &Call<'_>) -> Outcome {
    let asked: Vec<&str> = strings(&call.body["repositoryNames"]);
    for name in &asked {
        if !call.place.repositories.contains_key(*name) {
            return Err(missing(call, name));
        }
    }
    let all = call.place.repositories.iter();
    let found = all.filter(|(name, _)| asked.is_empty() || asked.contains(&name.as_str()));
    let described: Vec<Value> = found.map(|(name, repository)| described(call, name, repository)).collect();
    Ok(paged(call, "repositories", &described))
}

fn described(call: &Call<'_>, name: &str, repository: &Repository) -> Value {
    let (account, region) = (call.account, call.region);
    json!({
        "repositoryArn": format!("arn:aws:ecr:{region}:{account}:repository/{name}"),
        "registryId": account,
        "repositoryName": name,
        "repositoryUri": format!("{account}.dkr.ecr.{region}.amazonaws.com/{name}"),
        "createdAt": seconds(repository.created_at),
        "imageTagMutability": if repository.is_mutable { "MUTABLE" } else { "IMMUTABLE" },
        "imageScanningConfiguration": { "scanOnPush": false },
        "encryptionConfiguration": { "encryptionType": "AES256" },
    })
}

/// What cannot be given is a failure inside a 200. A manifest of a type that was not accepted is such a failure.
pub(super) fn batch(call: &Call<'_>) -> Outcome {
    let (name, repository) = repository(call)?;
    let accepted = strings(&call.body["acceptedMediaTypes"]);
    let (mut images, mut failures) = (Vec::new(), Vec::new());
    for id in call.body["imageIds"].as_array().into_iter().flatten() {
        let found = resolve(repository, id);
        let found = found.and_then(|(digest, content)| {
            let is_accepted = accepted.is_empty() || accepted.contains(&content.media_type.as_str());
            if is_accepted { Ok((digest, content)) } else { Err(("ImageNotFound", "Requested image not found")) }
        });
        match found {
            Ok((digest, content)) => match repository.failures.get(&digest) {
                Some((code, reason)) => failures.push(failure(id, code, reason)),
                None => images.push(given(call, name, id, &digest, content)),
            },
            Err((code, reason)) => failures.push(failure(id, code, reason)),
        }
    }
    Ok(json!({ "images": images, "failures": failures }))
}

fn given(call: &Call<'_>, name: &str, id: &Value, digest: &str, content: &Content) -> Value {
    let mut image_id = json!({ "imageDigest": digest });
    if let Some(tag) = id["imageTag"].as_str() {
        image_id["imageTag"] = json!(tag);
    }
    json!({
        "registryId": call.account,
        "repositoryName": name,
        "imageId": image_id,
        "imageManifest": String::from_utf8_lossy(&content.bytes),
        "imageManifestMediaType": content.media_type,
    })
}

pub(super) fn token(call: &Call<'_>) -> Value {
    let (account, region) = (call.account, call.region);
    let expires = call.now.checked_add(SignedDuration::from_hours(12)).unwrap_or(Timestamp::MAX);
    json!({ "authorizationData": [{
        "authorizationToken": STANDARD.encode(format!("AWS:{account}-auth-token")),
        "expiresAt": seconds(expires),
        "proxyEndpoint": format!("https://{account}.dkr.ecr.{region}.amazonaws.com"),
    }] })
}

/// The image of an identifier, or the code and the words of its failure.
pub(super) fn resolve<'a>(
    repository: &'a Repository,
    id: &Value,
) -> Result<(String, &'a Content), (&'static str, &'static str)> {
    let not_found = ("ImageNotFound", "Requested image not found");
    let tagged = id["imageTag"].as_str();
    let digest = match (id["imageDigest"].as_str(), tagged) {
        (None, None) => {
            return Err(("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"));
        }
        (Some(digest), _) if !is_digest(digest) => {
            return Err((
                "InvalidImageDigest",
                "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
            ));
        }
        (Some(digest), _) => digest.to_owned(),
        (None, Some(tag)) => repository.images.tags.get(tag).cloned().ok_or(not_found)?,
    };
    if let Some(tag) = tagged
        && repository.images.tags.get(tag) != Some(&digest)
    {
        return Err(("ImageTagDoesNotMatchDigest", "Requested image tag does not match the digest"));
    }
    let content = repository.images.manifest(&digest).ok_or(not_found)?;
    Ok((digest, content))
}

pub(super) fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) fn repository<'a>(call: &Call<'a>) -> Result<(&'a str, &'a Repository), (&'static str, String)> {
    let name = call.body["repositoryName"].as_str().unwrap_or_default();
    let account = call.body["registryId"].as_str().unwrap_or(call.account);
    let found = call.place.repositories.get(name).filter(|_| account == call.account);
    found.map(|repository| (name, repository)).ok_or_else(|| missing(call, name))
}

fn missing(call: &Call<'_>, name: &str) -> (&'static str, String) {
    let account = call.body["registryId"].as_str().unwrap_or(call.account);
    let message = format!("The repository with name '{name}' does not exist in the registry with id '{account}'");
    ("RepositoryNotFoundException", message)
}

fn tags<'a>(repository: &'a Repository, digest: &str) -> Vec<&'a str> {
    let tags = repository.images.tags.iter().filter(|(_, tagged)| *tagged == digest);
    tags.map(|(tag, _)| tag.as_str()).collect()
}

fn paged(call: &Call<'_>, key: &str, all: &[Value]) -> Value {
    let most = call.body["maxResults"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE).max(1);
    let start = call.body["nextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0).min(all.len());
    let end = start.saturating_add(most).min(all.len());
    let mut page = json!({ key: &all[start..end] });
    if end < all.len() {
        page["nextToken"] = json!(end.to_string());
    }
    page
}

pub(super) fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Seconds since 1970, with a fraction where there is one, as JSON 1.1 writes a time.
pub(super) fn seconds(timestamp: Timestamp) -> Value {
    let milliseconds = timestamp.as_millisecond();
    if milliseconds % 1000 == 0 {
        return json!(timestamp.as_second());
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let milliseconds = milliseconds as f64;
    json!(milliseconds / 1000.0)
}
