//! ECR's JSON 1.1 protocol: the operation is in `X-Amz-Target`, and an error is a 400 whose body says which.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::identity::{Identity, Unheard};
use super::{Aws, Region, describe, pull, rules};
use crate::serve::{Reply, Request};

/// An operation's answer, or the error's name and words.
pub(super) type Outcome = Result<Value, (&'static str, String)>;

/// One operation, understood.
pub(super) struct Call<'a> {
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    pub(super) place: &'a Region,
    pub(super) body: &'a Value,
    pub(super) now: Timestamp,
}

pub(super) fn answer(aws: &Aws, region: &str, request: &Request) -> Reply {
    let identity = match aws.identify(request, "ecr", region) {
        Ok(identity) => identity,
        Err(unheard) => return refused(unheard),
    };
    let target = request.header("x-amz-target").unwrap_or_default();
    let Some(operation) = target.strip_prefix("AmazonEC2ContainerRegistry_V20150921.") else {
        return failed(400, "UnknownOperationException", "");
    };
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return failed(400, "SerializationException", "");
    };
    let Some(place) = aws.regions.get(region) else {
        return failed(500, "ServerException", "");
    };
    let call = Call { account: &aws.account, region, place, body: &body, now: request.now };
    match permitted(identity, operation, &call).and_then(|()| perform(operation, &call)) {
        Ok(value) => amazon(200, &value),
        Err((code, message)) => failed(400, code, &message),
    }
}

pub(super) fn refusal(status: u16) -> Reply {
    match status {
        401 => refused(Unheard::UnknownKey),
        403 => failed(400, "AccessDeniedException", "User is not authorized to perform this action"),
        404 => failed(400, "RepositoryNotFoundException", "The repository does not exist"),
        429 => failed(400, "ThrottlingException", "Rate exceeded"),
        503 => failed(503, "ServiceUnavailableException", "Service is temporarily unavailable"),
        status => failed(status, "ServerException", "These errors are usually caused by a server-side issue."),
    }
}

fn refused(unheard: Unheard) -> Reply {
    match unheard {
        Unheard::Unsigned => failed(400, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        Unheard::UnknownKey => {
            failed(400, "UnrecognizedClientException", "The security token included in the request is invalid.")
        }
        Unheard::Expired => {
            failed(400, "ExpiredTokenException", "The security token included in the request is expired")
        }
        Unheard::WrongScope => {
            failed(400, "InvalidSignatureException", "Credential should be scoped to a valid region.")
        }
    }
}

fn permitted(identity: &Identity, operation: &str, call: &Call<'_>) -> Result<(), (&'static str, String)> {
    let action = format!("ecr:{operation}");
    if !identity.denied.contains(&action) {
        return Ok(());
    }
    let resource = match call.body["repositoryName"].as_str() {
        Some(name) => format!("arn:aws:ecr:{}:{}:repository/{name}", call.region, call.account),
        None => "*".to_owned(),
    };
    let message = format!(
        "User: {} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action",
        identity.arn
    );
    Err(("AccessDeniedException", message))
}

fn perform(operation: &str, call: &Call<'_>) -> Outcome {
    match operation {
        "DescribeImages" => describe::images(call),
        "DescribeRepositories" => describe::repositories(call),
        "BatchGetImage" => describe::batch(call),
        "BatchCheckLayerAvailability" => pull::availability(call),
        "GetDownloadUrlForLayer" => pull::address(call),
        "DescribePullThroughCacheRules" => rules::caches(call),
        "ValidatePullThroughCacheRule" => rules::validity(call),
        "DescribeRegistry" => Ok(rules::registry(call)),
        "DescribeImageReplicationStatus" => rules::copies(call),
        "GetAuthorizationToken" => Ok(describe::token(call)),
        _ => Err(("UnknownOperationException", String::new())),
    }
}

fn failed(status: u16, code: &str, message: &str) -> Reply {
    let body = json!({ "__type": code, "message": message, "Message": message });
    amazon(status, &body).header("x-amzn-errortype", code)
}

fn amazon(status: u16, body: &Value) -> Reply {
    Reply::new(status, body.to_string())
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amzn-requestid", "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0001")
}
