//! What the SDK's errors mean, in the words of [`Why`].
//!
//! An `SdkError` prints "unhandled error" and nothing else: what matters is deep in its chain, or in the raw answer.

use crate::contract::{Remedy, Unobserved, Why};
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::{error::Error, time::Duration};

/// What was asked of whom, and the right that it needs.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// `ecr:DescribeImages coder-preview:latest in us-east-2`.
    pub(super) asked: String,
    /// `ecr:DescribeImages on arn:…`.
    pub(super) right: String,
    /// The same look by hand.
    pub(super) by_hand: Remedy,
}

impl Call {
    /// Why `error` gave nothing.
    pub(super) fn refused<E>(&self, error: &SdkError<E, HttpResponse>) -> Unobserved
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let chain = causes(error);
        // The transport's own word is the best there is: it says what broke between here and there.
        if let Some(missing) = chain.iter().find_map(|cause| cause.downcast_ref::<Unobserved>()) {
            return self.broken(missing.clone());
        }
        if let Some(reason) = chain.iter().find_map(|cause| cause.downcast_ref::<CredentialsError>()) {
            return self.unsigned(reason);
        }
        let answer = error.raw_response();
        let status = answer.map_or(0, |answer| answer.status().as_u16());
        let (code, message) = match error {
            SdkError::ServiceError(service) => (service.err().code(), service.err().message()),
            _ => (None, None),
        };
        let why = code.and_then(|code| meaning(code, message)).unwrap_or_else(|| by_status(status, error));
        let detail = match (why, code) {
            (Why::Forbidden, _) => format!("the credential lacks {}", self.right),
            (_, Some(code)) => format!("{code}: {}", message.unwrap_or("no words")),
            (_, None) if status > 0 => format!("status {status}: {}", deepest(&chain)),
            (_, None) => deepest(&chain),
        };
        let pause = answer.and_then(|answer| answer.headers().get("retry-after")?.trim().parse().ok());
        self.without(why, detail, pause.map(Duration::from_secs))
    }

    /// What the refusal means that a service without an SDK of its own gave as `code`: `None` for a body that names none.
    pub(super) fn answered(
        &self,
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
        pause: Option<Duration>,
    ) -> Unobserved {
        let why = code.and_then(|code| meaning(code, message)).unwrap_or_else(|| by_number(status));
        let detail = match (why, code) {
            // The right to the thing is there, and the one to the key that it is encrypted with is not.
            (Why::Forbidden, Some(_)) if message.is_some_and(|words| words.contains("KMS")) => {
                format!("the credential lacks kms:Decrypt on its key: {}", message.unwrap_or_default())
            }
            (Why::Forbidden, Some(_)) => format!("the credential lacks {}", self.right),
            (_, Some(code)) => format!("{code}: {}", message.unwrap_or("no words")),
            (_, None) => format!("status {status} without an error's name"),
        };
        self.without(why, detail, pause)
    }

    /// The transport's own word, of what was asked here.
    pub(super) fn broken(&self, mut missing: Unobserved) -> Unobserved {
        missing.detail = format!("{} ({})", missing.detail, missing.asked);
        missing.asked.clone_from(&self.asked);
        missing.by_hand(self.by_hand.clone())
    }

    /// There is no credential to ask with.
    pub(super) fn unsigned(&self, reason: &CredentialsError) -> Unobserved {
        let chain = causes(reason);
        if let Some(missing) = chain.iter().find_map(|cause| cause.downcast_ref::<Unobserved>()) {
            return self.broken(missing.clone());
        }
        self.without(credentials(reason), deepest(&chain), None)
    }

    /// Nothing seen, because of `why`.
    pub(super) fn without(&self, why: Why, detail: impl std::fmt::Display, pause: Option<Duration>) -> Unobserved {
        Unobserved::new(why, &self.asked, detail).after(pause).by_hand(self.by_hand.clone())
    }
}

/// What an error's name means, whatever its status.
pub(super) fn meaning(code: &str, message: Option<&str>) -> Option<Why> {
    Some(match code {
        "NoSuchBucket" => Why::NotFound,
        "PermanentRedirect" | "AuthorizationHeaderMalformed" => Why::Redirected,
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => Why::Forbidden,
        "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "InvalidToken"
        | "RequestTimeTooSkewed"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "RequestExpired"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature" => Why::Unauthorised,
        "Throttling"
        | "ThrottlingException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "LimitExceededException"
        | "SlowDown" => Why::Throttled,
        "ServerException"
        | "ServiceException"
        | "InternalServiceError"
        | "InternalServiceFault"
        | "InternalFailure"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => Why::ServerError,
        _ if message.is_some_and(|message| message.contains("Rate exceeded")) => Why::Throttled,
        _ => return None,
    })
}

fn by_status<E, R>(status: u16, error: &SdkError<E, R>) -> Why {
    match status {
        0 if matches!(error, SdkError::TimeoutError(_)) => Why::TimedOut,
        0 if matches!(error, SdkError::DispatchFailure(_)) => Why::Unreachable,
        0 => Why::Unconfigured,
        status => by_number(status),
    }
}

fn by_number(status: u16) -> Why {
    match status {
        401 => Why::Unauthorised,
        403 => Why::Forbidden,
        404 | 410 => Why::NotFound,
        429 => Why::Throttled,
        300..=399 => Why::Redirected,
        500..=599 => Why::ServerError,
        _ => Why::Malformed,
    }
}

fn credentials(error: &CredentialsError) -> Why {
    match error {
        CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_) => Why::Unconfigured,
        CredentialsError::ProviderTimedOut(_) => Why::TimedOut,
        _ => Why::Unauthorised,
    }
}

fn deepest(chain: &[&(dyn Error + 'static)]) -> String {
    chain.last().map_or_else(String::new, ToString::to_string)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause: &&'a (dyn Error + 'static)| (*cause).source()).collect()
}
