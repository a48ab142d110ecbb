//! The source `gcp`: a Google service account's key, in IAM's list and in use.
//!
//! The key's file alone proves nothing of its end, and the list alone does not show that the file's key is the one that
//! Google takes: where the file is given, both are asked.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    held::{Held, Taken},
    moment::Moment,
    settings::GcpKey,
    source::Source,
};
use crate::{
    clients::{
        connections::Endpoint,
        gcp::{self, Exchanged, KeyFile, LIST, ListedKey},
        http::Response,
    },
    contract::{Access, Context, Invalid, Place, Remedy, Secret, Unobserved, Why, spoken},
};
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};

/// One Google source.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Option<Secret>,
    which: Which,
}

enum Which {
    File(Held),
    Named { email: String, id: Option<String>, token: Secret },
}

impl Looking {
    pub(super) fn new(settings: GcpKey, place: &Place) -> Result<Self, Invalid> {
        let GcpKey { connection, key, service_account, key_id } = settings;
        let endpoint = place.endpoint(&connection, "gcp", "gcp.connection")?;
        let token = endpoint.token();
        let which = match (key, service_account) {
            (Some(_), Some(_)) => {
                return Err(Invalid::new("gcp.service_account", "the key's file names its account already")
                    .help("keep `key`, or `service_account`"));
            }
            (Some(_), None) if key_id.is_some() => {
                return Err(Invalid::new("gcp.key_id", "the key's file names its id already").help("leave it out"));
            }
            (Some(key), None) => Which::File(Held::new(key, "gcp.key", place)?),
            (None, Some(email)) if !email.contains('@') || email.contains(char::is_whitespace) => {
                return Err(Invalid::new("gcp.service_account", format!("`{email}` is no account's address"))
                    .help("write `name@project.iam.gserviceaccount.com`"));
            }
            (None, Some(email)) => {
                Which::Named { email, id: key_id, token: super::token_of(&endpoint, "gcp.connection")? }
            }
            (None, None) => {
                return Err(Invalid::new("gcp", "no key is named")
                    .help("add `key: { file: … }`, or `service_account: …` with `key_id: …`"));
            }
        };
        Ok(Self { endpoint, token, which })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let list = Access::new("gcp", format!("{LIST} on the one account (roles/iam.serviceAccountKeyAdmin is more)"));
        match &self.which {
            Which::File(held) => vec![list, held.access()],
            Which::Named { .. } => vec![list],
        }
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        match &self.which {
            Which::Named { email, id, token } => {
                let (listed, answer) = gcp::keys(cx, &self.endpoint, &cx.reveal(token)?, email).await?;
                let keys = named(&listed, email, id.as_deref(), &answer)?;
                Ok(Evidence::of(Source::Gcp { email: email.clone() }, Look::of(&answer), keys))
            }
            Which::File(held) => self.file(cx, held).await,
        }
    }

