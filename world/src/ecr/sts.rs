//! STS: the query protocol, of which only `GetCallerIdentity` and `AssumeRoleWithWebIdentity` are known here.

use super::Aws;
use super::identity::{Identity, Unheard};
use super::web_identity::Session;
use crate::aws::query::Query;
use crate::serve::{Reply, Request};

const STS: Query = Query {
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    request_id: "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0002",
};

pub(super) fn answer(aws: &mut Aws, region: &str, request: &Request) -> Reply {
    if action(request).as_deref() == Some("AssumeRoleWithWebIdentity") {
        return session(aws, request);
    }
    let identity = match aws.identify(request, "sts", region) {
        Ok(identity) => identity,
        Err(unheard) => return STS.refused(unheard),
    };
    match action(request).as_deref() {
        Some("GetCallerIdentity") => caller(identity),
        Some(other) => {
            STS.failed(400, "InvalidAction", &format!("Could not find operation {other} for version 2011-06-15"))
        }
        None => STS.failed(400, "MissingAction", "The request must contain the parameter Action"),
    }
}

pub(super) fn refusal(status: u16) -> Reply {
    match status {
        401 => STS.refused(Unheard::UnknownKey),
        403 => STS.failed(403, "AccessDenied", "Access denied"),
        429 => STS.failed(400, "Throttling", "Rate exceeded"),
        503 => STS.failed(503, "ServiceUnavailable", "Service is temporarily unavailable"),
        status => STS.failed(status, "InternalFailure", "An internal error has occurred"),
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
        Err(words) => STS.failed(403, "AccessDenied", words),
        Ok(Session { id, arn, ends }) => {
            let ends = ends.strftime("%Y-%m-%dT%H:%M:%SZ");
            let credentials = format!(
                "<AccessKeyId>{id}</AccessKeyId><SecretAccessKey>world</SecretAccessKey>\
                 <SessionToken>world-session-{id}</SessionToken><Expiration>{ends}</Expiration>"
            );
            let user = format!("<AssumedRoleId>AROAWORLD:gonogo</AssumedRoleId><Arn>{arn}</Arn>");
            let result = format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>");
            STS.result("AssumeRoleWithWebIdentity", &result)
        }
    }
}

fn caller(identity: &Identity) -> Reply {
    let Identity { account, arn, user_id, .. } = identity;
    let result = format!("<UserId>{user_id}</UserId><Account>{account}</Account><Arn>{arn}</Arn>");
    STS.result("GetCallerIdentity", &result)
}
