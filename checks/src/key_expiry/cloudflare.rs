//! The source `cloudflare`: the connection's own API token, and whether it reads the zone that it is for.
//!
//! Verifying says nothing of zones: a token in force that cannot read its zone changes no record in the event either, so that
//! is a finding about the key and not a right that gonogo lacks.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    settings::CloudflareToken,
    source::Source,
};
use crate::{
    clients::{
        cloudflare::{Cloudflare, DNS_READ, Own, Token},
        connections::Endpoint,
    },
    contract::{Access, Context, Invalid, Place, Secret, Unobserved, Why, short},
    dns_wildcard,
};
use secrecy::ExposeSecret as _;

/// One Cloudflare source.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Secret,
    account: Option<String>,
    zone: Option<String>,
}

impl Looking {
    pub(super) fn new(settings: CloudflareToken, place: &Place) -> Result<Self, Invalid> {
        let CloudflareToken { connection, account, zone } = settings;
        let endpoint = place.endpoint(&connection, "cloudflare", "cloudflare.connection")?;
        let token = super::token_of(&endpoint, "cloudflare.connection")?;
        let is_id = |id: &String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if account.as_ref().is_some_and(|account| !is_id(account)) {
            return Err(Invalid::new("cloudflare.account", "this is no account's id")
                .help("it is the 32 letters and digits in the address of the account's page"));
        }
        let zone = zone.map(|zone| dns_wildcard::domain(&zone, "cloudflare.zone")).transpose()?;
        let zone = zone.as_ref().map(dns_wildcard::look::plain);
        Ok(Self { endpoint, token, account, zone })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let own = Access::new("cloudflare", "the token itself; no permission");
        let zone = self.zone.as_ref().map(|_| Access::new("cloudflare", DNS_READ));
        std::iter::once(own).chain(zone).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let token = cx.reveal(&self.token)?;
        let source = Source::Cloudflare { url: super::shown(&self.endpoint.url) };
        let name = format!("the token of connection {}", self.endpoint.name);
        if let Some(standing) = super::empty(token.expose_secret()) {
            let look = Look::here(name.clone(), cx.now());
            return Ok(Evidence::of(source, look, vec![Key::of(name, standing)]));
        }
        let cloudflare = Cloudflare::new(cx, &self.endpoint, &token);
        let (own, answer) = cloudflare.verify(self.account.as_deref()).await?;
        let mut keys = vec![match own {
            Own::Refused(says) => Key::of(&name, Standing::Refused { says }),
            Own::Known(token) => key(&name, &token),
        }];
        if keys[0].standing == Standing::InForce
            && let Some(zone) = &self.zone
            && let Some(says) = unreadable(&cloudflare, zone).await?
        {
            let mut refused = Key::of(format!("{name}, for the zone {zone}"), Standing::Refused { says });
            refused.ends = keys[0].ends.clone();
            keys.push(refused);
        }
        Ok(Evidence::of(source, Look::of(&answer), keys))
    }
}

fn key(name: &str, token: &Token) -> Key {
    let ends = match token.expires_on {
        Some(time) => Ends::At { time, told_by: "expires_on".to_owned() },
        None => Ends::Never { told_by: "expires_on, which is absent".to_owned() },
    };
    let standing = match token.status.as_str() {
        "active" => Standing::InForce,
        "expired" => Standing::Ended { says: "its status is expired".to_owned() },
        other => {
            let other = short(other, 40);
            Standing::Blocked { says: format!("its status is {other}") }
        }
    };
    Key { standing, begins: token.not_before, ..Key::ending(name, ends) }
}

/// What keeps the token from the zone's records; `None` where it reads them.
async fn unreadable(cloudflare: &Cloudflare<'_>, zone: &str) -> Result<Option<String>, Unobserved> {
    let read = async {
        let (known, _) = cloudflare.zone(zone).await?;
        cloudflare.records(&known, zone).await
    };
    match read.await {
        Ok(_) => Ok(None),
        Err(missing) if matches!(missing.why, Why::Forbidden | Why::NotFound) => Ok(Some(missing.detail)),
        Err(missing) => Err(missing),
    }
}
