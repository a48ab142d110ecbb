//! STS: the query protocol, of which only `GetCallerIdentity` and `AssumeRoleWithWebIdentity` are known here.

use super::Aws;
use super::identity::{Identity, Unheard};
use super::web_identity::Session;
use crate::serve::{Reply, Request};

const REQUEST_ID: &str = "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0002";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

pub(super) fn answer(aws: &mut Aws, region: &str, request: &Request) -> Reply {
    if action(request).as_deref() == Some("AssumeRoleWithWebIdentity") {
        return session(aws, request);
    }
    let identity = match aws.identify(request, "sts", region) {
        Ok(identity) => identity,
        Err(unheard) => return refused(unheard),
    };
    match action(request).as_deref() {
        Some("GetCallerIdentity") => caller(identity),
        Some(other) => {
            failed(400, "InvalidAction", &format!("Could not find operation {other} for version 2011-06-15"))
        }
        None => failed(400, "MissingAction", "The request must contain the parameter Action"),
    }
}

pub(super) fn refusal(status: u16) -> Reply {
    match status {
        401 => refused(Unheard::UnknownKey),
        403 => failed(403, "AccessDenied", "Access denied"),
        429 => failed(400, "Throttling", "Rate exceeded"),
        503 => failed(503, "ServiceUnavailable", "Service is temporarily unavailable"),
        status => failed(status, "InternalFailure", "An internal error has occurred"),
    }
}

fn action(request: &Request) -> Option<String> {
    field(request, "Action")
}

fn field(request: &Request, wanted: &str) -> Option<String> {
    let form = url::form_urlencoded::parse(&request.body).into_owned();
    let mut all = form.chain(request.parameters());
    all.find(|(name, _)| name == wanted).map(|(_, value)| value)
}

fn session(aws: &mut Aws, request: &Request) -> Reply {
    let text = |name: &str| field(request, name).unwrap_or_default();
    match aws.take_role(&text("RoleArn"), &text("WebIdentityToken"), request.now) {
        Err(words) => failed(403, "AccessDenied", words),
        Ok(Session { id, arn, ends }) => {
            let ends = ends.strftime("%Y-%m-%dT%H:%M:%SZ");
            let credentials = format!(
                "<AccessKeyId>{id}</AccessKeyId><SecretAccessKey>world</SecretAccessKey>\
                 <SessionToken>world-session-{id}</SessionToken><Expiration>{ends}</Expiration>"
            );
            let user = format!("<AssumedRoleId>AROAWORLD:gonogo</AssumedRoleId><Arn>{arn}</Arn>");
            let result = format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>");
            let name = "AssumeRoleWithWebIdentity";
            xml(
                200,
                &format!(
                    "<{name}Response xmlns=\"{NAMESPACE}\"><{name}Result>{result}</{name}Result></{name}Response>"
                ),
            )
        }
    }
}

fn caller(identity: &Identity) -> Reply {
    let Identity { account, arn, user_id, .. } = identity;
    let result = format!("<UserId>{user_id}</UserId><Account>{account}</Account><Arn>{arn}</Arn>");
    xml(
        200,
        &format!(
            "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\"><GetCallerIdentityResult>{result}</GetCallerIdentityResult>\
         <ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        ),
    )
}

fn refused(unheard: Unheard) -> Reply {
    match unheard {
        Unheard::Unsigned => failed(403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        Unheard::UnknownKey => {
            failed(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        }
        Unheard::Expired => failed(403, "ExpiredToken", "The security token included in the request is expired"),
        Unheard::WrongScope => failed(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region."),
    }
}

fn failed(status: u16, code: &str, message: &str) -> Reply {
    let kind = if status < 500 { "Sender" } else { "Receiver" };
    xml(
        status,
        &format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        ),
    )
}

fn xml(status: u16, body: &str) -> Reply {
    Reply::new(status, body.to_owned()).header("content-type", "text/xml").header("x-amzn-requestid", REQUEST_ID)
}
