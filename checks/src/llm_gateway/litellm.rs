//! The source `litellm`: its readiness over several connections, its models, a key with all that binds it, and calls.

use super::{
    calls::called,
    evidence::{Evidence, Gateway, Key, Litellm, Refused, Seen, Served},
    settings::{KeyOf, LitellmGateway},
};
use crate::{
    clients::{
        connections::Endpoint,
        http::Response,
        litellm::{
            self, Own, VirtualKey, call,
            health::{models, readiness},
            spend,
        },
    },
    contract::{Access, Context, Invalid, Place, Remedy, Secret, Unobserved, Why},
    key_expiry::litellm::sees_others,
};
use futures::future::join_all;
use secrecy::SecretString;

/// One LiteLLM proxy.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Option<Secret>,
    payer: Option<(Endpoint, Secret)>,
    with: LitellmGateway,
}

impl Looking {
    pub(super) fn new(with: LitellmGateway, place: &Place) -> Result<Self, Invalid> {
        with.check()?;
        let endpoint = place.endpoint(&with.connection, "litellm", "litellm.connection")?;
        let token = endpoint.token();
        if token.is_none() && (!with.models.is_empty() || with.key.is_some()) {
            return Err(keyless(&endpoint, "litellm.connection"));
        }
        let payer = match &with.calls {
            None => None,
            Some(calls) => {
                let name = calls.connection.as_deref().unwrap_or(&with.connection);
                let payer = place.endpoint(name, "litellm", "litellm.calls.connection")?;
                let token = payer.token().ok_or_else(|| keyless(&payer, "litellm.calls.connection"))?;
                Some((payer, token))
            }
        };
        Ok(Self { endpoint, token, payer, with })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let viewer =
            "a key of a user with the role proxy_admin_viewer, with the routes /key/list, /team/info and /user/info";
        let mut rights = Vec::new();
        if !self.with.models.is_empty() {
            rights.push(Access::new("litellm", "a key with the route /v1/models"));
        }
        match &self.with.key {
            Some(KeyOf { alias: Some(_) }) => rights.push(Access::new("litellm", viewer)),
            Some(KeyOf { alias: None }) => {
                rights.push(Access::new("litellm", "a key with the routes /key/info, /team/info and /user/info"));
            }
            None => {}
        }
        if self.payer.is_some() {
            rights.push(Access::new("litellm", "a key with the route /v1/chat/completions"));
            rights.push(Access::new("cost", "a call of one token to each model"));
        }
        rights
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let samples = (0..self.with.samples).map(|_| readiness(cx, &self.endpoint));
        let (readiness, models, keys, calls) =
            futures::join!(join_all(samples), self.models(cx), self.keys(cx), self.calls(cx));
        Ok(Evidence {
            url: self.endpoint.url.as_str().trim_end_matches('/').to_owned(),
            asked_at: cx.trace().asked_at().unwrap_or_else(|| cx.now()),
            gateway: Gateway::Litellm(Litellm { readiness, models, keys }),
            calls,
        })
    }

    fn key(&self, cx: &Context) -> Seen<SecretString> {
        match &self.token {
            Some(token) => cx.reveal(token),
            None => Err(Unobserved::new(Why::Unconfigured, &self.endpoint.name, "the connection has no token")),
        }
    }

    async fn models(&self, cx: &Context) -> Option<Served> {
        if self.with.models.is_empty() {
            return None;
        }
        let all = async { models(cx, &self.endpoint, &self.key(cx)?).await };
        let all = all.await;
        let is_held_against = self.with.key.is_some();
        Some(if is_held_against { Served::naming(&self.with.models, all) } else { Served::of(&self.with.models, all) })
    }

    async fn keys(&self, cx: &Context) -> Option<Seen<Vec<Key>>> {
        let of = self.with.key.as_ref()?;
        let seen = async {
            let token = self.key(cx)?;
            match &of.alias {
                None => self.own(cx, &token).await,
                Some(alias) => self.named(cx, &token, alias).await,
            }
        };
        Some(seen.await)
    }

    async fn own(&self, cx: &Context, token: &SecretString) -> Seen<Vec<Key>> {
        let name = format!("of connection {}", self.endpoint.name);
        let (own, answer) = litellm::own(cx, &self.endpoint, token).await?;
        let refused = match own {
            Own::Known(key) => {
                let name = key.key_alias.clone().unwrap_or(name);
                let bound = self.bound(cx, token, &key, &name, &answer).await?;
                return Ok(vec![Key { is_own: true, ..bound }]);
            }
            Own::Ended(says) => Refused::Ended(says),
            Own::Blocked(says) => Refused::Blocked(says),
            Own::Unknown(says) => Refused::Unknown(says),
        };
        Ok(vec![Key { refused: Some(refused), ..Key::named(&name) }])
    }

    async fn named(&self, cx: &Context, token: &SecretString, alias: &str) -> Seen<Vec<Key>> {
        let listed = litellm::list(cx, &self.endpoint, token, Some(alias)).await?;
        // Some releases answer with every alias that holds the asked one.
        let matching = listed.keys.iter().filter(|key| key.key_alias.as_deref() == Some(alias));
        let bound = join_all(matching.map(|key| self.bound(cx, token, key, alias, &listed.first))).await;
        let keys: Vec<Key> = bound.into_iter().collect::<Result<_, _>>()?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        let all = litellm::list(cx, &self.endpoint, token, None).await?;
        if !sees_others(&all.keys) {
            let detail =
                format!("no key `{alias}` among the {} that this token may see: it may be hidden", all.keys.len());
            return Err(Unobserved::new(Why::NotFound, &listed.first.asked, detail).by_hand(Remedy::prose(
                "look with a key of a user with the role proxy_admin_viewer, or correct `alias`",
            )));
        }
        let says = format!("none of {} keys has this alias", all.keys.len());
        Ok(vec![Key { refused: Some(Refused::Missing(says)), ..Key::named(alias) }])
    }

    /// A key with all that binds it: its team and what its user may spend of it, or without a team its user.
    async fn bound(
        &self,
        cx: &Context,
        token: &SecretString,
        key: &VirtualKey,
        name: &str,
        answer: &Response,
    ) -> Seen<Key> {
        let expires = spend::ends(key, answer)?;
        let mut purses = spend::of_key(key, name, answer)?;
        let shared = match (spend::team(key), key.user_id.as_deref()) {
            (Some(team), user) => spend::shared(cx, &self.endpoint, token, "team", team, user).await,
            (None, Some(user)) => spend::shared(cx, &self.endpoint, token, "user", user, None).await,
            (None, None) => Ok(Vec::new()),
        };
        purses.extend(shared.unwrap_or_else(|missing| vec![Err(missing)]));
        Ok(Key { expires, purses, ..Key::named(name) })
    }

    async fn calls(&self, cx: &Context) -> Option<Vec<super::Call>> {
        let (payer, token) = self.payer.as_ref()?;
        let each = self.with.models.iter().map(|model| async move {
            let outcome = async { call::call(cx, payer, &cx.reveal(token)?, model).await };
            (model.clone(), outcome.await)
        });
        Some(called(join_all(each).await))
    }
}

fn keyless(endpoint: &Endpoint, at: &str) -> Invalid {
    Invalid::new(at, format!("connection `{}` has no token, and this looks as a key", endpoint.name))
        .help("add `token: { env: … }` to the connection")
}
