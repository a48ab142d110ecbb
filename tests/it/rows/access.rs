//! Rows of `access.yaml`: who can get in.

use super::Row;
use gonogo_world::{
    State,
    cloudflare::{HOST, Token},
    github::Standing,
    incidents::{
        Times,
        workshop_2024_09_30::{CLOUDFLARE_API_TOKEN, Cause, GITHUB, ORGANISATION},
    },
};
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row {
        id: "A03",
        item: "rotation@us-east-2",
        code: "fires-in-window",
        breaks: |state, times| Cause::RotationInWindow.inject(state, times),
    },
    Row {
        id: "A04",
        item: "gateway-key",
        code: "expires-during-event",
        breaks: |state, times| Cause::KeyRotates.inject(state, times),
    },
    Row {
        id: "A05",
        item: "gateway-key-copies@us-east-2",
        code: "copy-differs",
        breaks: |state, _| {
            if let Some(cluster) = state.clusters.get_mut("us-east-2") {
                // "another", in base64.
                cluster.object_mut("secrets", "coder-ws-demo", "litellm")["data"]["token"] = "YW5vdGhlcg==".into();
            }
        },
    },
    Row { id: "A09", item: "participants", code: "people-pending", breaks: |state, _| invite(state) },
    Row { id: "A13", item: "cloudflare-token", code: "expires-during-event", breaks: end_token },
    Row { id: "A13", item: "cloudflare-token", code: "key-refused", breaks: |state, _| token(state).zones.clear() },
];

/// One who registered has not accepted yet.
fn invite(state: &mut State) {
    let github = state.github.get_mut(GITHUB).expect("the workshop's GitHub");
    let organisation = github.organisations.get_mut(ORGANISATION).expect("its organisation");
    organisation.people.insert("workshop-guest-07".to_owned(), Standing::Pending);
}

fn token(state: &mut State) -> &mut Token {
    let cloudflare = state.cloudflare.get_mut(HOST).expect("the workshop's Cloudflare");
    cloudflare.tokens.get_mut(CLOUDFLARE_API_TOKEN).expect("its token")
}

fn end_token(state: &mut State, times: &Times) {
    token(state).expires = Some(times.ends - SignedDuration::from_mins(20));
}
