//! IAM, which is one for all regions: a user's access keys, and when each was last used.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;

use super::query::Query;
use crate::ca::Leaf;
use crate::ecr::{Aws, Identity, Unheard};
use crate::serve::{Behind, Reply, Request};
use crate::state::State;

/// Its host.
pub(super) const HOST: &str = "iam.amazonaws.com";
const REGION: &str = "us-east-1";
const IAM: Query = Query {
    namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    request_id: "5c1b0d2e-7a94-4f0e-9d53-0f6a1c7f0005",
};

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Its public id.
    pub id: String,
    /// `Active`, `Inactive` or `Expired`.
    pub status: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it was last used, and for which service.
    pub used: Option<(Timestamp, String)>,
}

impl AccessKey {
    /// One that is switched on, and was never used.
    #[must_use]
    pub fn active(id: &str, made: Timestamp) -> Self {
        Self { id: id.to_owned(), status: "Active".to_owned(), made, used: None }
    }
}

/// What IAM holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Iam {
    /// Documentation addresses of `iam.amazonaws.com`.
    pub addresses: Vec<IpAddr>,
    /// The keys of each user, by name.
    pub users: BTreeMap<String, Vec<AccessKey>>,
}

impl Iam {
    /// A user's first key, to change it; `None` where there is none.
    pub fn key_mut(&mut self, user: &str) -> Option<&mut AccessKey> {
        self.users.get_mut(user)?.first_mut()
    }
}

pub(super) struct Host;

impl Behind for Host {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(HOST))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        answer(&state.aws, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        match status {
            401 => IAM.refused(Unheard::UnknownKey),
            403 => IAM.failed(403, "AccessDenied", "User is not authorized to perform this action"),
            404 => IAM.failed(404, "NoSuchEntity", "The user with name somebody cannot be found."),
            429 => IAM.failed(400, "Throttling", "Rate exceeded"),
            503 => IAM.failed(503, "ServiceUnavailable", "Service is temporarily unavailable"),
            status => IAM.failed(status, "InternalFailure", "An internal error has occurred"),
        }
    }
}

fn answer(aws: &Aws, request: &Request) -> Reply {
    let identity = match aws.identify(request, "iam", REGION) {
        Ok(identity) => identity,
        Err(unheard) => return IAM.refused(unheard),
    };
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let action = field("Action").unwrap_or_default();
    if identity.denied.contains(&format!("iam:{action}")) {
        let message = format!(
            "User: {} is not authorized to perform: iam:{action} because no identity-based policy allows the iam:{action} action",
            identity.arn
        );
        return IAM.failed(403, "AccessDenied", &message);
    }
    match action {
        "ListAccessKeys" => list(aws, identity, field("UserName")),
        "GetAccessKeyLastUsed" => used(aws, field("AccessKeyId").unwrap_or_default()),
        other => IAM.failed(400, "InvalidAction", &format!("Could not find operation {other} for version 2010-05-08")),
    }
}

fn list(aws: &Aws, identity: &Identity, user: Option<&str>) -> Reply {
    let own = identity.arn.rsplit('/').next().unwrap_or_default();
    let user = user.unwrap_or(own);
    let Some(keys) = aws.iam.users.get(user) else {
        return IAM.failed(404, "NoSuchEntity", &format!("The user with name {user} cannot be found."));
    };
    let member = |key: &AccessKey| {
        format!(
            "<member><UserName>{user}</UserName><AccessKeyId>{}</AccessKeyId><Status>{}</Status><CreateDate>{}</CreateDate></member>",
            key.id,
            key.status,
            second(key.made)
        )
    };
    let members: String = keys.iter().map(member).collect();
    IAM.result(
        "ListAccessKeys",
        &format!(
            "<UserName>{user}</UserName><AccessKeyMetadata>{members}</AccessKeyMetadata><IsTruncated>false</IsTruncated>"
        ),
    )
}

fn used(aws: &Aws, id: &str) -> Reply {
    let mut all = aws.iam.users.iter().flat_map(|(user, keys)| keys.iter().map(move |key| (user, key)));
    let Some((user, key)) = all.find(|(_, key)| key.id == id) else {
        return IAM.failed(403, "AccessDenied", "Access denied");
    };
    let last = match &key.used {
        None => "<Region>N/A</Region><ServiceName>N/A</ServiceName>".to_owned(),
        Some((at, service)) => format!(
            "<LastUsedDate>{}</LastUsedDate><Region>{REGION}</Region><ServiceName>{service}</ServiceName>",
            second(*at)
        ),
    };
    IAM.result(
        "GetAccessKeyLastUsed",
        &format!("<UserName>{user}</UserName><AccessKeyLastUsed>{last}</AccessKeyLastUsed>"),
    )
}

fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
