//! The source `jwt`: a JSON web token's own `exp`, `nbf` and `iat`, read without verifying it.
//!
//! Nobody is asked, so a revoked token looks as good as ever; whoever must know that uses the token's own system.

use super::{
    evidence::{Ends, Evidence, Key, Standing},
    held::{Held, Taken},
    moment::Moment,
    settings::KeyFrom,
    source::Source,
};
use crate::contract::{Access, Context, Invalid, Place, Remedy, Unobserved, Why, text::Placed};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

/// A token longer than this is none.
const LONGEST: usize = 64 << 10;

/// One token.
pub(super) struct Looking(Held);

impl Looking {
    pub(super) fn new(from: Placed<KeyFrom>, place: &Place) -> Result<Self, Invalid> {
        Held::new(from, "jwt", place).map(Self)
    }

    pub(super) fn access(&self) -> Vec<Access> {
        vec![self.0.access()]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let Taken { from, look, value } = self.0.take(cx).await?;
        let key = match value {
            Ok(token) => key(&from, token.expose_secret())?,
            Err(says) => Key::of(from.clone(), Standing::Missing { says }),
        };
        Ok(Evidence::of(Source::Jwt { from }, look, vec![key]))
    }
}

/// The key that a token read from `name` is.
fn key(name: &str, token: &str) -> Result<Key, Unobserved> {
    if let Some(standing) = super::empty(token) {
        return Ok(Key::of(name, standing));
    }
    let claims = Claims::of(token).map_err(|reason| {
        Unobserved::new(Why::Malformed, name, reason)
            .by_hand(Remedy::prose(format!("put a JSON web token where it is read: {name}")))
    })?;
    let ends = match claims.ends {
        None => Ends::Never { told_by: "the token, which has no `exp`".to_owned() },
        Some(moment) => Ends::told(moment, "`exp`"),
    };
    Ok(Key { begins: claims.begins, issued: claims.issued, ..Key::ending(name, ends) })
}

/// What a token says of its own time.
#[derive(Debug, PartialEq)]
pub(super) struct Claims {
    /// `exp`; `None` where there is none.
    pub(super) ends: Option<Moment>,
    /// `nbf`.
    pub(super) begins: Option<Timestamp>,
    /// `iat`.
    pub(super) issued: Option<Timestamp>,
}

impl Claims {
    /// The claims of `token`; the reason why there are none never quotes it.
    pub(super) fn of(token: &str) -> Result<Self, &'static str> {
        let parts: Vec<&str> = token.trim().split('.').collect();
        let payload = match parts[..] {
            _ if token.len() > LONGEST => return Err("too long for a token"),
            [_, payload, _] => payload,
            [_, _, _, _, _] => return Err("an encrypted token, whose end only its receiver can read"),
            _ => return Err("not a JSON web token: it has not three parts"),
        };
        let bytes = URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .map_err(|_| "not a JSON web token: its claims are no base64url")?;
        let claims: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|_| "not a JSON web token: its claims are no JSON object")?;
        Ok(Self {
            ends: number(&claims, "exp")?,
            begins: number(&claims, "nbf")?.and_then(near),
            issued: number(&claims, "iat")?.and_then(near),
        })
    }
}

/// A claim in seconds since 1970 (RFC 7519, section 2: `NumericDate`), a fraction allowed.
fn number(claims: &Map<String, Value>, claim: &str) -> Result<Option<Moment>, &'static str> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::Number(number)) => {
            Moment::of_number(&number.to_string()).map(Some).ok_or("a claim on time is out of all bounds")
        }
        Some(_) => Err("a claim on time is no number"),
    }
}

fn near(moment: Moment) -> Option<Timestamp> {
    match moment {
        Moment::At(time) => Some(time),
        Moment::Never | Moment::Unset => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(r#"{"alg":"none"}"#), part(claims), part("signature"))
    }

    #[test]
    fn claims_may_have_fractions_and_need_not_be_verified() {
        let claims =
            Claims::of(&token(r#"{"exp":1796235000.75,"nbf":1796230000,"iat":1796230000.5}"#)).expect("a token");
        assert_eq!(claims.ends, Some(Moment::At("2026-12-02T18:10:00Z".parse().expect("a time"))));
        assert_eq!((claims.begins, claims.issued), (Timestamp::from_second(1_796_230_000).ok(), claims.begins));
    }

    #[test]
    fn what_is_no_token_says_why_and_quotes_nothing() {
        for (text, reason) in [
            ("sk-not-a-token".to_owned(), "three parts"),
            ("a.b.c.d.e".to_owned(), "encrypted"),
            ("a.!!.c".to_owned(), "base64url"),
            (token("[1]"), "no JSON object"),
            (token(r#"{"exp":"soon"}"#), "no number"),
            (token(r#"{"exp":null}"#), "no number"),
            (token(r#"{"exp":-1}"#), "bounds"),
            (token(r#"{"exp":1e300}"#), "bounds"),
        ] {
            assert!(Claims::of(&text).expect_err(&text).contains(reason), "{text}");
        }
    }
}