    async fn file(&self, cx: &Context, held: &Held) -> Result<Evidence, Unobserved> {
        let Taken { from, look, value } = held.take(cx).await?;
        let nothing = |standing, look| {
            let source = Source::Gcp { email: "a service account".to_owned() };
            Ok(Evidence::of(source, look, vec![Key::of(&from, standing)]))
        };
        let text = match value {
            Err(says) => return nothing(Standing::Missing { says }, look),
            Ok(text) => text,
        };
        if let Some(standing) = super::empty(text.expose_secret()) {
            return nothing(standing, look);
        }
        let file = KeyFile::read(&text).map_err(|reason| {
            Unobserved::new(Why::Malformed, &from, reason)
                .by_hand(Remedy::prose(format!("put the JSON key of a service account where it is read: {from}")))
        })?;
        let source = Source::Gcp { email: file.email.clone() };
        let (exchanged, answer) = gcp::exchange(cx, &self.endpoint, &file, cx.now()).await?;
        let look = Look::of(&answer);
        let own = match exchanged {
            Exchanged::Token(own) => own,
            Exchanged::Refused(says) => {
                let key = Key::of(label(&file.id), refused(says, &look, &answer)?);
                return Ok(Evidence::of(source, look, vec![key]));
            }
        };
        let (listed, answer) = self.listed(cx, &own, &file.email).await?;
        let mut keys = named(&listed, &file.email, Some(&file.id), &answer)?;
        for key in &mut keys {
            // IAM's list may lag behind by minutes; that Google takes the key is the later word.
            if let Standing::Missing { says } = &key.standing {
                let detail = format!("Google takes the key, and {says}");
                let again = Remedy::prose("IAM tells of a new key after minutes only: look again");
                return Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(again));
            }
            key.note = Some("Google gives an access token for it".to_owned());
        }
        Ok(Evidence::of(source, Look::of(&answer), keys))
    }

    async fn listed(
        &self,
        cx: &Context,
        own: &SecretString,
        email: &str,
    ) -> Result<(Vec<ListedKey>, std::sync::Arc<Response>), Unobserved> {
        match &self.token {
            Some(token) => gcp::keys(cx, &self.endpoint, &cx.reveal(token)?, email).await,
            None => gcp::keys(cx, &self.endpoint, own, email).await,
        }
    }
}

/// What a refused exchange says of the key: nothing, where the clocks differ, since the assertion was made by this one.
fn refused(says: String, look: &Look, answer: &Response) -> Result<Standing, Unobserved> {
    match look.skew() {
        None => Ok(Standing::Refused { says }),
        Some(seconds) => {
            let by = spoken(SignedDuration::from_secs(seconds));
            let detail = format!("{says}; Google's clock and this machine's differ by {by}, which may be why");
            Err(Unobserved::new(Why::Unauthorised, &answer.asked, detail)
                .by_hand(Remedy::run(["timedatectl", "status"]).saying("set this machine's clock, then look again")))
        }
    }
}

fn label(id: &str) -> String {
    format!("key {}", super::plain(id))
}

fn named(listed: &[ListedKey], email: &str, id: Option<&str>, answer: &Response) -> Result<Vec<Key>, Unobserved> {
    let missing = |name: String, says: String| Ok(vec![Key::of(name, Standing::Missing { says })]);
    if let Some(id) = id {
        return match listed.iter().find(|key| key.id() == id) {
            Some(key) => Ok(vec![seen(key, answer)?]),
            None => missing(label(id), format!("none of the {} keys of {email} has this id", listed.len())),
        };
    }
    let (off, on): (Vec<_>, Vec<_>) = listed.iter().partition(|key| key.disabled);
    let counted = if on.is_empty() { off } else { on };
    if counted.is_empty() {
        return missing(email.to_owned(), format!("{email} has no key that a user made"));
    }
    counted.into_iter().map(|key| seen(key, answer)).collect()
}

fn seen(key: &ListedKey, answer: &Response) -> Result<Key, Unobserved> {
    let read = |text: &Option<String>, of: &str| match text {
        None => Ok(None),
        Some(text) => Moment::of_text(text)
            .map(Some)
            .ok_or_else(|| Unobserved::new(Why::Malformed, &answer.asked, format_args!("`{of}` of a key is no time"))),
    };
    let ends = match read(&key.valid_before_time, "validBeforeTime")? {
        Some(moment) => Ends::told(moment, "validBeforeTime"),
        None => Ends::Untold { says: "IAM names no validBeforeTime".to_owned() },
    };
    let begins = match read(&key.valid_after_time, "validAfterTime")? {
        Some(Moment::At(time)) => Some(time),
        _ => None,
    };
    let standing = if key.disabled {
        let why = key.disable_reason.as_deref().map_or_else(String::new, |why| format!(": {}", super::plain(why)));
        Standing::Blocked { says: format!("disabled{why}") }
    } else {
        Standing::InForce
    };
    Ok(Key { standing, begins, issued: begins, ..Key::ending(label(key.id()), ends) })
}
