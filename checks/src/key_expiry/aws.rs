//! The source `aws`: a user's access keys, or the credential that a profile, a role or a pod gives.
//!
//! A key of a user has an age and no end; a session has an end that only what gave it tells. A session that STS gives for a
//! token of the cluster (IRSA) lives an hour: that it was given just now is the proof, and its end is none.

use super::{
    evidence::{Beside, Ends, Evidence, Key, Look, Renews, Standing, Usage},
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
use jiff::Timestamp;

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
        let identity = "sts:GetCallerIdentity (everyone has it)".to_owned();
        let keys = keys_right(&self.account, self.user.as_deref());
        let used = self.user.is_some().then(|| "iam:GetAccessKeyLastUsed on *".to_owned());
        [identity, keys].into_iter().chain(used).map(|right| Access::new("aws", right)).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let (keys, asked, unseen) = match &self.user {
            Some(user) => self.of_user(cx, user).await?,
            None => self.own(cx).await.map(|(keys, asked)| (keys, asked, None))?,
        };
        let source = Source::Aws { profile: self.account.profile.clone(), user: self.user.clone() };
        let look = Look { asked: asked.asked, ..Look::of(&asked.response) };
        Ok(Evidence { unseen: unseen.into_iter().collect(), ..Evidence::of(source, look, keys) })
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
        // When it was last used is no question: the look uses it.
        Ok((vec![key(&own)], asked))
    }

    /// The keys of `user` that count, and what could not be seen of them.
    async fn of_user(&self, cx: &Context, user: &str) -> Result<(Vec<Key>, Asked, Option<Unobserved>), Unobserved> {
        // Compares the account, so that a user of the same name elsewhere does not answer.
        if let (Caller::Refused(says) | Caller::Ended(says), asked) = cx.aws_caller(&self.account).await? {
            let remedy = "give the connection a credential that Amazon takes: nothing is known of the user's keys";
            return Err(Unobserved::new(Why::Unauthorised, asked.asked, says).by_hand(Remedy::prose(remedy)));
        }
        let (listed, asked) = cx.aws_access_keys(&self.account, Some(user)).await?;
        let missing = |name: &str, says: String| vec![Key::of(name, Standing::Missing { says })];
        let Some(listed) = listed else {
            return Ok((missing(user, format!("there is no user {user}")), asked, None));
        };
        let counted = self.counted(&listed);
        if counted.is_empty() {
            let missing = match &self.id {
                Some(id) => missing(id, format!("none of the {} keys of {user} has this id", listed.len())),
                None => missing(user, format!("the user {user} has no access key")),
            };
            return Ok((missing, asked, None));
        }
        Ok(match self.uses(cx, &listed).await {
            Ok(told) => (counted.into_iter().map(|one| self.used(one, &told)).collect(), asked, None),
            Err(unseen) if unseen.why == Why::Forbidden => {
                (counted.into_iter().map(key).collect(), asked, Some(unseen))
            }
            Err(unseen) => return Err(unseen),
        })
    }

    /// Whoever replaces a key by hand leaves the old one switched off beside it.
    fn counted<'a>(&self, listed: &'a [AccessKey]) -> Vec<&'a AccessKey> {
        let is_any_on = listed.iter().any(is_on);
        let is_counted = |key: &&AccessKey| match &self.id {
            Some(id) => key.id == *id,
            None => is_on(key) || !is_any_on,
        };
        listed.iter().filter(is_counted).collect()
    }

    /// When each was last used, and for what.
    async fn uses(&self, cx: &Context, listed: &[AccessKey]) -> Result<Vec<Used>, Unobserved> {
        let mut uses = Vec::new();
        for key in listed {
            let last = cx.aws_key_used(&self.account, &key.id).await?;
            uses.push(Used { key: key.clone(), last });
        }
        Ok(uses)
    }

    /// A key with its use. Where one is named only that one counts, and no other that works stands in for it.
    fn used(&self, of: &AccessKey, uses: &[Used]) -> Key {
        let (own, others): (Vec<_>, Vec<_>) = uses.iter().partition(|used| used.key.id == of.id);
        let last = own.into_iter().find_map(|used| used.last.as_ref());
        let says = match last {
            Some((at, service)) => format!("last used {} for {service}", at.strftime("%Y-%m-%d %H:%M UTC")),
            None => "never used".to_owned(),
        };
        let others = || others.iter().filter(|used| self.id.is_none() || !is_on(&used.key));
        let off = others()
            .filter(|used| !is_on(&used.key))
            .map(|used| format!("; {} beside it is switched off", used.key.id));
        let note = std::iter::once(says).chain(off).collect();
        let beside = others().map(|used| {
            let last = used.last.as_ref().map(|(at, _)| *at);
            Beside { name: used.key.id.clone(), is_on: is_on(&used.key), last }
        });
        let usage = Usage { last: last.map(|(at, _)| *at), beside: beside.collect() };
        Key { usage: Some(usage), note: Some(note), ..key(of) }
    }
}

/// A key, and when it was last used and for what.
struct Used {
    key: AccessKey,
    last: Option<(Timestamp, String)>,
}

fn is_on(key: &AccessKey) -> bool {
    key.status == "Active"
}

fn key(key: &AccessKey) -> Key {
    let standing = match key.status.as_str() {
        "Active" => Standing::InForce,
        "Expired" => Standing::Ended { says: "its status is Expired".to_owned() },
        other => Standing::Blocked { says: format!("its status is {}", super::plain(other)) },
    };
    let ends = Ends::Never { told_by: ENDLESS.to_owned() };
    Key { standing, issued: key.created, ..Key::ending(&key.id, ends) }
}

/// A session that works now.
fn session(name: String, held: &Held, arn: &str, now: Timestamp) -> Key {
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
