//! The source `coder`: the connection's own token, or one by its name.

use super::{
    evidence::{Ends, Evidence, Key, Look, Standing},
    moment::Moment,
    settings::CoderToken,
    source::Source,
};
use crate::{
    clients::{
        coder::{self, Own, Token},
        connections::Endpoint,
        http::Response,
    },
    contract::{Access, Context, Invalid, Place, Remedy, Secret, Unobserved, Why},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;

/// One Coder source.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Secret,
    name: Option<String>,
    user: Option<String>,
}

impl Looking {
    pub(super) fn new(settings: CoderToken, place: &Place) -> Result<Self, Invalid> {
        let CoderToken { connection, token_name, user } = settings;
        let endpoint = place.endpoint(&connection, "coder", "coder.connection")?;
        let token = super::token_of(&endpoint, "coder.connection")?;
        if user.is_some() && token_name.is_none() {
            return Err(Invalid::new("coder.user", "`user` without `token_name` names no token")
                .help("add `token_name`, or leave `user` out to look at the connection's own token"));
        }
        if [&token_name, &user].into_iter().flatten().any(|name| name.trim().is_empty()) {
            return Err(Invalid::new("coder", "an empty name names no token"));
        }
        Ok(Self { endpoint, token, name: token_name, user })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let right = match &self.user {
            None => "api_key:read of its own user",
            Some(_) => "api_key:read and user:read of that user (Owner)",
        };
        vec![Access::new("coder", right)]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let token = cx.reveal(&self.token)?;
        let url = super::shown(&self.endpoint.url);
        let source = Source::Coder { url, user: self.user.clone(), token: self.name.clone() };
        let name = format!("the token of connection {}", self.endpoint.name);
        if let Some(standing) = super::empty(token.expose_secret()) {
            let look = Look::here(name.clone(), cx.now());
            return Ok(Evidence::of(source, look, vec![Key::of(name, standing)]));
        }
        let (keys, answer) = match &self.name {
            None => self.own(cx, &token, &name).await?,
            Some(name) => self.named(cx, &token, name).await?,
        };
        Ok(Evidence::of(source, Look::of(&answer), keys))
    }

    async fn own(
        &self,
        cx: &Context,
        token: &SecretString,
        name: &str,
    ) -> Result<(Vec<Key>, Arc<Response>), Unobserved> {
        let (own, answer) = coder::own(cx, &self.endpoint, token, self.public_half(token)?).await?;
        let key = match own {
            Own::Known(token) => {
                let name = if token.token_name.is_empty() { name } else { &token.token_name };
                key(name, &token, &answer)?
            }
            Own::Ended(says) => Key::of(name, Standing::Ended { says }),
            Own::Refused(says) => Key::of(name, Standing::Refused { says }),
        };
        Ok((vec![key], answer))
    }

    async fn named(
        &self,
        cx: &Context,
        token: &SecretString,
        name: &str,
    ) -> Result<(Vec<Key>, Arc<Response>), Unobserved> {
        let user = self.user.as_deref().unwrap_or("me");
        let (tokens, answer) = coder::list(cx, &self.endpoint, token, user).await?;
        let matching = tokens.iter().filter(|token| token.token_name == name);
        let keys: Vec<Key> = matching.map(|token| key(name, token, &answer)).collect::<Result<_, _>>()?;
        if !keys.is_empty() {
            let switched_off = self.switched_off(cx, token).await?;
            let standing = |key: Key| match &switched_off {
                Some(says) => Key { standing: Standing::Blocked { says: says.clone() }, ..key },
                None => key,
            };
            return Ok((keys.into_iter().map(standing).collect(), answer));
        }
        self.is_whole(cx, token, &tokens, &answer).await?;
        let says = format!("none of {} tokens of `{user}` has this name", tokens.len());
        Ok((vec![Key::of(name, Standing::Missing { says })], answer))
    }

    /// What keeps another user out: Coder lists the tokens of one who is suspended as if they worked. The user who asks was
    /// let in.
    async fn switched_off(&self, cx: &Context, token: &SecretString) -> Result<Option<String>, Unobserved> {
        let Some(name) = &self.user else { return Ok(None) };
        let user = coder::users::user(cx, &self.endpoint, token, name).await?;
        // One who is dormant becomes active with the first request.
        let is_let_in = ["active", "dormant"].contains(&user.status.as_str());
        Ok((!is_let_in).then(|| format!("its user {} is {}", super::plain(name), super::plain(&user.status))))
    }

    /// Coder leaves out what may not be read. A list with a token in it, or the right to read one's own, shows that
    /// nothing was left out.
    async fn is_whole(
        &self,
        cx: &Context,
        token: &SecretString,
        tokens: &[Token],
        answer: &Response,
    ) -> Result<(), Unobserved> {
        if !tokens.is_empty() {
            return Ok(());
        }
        if self.user.is_none()
            && let Own::Known(_) = coder::own(cx, &self.endpoint, token, self.public_half(token)?).await?.0
        {
            return Ok(());
        }
        let detail = "the list is empty: there is no token, or none that may be read";
        Err(Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(Remedy::prose(
            "look with a token that has the scope api_key:read, for another user's tokens an Owner's",
        )))
    }

    /// The part of a token before its dash, which is its public id.
    fn public_half<'a>(&self, token: &'a SecretString) -> Result<&'a str, Unobserved> {
        let half = token.expose_secret().split_once('-').map(|(id, _)| id);
        let is_id = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        half.filter(is_id).ok_or_else(|| {
            let detail = "the connection's token is not of the form `id-secret`";
            Unobserved::new(Why::Unconfigured, &self.endpoint.name, detail).by_hand(Remedy::prose(format!(
                "put a Coder session token where connection {} finds it",
                self.endpoint.name
            )))
        })
    }
}

fn key(name: &str, token: &Token, answer: &Response) -> Result<Key, Unobserved> {
    let read = |text: &str, of: &str| {
        Moment::of_text(text).ok_or_else(|| {
            Unobserved::new(Why::Malformed, &answer.asked, format_args!("`{of}` of a token is no time"))
                .by_hand(answer.by_hand())
        })
    };
    let issued = match read(&token.created_at, "created_at")? {
        Moment::At(time) => Some(time),
        Moment::Never | Moment::Unset => None,
    };
    let is_session = token.login_type != "token";
    let note = is_session.then(|| "a browser's session, which lives as long as it is used".to_owned());
    Ok(Key { issued, note, ..Key::ending(name, Ends::told(read(&token.expires_at, "expires_at")?, "expires_at")) })
}
