//! What a pull from ECR asks for beside manifests: whether layers are there, and where their bytes are.

use serde_json::{Value, json};

use super::answer::{Call, Outcome};
use super::describe::{is_digest, repository, strings};
use super::{Aws, layer_host};
use crate::serve::{Reply, Request};

/// The most digests of one call.
const MOST: usize = 100;

/// A layer that is not there is an answer; a digest that is none is a failure within a 200.
pub(super) fn availability(call: &Call<'_>) -> Outcome {
    let (_, repository) = repository(call)?;
    let asked = strings(&call.body["layerDigests"]);
    if asked.is_empty() || asked.len() > MOST {
        let message = format!("Invalid parameter at 'layerDigests' failed to satisfy constraint: 1 to {MOST}");
        return Err(("InvalidParameterException", message));
    }
    let (mut layers, mut failures) = (Vec::new(), Vec::new());
    for digest in asked {
        match repository.images.blob(digest) {
            Some(blob) => layers.push(json!({
                "layerDigest": digest, "layerAvailability": "AVAILABLE",
                "layerSize": blob.bytes.len(), "mediaType": blob.media_type,
            })),
            None if is_digest(digest) => {
                layers.push(json!({ "layerDigest": digest, "layerAvailability": "UNAVAILABLE" }));
            }
            None => failures.push(json!({
                "layerDigest": digest, "failureCode": "InvalidLayerDigest",
                "failureReason": "Invalid request parameters: image layer digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
            })),
        }
    }
    Ok(json!({ "layers": layers, "failures": failures }))
}

/// The address carries a signature, and is good for whoever has it.
pub(super) fn address(call: &Call<'_>) -> Outcome {
    let (name, repository) = repository(call)?;
    let digest = call.body["layerDigest"].as_str().unwrap_or_default();
    if repository.images.blob(digest).is_none() {
        let message = format!(
            "The layers with digests '[{digest}]' do not exist within the repository with name '{name}' in the registry with id '{}'",
            call.account
        );
        return Err(("LayersNotFoundException", message));
    }
    let url = format!(
        "https://{}/{}/{digest}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&X-Amz-Signature=world-signature-0123456789",
        layer_host(call.region),
        call.account
    );
    Ok(json!({ "downloadUrl": url, "layerDigest": digest }))
}

/// A layer's bytes, for whoever shows a signature and no other credential.
pub(super) fn bytes(aws: &Aws, region: &str, request: &Request) -> Reply {
    if request.header("authorization").is_some() {
        return Reply::text(400, "Only one auth mechanism allowed\n");
    }
    if request.parameter("X-Amz-Signature").is_none() {
        return Reply::text(403, "Access Denied\n");
    }
    let segments = request.segments();
    let digest = segments.last().map(String::as_str).unwrap_or_default();
    let mut held = aws.regions.get(region).into_iter().flat_map(|region| region.repositories.values());
    match held.find_map(|repository| repository.images.blob(digest)) {
        Some(blob) => Reply::new(200, blob.bytes.clone()).header("content-type", "binary/octet-stream"),
        None => Reply::text(404, "NoSuchKey\n"),
    }
}

/// A failure in a batch, as it stands beside images.
pub(super) fn failure(id: &Value, code: &str, reason: &str) -> Value {
    json!({ "imageId": id, "failureCode": code, "failureReason": reason })
}
