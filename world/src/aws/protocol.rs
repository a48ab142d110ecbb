//! The JSON protocols that the three services share: the operation is in `X-Amz-Target`, an error is a 400 that names itself.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Service, Services, metrics, quotas, secrets};
use crate::ecr::{Aws, Unheard};
use crate::serve::{Reply, Request};

/// An operation's answer, or the error's name and words.
pub(super) type Outcome = Result<Value, (&'static str, String)>;

/// One operation, understood.
pub(super) struct Call<'a> {
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    pub(super) services: &'a Services,
    pub(super) body: &'a Value,
    pub(super) now: Timestamp,
}

impl Call<'_> {
    /// A text of the request; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.body[key].as_str().unwrap_or_default()
    }
}

impl Service {
    const fn target(self) -> &'static str {
        match self {
            Self::Quotas => "ServiceQuotasV20190624.",
            Self::Metrics => "GraniteServiceVersion20100801.",
            Self::Secrets => "secretsmanager.",
        }
    }

    /// The prefix of its actions in a policy.
    const fn policy(self) -> &'static str {
        match self {
            Self::Metrics => "cloudwatch",
            other => other.name(),
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::Metrics => "1.0",
            Self::Quotas | Self::Secrets => "1.1",
        }
    }
}

pub(super) fn answer(service: Service, aws: &Aws, region: &str, request: &Request) -> Reply {
    let identity = match aws.identify(request, service.name(), region) {
        Ok(identity) => identity,
        Err(unheard) => return refused(service, unheard),
    };
    let target = request.header("x-amz-target").unwrap_or_default();
    let Some(operation) = target.strip_prefix(service.target()) else {
        return failed(service, 400, "UnknownOperationException", "");
    };
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return failed(service, 400, "SerializationException", "");
    };
    let Some(place) = aws.regions.get(region) else {
        return failed(service, 500, "InternalFailure", "");
    };
    let call = Call { account: &aws.account, region, services: &place.services, body: &body, now: request.now };
    let action = format!("{}:{operation}", service.policy());
    if identity.denied.contains(&action) {
        let message = format!(
            "User: {} is not authorized to perform: {action} because no identity-based policy allows the {action} action",
            identity.arn
        );
        return failed(service, 400, "AccessDeniedException", &message);
    }
    let outcome = match service {
        Service::Quotas => quotas::perform(operation, &call),
        Service::Metrics => metrics::perform(operation, &call),
        Service::Secrets => secrets::perform(operation, &call),
    };
    match outcome {
        Ok(value) => amazon(service, 200, &value),
        Err((code, message)) => failed(service, 400, code, &message),
    }
}

pub(super) fn refusal(service: Service, status: u16) -> Reply {
    match status {
        401 => refused(service, Unheard::UnknownKey),
        403 => failed(service, 400, "AccessDeniedException", "User is not authorized to perform this action"),
        404 => match service {
            Service::Quotas => failed(
                service,
                400,
                "NoSuchResourceException",
                "The request failed because the specified service or quota does not exist.",
            ),
            Service::Metrics => failed(service, 404, "ResourceNotFoundException", ""),
            Service::Secrets => failed(service, 400, "ResourceNotFoundException", secrets::NOT_FOUND),
        },
        429 => failed(
            service,
            400,
            if service == Service::Quotas { "TooManyRequestsException" } else { "ThrottlingException" },
            "Rate exceeded",
        ),
        503 => failed(service, 503, "ServiceUnavailableException", "Service is temporarily unavailable"),
        status => failed(service, status, "InternalServiceError", "An internal error has occurred"),
    }
}

fn refused(service: Service, unheard: Unheard) -> Reply {
    let (code, message) = match unheard {
        Unheard::Unsigned => ("MissingAuthenticationTokenException", "Missing Authentication Token"),
        Unheard::UnknownKey => {
            ("UnrecognizedClientException", "The security token included in the request is invalid.")
        }
        Unheard::Expired => ("ExpiredTokenException", "The security token included in the request is expired"),
        Unheard::WrongScope => ("InvalidSignatureException", "Credential should be scoped to a valid region."),
    };
    failed(service, 400, code, message)
}

fn failed(service: Service, status: u16, code: &str, message: &str) -> Reply {
    let body = json!({ "__type": code, "message": message });
    amazon(service, status, &body).header("x-amzn-errortype", code)
}

fn amazon(service: Service, status: u16, body: &Value) -> Reply {
    Reply::new(status, body.to_string())
        .header("content-type", &format!("application/x-amz-json-{}", service.version()))
        .header("x-amzn-requestid", "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0003")
}

/// Seconds since 1970, with a fraction where there is one, as these protocols write a time.
pub(super) fn seconds(timestamp: Timestamp) -> Value {
    let milliseconds = timestamp.as_millisecond();
    if milliseconds % 1000 == 0 {
        return json!(timestamp.as_second());
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let milliseconds = milliseconds as f64;
    json!(milliseconds / 1000.0)
}
