//! The exchange of an assertion for an access token (RFC 7523), as Google does it.

use serde_json::{Value, json};

use super::{Gcp, Key, TOKENS};
use crate::assertion::verified;
use crate::serve::{Reply, Request};

/// How long an access token holds, in seconds.
const HOLDS: i64 = 3600;
/// By how much an assertion's clock may differ, in seconds.
const SKEW: i64 = 300;
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(super) fn answer(gcp: &mut Gcp, request: &Request) -> Reply {
    if request.path != "/token" || request.method != http::Method::POST {
        return refusal(404);
    }
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let (Some(GRANT), Some(assertion)) = (field("grant_type"), field("assertion")) else {
        return failed(400, "unsupported_grant_type", "Invalid grant_type");
    };
    match accepted(gcp, assertion, request.now.as_second()) {
        Err(words) => failed(400, "invalid_grant", words),
        Ok(email) => {
            let number = gcp.tokens.len();
            let token = format!("ya29.world-{number:04}-{}", email.len());
            // The account itself may not read of its own keys.
            gcp.tokens.insert(token.clone(), false);
            json_reply(200, &json!({ "access_token": token, "expires_in": HOLDS - 1, "token_type": "Bearer" }))
        }
    }
}

fn accepted(gcp: &Gcp, assertion: &str, now: i64) -> Result<String, &'static str> {
    let all = || gcp.accounts.iter().flat_map(|(email, keys)| keys.iter().map(move |key| (email, key)));
    let found = all().find_map(|(email, key)| Some((email, key, verified(assertion, &key.pem)?)));
    let Some((email, key, (header, claims))) = found else { return Err("Invalid JWT Signature.") };
    if claims["iss"] != json!(email) || !is_in_force(key, &header, now) {
        return Err("Invalid JWT Signature.");
    }
    if claims["aud"] != json!(format!("https://{TOKENS}/token")) {
        return Err("Invalid JWT: Failed audience check.");
    }
    let time = |claim: &str| claims[claim].as_i64().unwrap_or_default();
    let (issued, ends) = (time("iat"), time("exp"));
    if issued > now + SKEW || ends < now - SKEW || ends - issued > HOLDS {
        return Err(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
        );
    }
    Ok(email.clone())
}

fn is_in_force(key: &Key, header: &Value, now: i64) -> bool {
    header["kid"] == json!(key.id) && !key.is_disabled && key.ends.is_none_or(|ends| ends.as_second() > now)
}

pub(super) fn refusal(status: u16) -> Reply {
    match status {
        401 => failed(401, "invalid_client", "The OAuth client was not found."),
        403 => failed(403, "access_denied", "Account restricted"),
        404 => json_reply(404, &json!({ "error": "not_found" })),
        429 => failed(429, "rate_limit_exceeded", "Rate Limit Exceeded"),
        status => failed(status, "internal_failure", "Backend Error"),
    }
}

fn failed(status: u16, error: &str, words: &str) -> Reply {
    json_reply(status, &json!({ "error": error, "error_description": words }))
}

fn json_reply(status: u16, body: &Value) -> Reply {
    Reply::json(status, body).header("content-type", "application/json; charset=utf-8")
}
