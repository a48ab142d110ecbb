//! Rows of `access.yaml`: who can get in.

use super::Row;
use gonogo_world::{
    State,
    cloudflare::{HOST, Token},
    github::Standing,
    incidents::Times,
    incidents::workshop_2024_09_30::{
        BEDROCK_USER, CLOUDFLARE_API_TOKEN, Cause, GITHUB, INSTALLATION, ORGANISATION, PULL_TOKEN, VERTEX_ACCOUNT,
    },
    litellm::Key,
};
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row {
        id: "A01",
        item: "bedrock-key",
        code: "key-blocked",
        breaks: |state, _| {
            "Inactive".clone_into(&mut state.aws.iam.key_mut(BEDROCK_USER).expect("a key").status);
        },
    },
    Row {
        id: "A02",
        item: "vertex-key@us-east-2",
        code: "expires-during-event",
        breaks: |state, times| {
            let ends = times.ends - SignedDuration::from_mins(20);
            state.gcp.key_mut(VERTEX_ACCOUNT).expect("a key").ends = Some(ends);
        },
    },
    Row {
        id: "A03",
        item: "rotation@us-east-2",
        code: "fires-in-window",
        breaks: |state, times| Cause::RotationInWindow.inject(state, times),
    },
    Row {
        id: "A03",
        item: "gateway-key",
        code: "rotation-in-window",
        breaks: |state, times| Cause::KeyRotates.inject(state, times),
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
    Row {
        id: "A06",
        item: "gateway-budget",
        code: "budget-too-small",
        breaks: |state, _| gateway_key(state, |key| key.spend = 60.0),
    },
    Row {
        id: "A06",
        item: "gateway-budget",
        code: "request-rate-too-low",
        breaks: |state, _| gateway_key(state, |key| key.rpm_limit = Some(60)),
    },
    Row {
        id: "A06",
        item: "gateway-budget",
        code: "too-few-requests-at-once",
        breaks: |state, _| gateway_key(state, |key| key.max_parallel_requests = Some(1)),
    },
    Row {
        id: "A07",
        item: "sign-in",
        code: "sign-in-not-offered",
        breaks: |state, _| state.coder.estate.oidc.is_enabled = false,
    },
    Row {
        id: "A08",
        item: "sign-in",
        code: "sign-up-refused",
        breaks: |state, _| state.coder.estate.github.allows_signups = false,
    },
    Row {
        id: "A08",
        item: "sign-in",
        code: "organisation-not-allowed",
        breaks: |state, _| state.coder.estate.github.organisations = vec!["coder".to_owned()],
    },
    Row { id: "A09", item: "participants", code: "people-pending", breaks: |state, _| invite(state) },
    Row {
        id: "A10",
        item: "automation-tokens",
        code: "expires-during-event",
        breaks: |state, times| {
            if let Some(token) = state.coder.token_mut("ci") {
                token.expires_at = times.ends - SignedDuration::from_mins(20);
            }
        },
    },
    Row {
        id: "A10",
        item: "coder-token",
        code: "expires-during-event",
        breaks: |state, times| {
            state.coder.token_mut("workshop").expect("a token").expires_at = times.ends - SignedDuration::from_mins(20);
        },
    },
    Row {
        id: "A11",
        item: "licence",
        code: "licence-ends-too-soon",
        breaks: |state, times| {
            for licence in &mut state.coder.estate.licences {
                licence.expires = times.ends + SignedDuration::from_hours(24);
            }
        },
    },
    Row { id: "A11", item: "licence", code: "too-few-seats", breaks: |state, _| state.coder.estate.seats = Some(16) },
    Row {
        id: "A12",
        item: "deploy-app@us-east-2",
        code: "key-blocked",
        breaks: |state, times| {
            let app = &mut state.github.get_mut("api.github.com").expect("GitHub").apps[0];
            app.installations.get_mut(&INSTALLATION).expect("installed").suspended = Some(times.now);
        },
    },
    Row { id: "A13", item: "cloudflare-token", code: "expires-during-event", breaks: end_token },
    Row { id: "A13", item: "cloudflare-token", code: "key-refused", breaks: |state, _| token(state).zones.clear() },
    Row {
        id: "A14",
        item: "pull-credentials@us-east-2",
        code: "expires-during-event",
        breaks: |state, times| {
            let github = state.github.get_mut("api.github.com").expect("GitHub");
            let ends = times.ends - SignedDuration::from_mins(20);
            github.tokens.get_mut(PULL_TOKEN).expect("a token").expires = Some(ends);
        },
    },
];

fn gateway_key(state: &mut State, change: impl FnOnce(&mut Key)) {
    let key = state.litellm.values_mut().find_map(|gateway| gateway.key_mut("workshop"));
    change(key.expect("the workshop's key"));
}

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
