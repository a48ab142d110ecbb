//! Access keys: whose the credential is that asks and until when, and what IAM says of a user's keys.
//!
//! No call tells when a session ends but the one that issued it: its end is what gave the credential says. `ASIA` begins the
//! id of a session, `AKIA` that of a key which has an age and, as a rule, no end.

use super::{
    account::{Identity, by_hand},
    query::{Answer, Element, Query, result},
    refusal::Call,
};
use crate::{
    clients::{connections::AwsAccount, http::Response},
    contract::{Context, Unobserved, Why, short},
};
use aws_credential_types::credential_feature::AwsCredentialFeature;
use jiff::Timestamp;

/// The most pages of a user's keys that are read: an account may have two keys a user, by default.
const MOST_PAGES: usize = 5;
/// What STS says of a credential that it does not take, as an answer about the credential.
const REFUSALS: &[&str] = &["InvalidClientTokenId", "ExpiredToken"];

/// Whose a credential is.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Amazon takes it.
    Known(Identity),
    /// Amazon does not know it: deleted, or switched off.
    Refused(String),
    /// It has ended.
    Ended(String),
}

/// A credential as this machine has it; never its secret.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its public id.
    pub id: String,
    /// When it ends, where what gave it says so.
    pub ends: Option<Timestamp>,
    /// What gave it.
    pub given: Given,
}

/// What gave a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// A file, or the environment.
    Written,
    /// A program, or the cache of a sign-in: whoever keeps it renews it, or does not.
    Kept,
    /// An agent of the machine or the pod, which renews it by itself.
    Agent,
    /// STS, for this look, in exchange for a token of the cluster (IRSA).
    WebIdentity,
    /// STS, for this look, by another credential.
    Role,
}

/// An access key of a user, as IAM describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its public id.
    pub id: String,
    /// `Active`, `Inactive` or `Expired`.
    pub status: String,
    /// When it was made.
    pub created: Option<Timestamp>,
}

impl Held {
    /// True for a session, which has an end; false for a key of a user.
    #[must_use]
    pub fn is_session(&self) -> bool {
        !self.id.starts_with("AKIA")
    }
}

impl Context {
    /// The credential that an account's profile, role or environment gives.
    ///
    /// # Errors
    /// There is none, or what gives it does not answer.
    pub async fn aws_held(&self, account: &AwsAccount) -> Result<Held, Unobserved> {
        let call = identity_call(account);
        let found = self.aws_credential(account, &call).await?;
        let features = found.get_property::<Vec<AwsCredentialFeature>>().cloned().unwrap_or_default();
        let ends = found.expiry().and_then(|end| Timestamp::try_from(end).ok());
        let given = given(&features, ends.is_some());
        Ok(Held { id: found.access_key_id().to_owned(), ends, given })
    }

    /// Whose credential it is, now, and the answer that says it.
    ///
    /// # Errors
    /// No answer, one that proves nothing, or another account than the one that is named.
    pub async fn aws_caller(&self, account: &AwsAccount) -> Result<(Caller, Asked), Unobserved> {
        let call = identity_call(account);
        let region = region(account);
        let query = Query {
            service: "sts",
            version: "2011-06-15",
            action: "GetCallerIdentity",
            parameters: Vec::new(),
            account: account.clone(),
            host: format!("sts.{region}.{}", domain(&region)),
            region,
            call: call.clone(),
        };
        let answer = self.aws_query(query, REFUSALS).await?;
        let asked = Asked::of(&answer, &call);
        if let Some((code, words)) = &answer.refusal {
            let says = format!("{code}: {words}");
            return Ok((if code == "ExpiredToken" { Caller::Ended(says) } else { Caller::Refused(says) }, asked));
        }
        let found = result(&answer, "GetCallerIdentityResult", &call)?;
        let (Some(id), Some(arn)) = (found.value("Account"), found.value("Arn")) else {
            return Err(call.without(Why::Malformed, "an answer without an account", None));
        };
        match &account.account {
            Some(named) if named != id => Err(call.without(
                Why::WrongSystem,
                format!("the credential is of account {id}, and the checklist names {named}"),
                None,
            )),
            _ => Ok((Caller::Known(Identity { account: id.to_owned(), arn: arn.to_owned() }), asked)),
        }
    }

    /// The access keys of `user`, or of the user who asks; `None` where IAM says that there is no such user.
    ///
    /// # Errors
    /// No answer, a missing right, or a list that is not whole.
    pub async fn aws_access_keys(
        &self,
        account: &AwsAccount,
        user: Option<&str>,
    ) -> Result<(Option<Vec<AccessKey>>, Asked), Unobserved> {
        let whose = user.map_or_else(|| "of the user who asks".to_owned(), |user| format!("of the user {user}"));
        let call = Call {
            asked: format!("iam:ListAccessKeys {whose}"),
            right: keys_right(account, user),
            by_hand: match user {
                Some(user) => by_hand(account, &region(account), &["iam", "list-access-keys", "--user-name", user]),
                None => by_hand(account, &region(account), &["iam", "list-access-keys"]),
            },
        };
        let (mut keys, mut marker, mut first) = (Vec::new(), None::<String>, None);
        for _ in 0..MOST_PAGES {
            let name = user.map(|user| ("UserName", user.to_owned()));
            let page = marker.take().map(|marker| ("Marker", marker));
            let query = iam(account, "ListAccessKeys", name.into_iter().chain(page).collect(), &call);
            let answer = self.aws_query(query, &["NoSuchEntity"]).await?;
            let asked = first.get_or_insert_with(|| Asked::of(&answer, &call)).clone();
            if answer.refusal.is_some() {
                return Ok((None, asked));
            }
            let found = result(&answer, "ListAccessKeysResult", &call)?;
            let metadata = found.find("AccessKeyMetadata");
            let metadata = metadata.ok_or_else(|| call.without(Why::Malformed, "an answer without a list", None))?;
            for member in &metadata.children {
                keys.push(access_key(member, &call)?);
            }
            match (found.value("IsTruncated"), found.value("Marker")) {
                (Some("true"), Some(next)) => marker = Some(next.to_owned()),
                (Some("true"), None) => return Err(call.without(Why::Malformed, "a page without the next", None)),
                _ => return Ok((Some(keys), asked)),
            }
        }
        Err(call.without(Why::TooLarge, format!("more than {MOST_PAGES} pages of keys"), None))
    }

