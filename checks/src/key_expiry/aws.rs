//! The source `aws`: a user's access keys, or the credential that a profile, a role or a pod gives.
//!
//! A key of a user has an age and no end; a session has an end that only what gave it tells. A session that STS gives for a
//! token of the cluster (IRSA) lives an hour: that it was given just now is the proof, and its end is none.

use super::{
    evidence::{Ends, Evidence, Key, Look, Renews, Standing},
    settings::AwsKey,
    source::Source,
};
use crate::{
    clients::{
        aws::keys::{AccessKey, Asked, Caller, Given, Held, keys_right},
        connections::AwsAccount,
    },
    contract::{Access, Context, Invalid, Place, Remedy, Unobserved, Why},
};

/// What tells that a user's key has no end.
const ENDLESS: &str = "IAM, where an access key has an age and no end";

/// One AWS source.
pub(super) struct Looking {
    account: AwsAccount,
    user: Option<String>,
    id: Option<String>,
}

impl Looking {
    pub(super) fn new(settings: AwsKey, place: &Place) -> Result<Self, Invalid> {
        let AwsKey { connection, user, access_key_id } = settings;
        let account = match (&connection, place.site()) {
            (Some(name), _) => place.aws(name, "aws.connection")?,
            (None, Some(site)) => place.site_aws(site).ok_or_else(|| {
                Invalid::new("aws", format!("site `{site}` has no `aws:`, and no `connection` is named"))
                    .help("add `connection: NAME`, or `aws: { profile: … }` to the site")
            })?,
            (None, None) => {
                return Err(Invalid::new("aws", "no account is named").help("add `connection: NAME`, of kind `aws`"));
            }
        };
        for (at, name) in [("aws.user", &user), ("aws.access_key_id", &access_key_id)] {
            if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
                return Err(Invalid::new(at, "an empty name names no key"));
            }
        }
        if let Some(id) = access_key_id.as_ref().filter(|_| user.is_none()) {
            return Err(Invalid::new("aws.access_key_id", format!("whose key is `{id}`?"))
                .help("add `user: NAME`, or leave `access_key_id` out to look at the connection's own credential"));
        }
        Ok(Self { account, user, id: access_key_id })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let rights = [keys_right(&self.account, self.user.as_deref()), "iam:GetAccessKeyLastUsed on *".to_owned()];
        let identity = "sts:GetCallerIdentity (everyone has it)".to_owned();
        [identity].into_iter().chain(rights).map(|right| Access::new("aws", right)).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let (keys, asked) = match &self.user {
            Some(user) => self.of_user(cx, user).await?,
            None => self.own(cx).await?,
        };
        let source = Source::Aws { profile: self.account.profile.clone(), user: self.user.clone() };
        let look = Look { asked: asked.asked, ..Look::of(&asked.response) };
        Ok(Evidence::of(source, look, keys))
    }

    /// The credential that asks.
    async fn own(&self, cx: &Context) -> Result<(Vec<Key>, Asked), Unobserved> {
        let held = cx.aws_held(&self.account).await?;
        let name = match &self.account.profile {
            Some(profile) => format!("the credential of profile {profile}"),
            None => "the credential of this environment".to_owned(),
        };
        let (caller, asked) = cx.aws_caller(&self.account).await?;
        let identity = match caller {
            Caller::Known(identity) => identity,
            Caller::Refused(says) => return Ok((vec![Key::of(name, Standing::Refused { says })], asked)),
            Caller::Ended(says) => return Ok((vec![Key::of(name, Standing::Ended { says })], asked)),
        };
        if held.is_session() {
            return Ok((vec![session(name, &held, &identity.arn, asked.response.asked_at)], asked));
        }
        let (listed, asked) = cx.aws_access_keys(&self.account, None).await?;
        let own = listed.unwrap_or_default().into_iter().find(|key| key.id == held.id);
        let Some(own) = own else {
            let detail = format!("the list of {}'s keys does not hold the very key that asks", identity.arn);
            return Err(Unobserved::new(Why::Malformed, &asked.asked, detail).by_hand(Remedy::prose(
                "IAM tells of a new key after minutes only: look again, or list the keys by hand",
            )));
        };
        Ok((vec![self.key(cx, &own, &[]).await?], asked))
    }

    async fn of_user(&self, cx: &Context, user: &str) -> Result<(Vec<Key>, Asked), Unobserved> {
        // Compares the account, so that a user of the same name elsewhere does not answer.
        if let (Caller::Refused(says) | Caller::Ended(says), asked) = cx.aws_caller(&self.account).await? {
            let remedy = "give the connection a credential that Amazon takes: nothing is known of the user's keys";
            return Err(Unobserved::new(Why::Unauthorised, asked.asked, says).by_hand(Remedy::prose(remedy)));
        }
        let (listed, asked) = cx.aws_access_keys(&self.account, Some(user)).await?;
        let missing = |name: String, says: String| vec![Key::of(name, Standing::Missing { says })];
        let Some(listed) = listed else {
            return Ok((missing(user.to_owned(), format!("there is no user {user}")), asked));
        };
        if let Some(id) = &self.id {
            return Ok(match listed.iter().find(|key| key.id == *id) {
                Some(key) => (vec![self.key(cx, key, &[]).await?], asked),
                None => {
                    (missing(id.clone(), format!("none of the {} keys of {user} has this id", listed.len())), asked)
                }
            });
        }
        // Whoever replaces a key by hand leaves the old one switched off beside it.
        let (on, off): (Vec<_>, Vec<_>) = listed.into_iter().partition(|key| key.status == "Active");
        let (counted, beside) = if on.is_empty() { (off, Vec::new()) } else { (on, off) };
        if counted.is_empty() {
            return Ok((missing(user.to_owned(), format!("the user {user} has no access key")), asked));
        }
        let mut keys = Vec::new();
        for key in &counted {
            keys.push(self.key(cx, key, &beside).await?);
        }
        Ok((keys, asked))
    }

    async fn key(&self, cx: &Context, key: &AccessKey, beside: &[AccessKey]) -> Result<Key, Unobserved> {
        let used = match cx.aws_key_used(&self.account, &key.id).await {
            Ok(Some((at, service))) => format!("last used {} for {service}", at.strftime("%Y-%m-%d %H:%M UTC")),
            Ok(None) => "never used".to_owned(),
            Err(missing) if missing.why == Why::Forbidden => "when it was last used may not be read".to_owned(),
            Err(missing) => return Err(missing),
        };
        let off = beside.iter().map(|key| format!("; {} beside it is switched off", key.id));
        let note = std::iter::once(used).chain(off).collect();
        let standing = match key.status.as_str() {
            "Active" => Standing::InForce,
            "Expired" => Standing::Ended { says: "its status is Expired".to_owned() },
            other => Standing::Blocked { says: format!("its status is {}", super::plain(other)) },
        };
        let ends = Ends::Never { told_by: ENDLESS.to_owned() };
        Ok(Key { standing, issued: key.created, note: Some(note), ..Key::ending(&key.id, ends) })
    }
}

/// A session that works now.
fn session(name: String, held: &Held, arn: &str, now: jiff::Timestamp) -> Key {
    let ends = match held.ends {
        Some(time) => Ends::At { time, told_by: "the session's own `Expiration`".to_owned() },
        None => {
            Ends::Untold { says: "a session works now, and neither a file nor a variable says when it ends".to_owned() }
        }
    };
    let renews = match held.given {
        Given::WebIdentity => {
            Some(Renews { by: "STS, for a token of the cluster (IRSA)".to_owned(), proven: Some(now) })
        }
        Given::Role => Some(Renews {
            by: "STS, by another credential, at which a check of its own must look".to_owned(),
            proven: None,
        }),
        Given::Agent => Some(Renews { by: "the machine's or the pod's own agent".to_owned(), proven: None }),
        Given::Written | Given::Kept => None,
    };
    let issued = matches!(held.given, Given::WebIdentity | Given::Role).then_some(now);
    Key { renews, issued, note: Some(format!("it acts as {}", super::plain(arn))), ..Key::ending(name, ends) }
}