    /// When a key was last used, and for which service; `None` where it never was since Amazon keeps that.
    ///
    /// # Errors
    /// No answer, a missing right, or an answer that cannot be read.
    pub async fn aws_key_used(
        &self,
        account: &AwsAccount,
        id: &str,
    ) -> Result<Option<(Timestamp, String)>, Unobserved> {
        let call = Call {
            asked: format!("iam:GetAccessKeyLastUsed of {id}"),
            right: "iam:GetAccessKeyLastUsed".to_owned(),
            by_hand: by_hand(account, &region(account), &["iam", "get-access-key-last-used", "--access-key-id", id]),
        };
        let query = iam(account, "GetAccessKeyLastUsed", vec![("AccessKeyId", id.to_owned())], &call);
        let answer = self.aws_query(query, &[]).await?;
        let found = result(&answer, "GetAccessKeyLastUsedResult", &call)?;
        let used = found.find("AccessKeyLastUsed");
        let used = used.ok_or_else(|| call.without(Why::Malformed, "an answer without a last use", None))?;
        let Some(date) = used.value("LastUsedDate") else { return Ok(None) };
        let at = date.parse().map_err(|_| call.without(Why::Malformed, "`LastUsedDate` is no time", None))?;
        let service = used.value("ServiceName").unwrap_or("some service");
        Ok(Some((at, short(service, 40))))
    }
}

/// What was asked of Amazon, and its answer's times.
#[derive(Clone)]
pub struct Asked {
    /// For a person: `iam:ListAccessKeys of the user ci`.
    pub asked: String,
    /// The answer.
    pub response: Response,
}

impl Asked {
    fn of(answer: &Answer, call: &Call) -> Self {
        Self { asked: call.asked.clone(), response: answer.response.clone() }
    }
}

/// The right that listing a user's keys takes.
#[must_use]
pub fn keys_right(account: &AwsAccount, user: Option<&str>) -> String {
    let owner = account.account.as_deref().unwrap_or("*");
    let user = user.unwrap_or("${aws:username}");
    format!("iam:ListAccessKeys on arn:aws:iam::{owner}:user/{user}")
}

fn given(features: &[AwsCredentialFeature], is_ending: bool) -> Given {
    use AwsCredentialFeature as By;
    let is = |ones: &[By]| features.iter().any(|feature| ones.contains(feature));
    if is(&[
        By::CredentialsProfileStsWebIdToken,
        By::CredentialsEnvVarsStsWebIdToken,
        By::CredentialsStsAssumeRoleWebId,
    ]) {
        Given::WebIdentity
    } else if is(&[By::CredentialsHttp, By::CredentialsImds]) {
        Given::Agent
    } else if is(&[
        By::CredentialsProcess,
        By::CredentialsProfileProcess,
        By::CredentialsSso,
        By::CredentialsProfileSso,
        By::CredentialsLogin,
        By::CredentialsProfileLogin,
    ]) {
        Given::Kept
    } else if is_ending {
        // Neither a file nor a variable names an end.
        Given::Role
    } else {
        Given::Written
    }
}

fn access_key(member: &Element, call: &Call) -> Result<AccessKey, Unobserved> {
    let unread = |detail: &str| call.without(Why::Malformed, detail, None);
    let id = member.value("AccessKeyId").ok_or_else(|| unread("a key without an id"))?;
    let status = member.value("Status").ok_or_else(|| unread("a key without a status"))?;
    let created = match member.value("CreateDate") {
        None => None,
        Some(date) => Some(date.parse().map_err(|_| unread("`CreateDate` is no time"))?),
    };
    Ok(AccessKey { id: id.to_owned(), status: status.to_owned(), created })
}

fn identity_call(account: &AwsAccount) -> Call {
    let region = region(account);
    Call {
        asked: format!("sts:GetCallerIdentity in {region}"),
        right: "sts:GetCallerIdentity".to_owned(),
        by_hand: by_hand(account, &region, &["sts", "get-caller-identity"]),
    }
}

/// IAM is one for all regions of a partition, and signed for the first of them.
fn iam(account: &AwsAccount, action: &'static str, parameters: Vec<(&'static str, String)>, call: &Call) -> Query {
    let (host, region) = match region(account) {
        near if near.starts_with("cn-") => ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        near if near.starts_with("us-gov-") => ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
        _ => ("iam.amazonaws.com", "us-east-1"),
    };
    Query {
        service: "iam",
        version: "2010-05-08",
        action,
        parameters,
        account: account.clone(),
        region: region.to_owned(),
        host: host.to_owned(),
        call: call.clone(),
    }
}

fn region(account: &AwsAccount) -> String {
    account.region.clone().unwrap_or_else(|| "us-east-1".to_owned())
}

fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}
