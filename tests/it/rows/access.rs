//! Rows of `access.yaml`: who can get in.

use super::Row;
use gonogo_world::incidents::workshop_2024_09_30::{BEDROCK_USER, Cause, INSTALLATION, PULL_TOKEN, VERTEX_ACCOUNT};
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row {
        id: "A01",
        item: "bedrock-key",
        code: "key-blocked",
        breaks: |state, _| {
            state.aws.iam.key_mut(BEDROCK_USER).expect("a key").status = "Inactive".to_owned();
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
        id: "A04",
        item: "gateway-key",
        code: "expires-during-event",
        breaks: |state, times| Cause::KeyRotates.inject(state, times),
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
        id: "A12",
        item: "deploy-app@us-east-2",
        code: "key-blocked",
        breaks: |state, times| {
            let app = &mut state.github.get_mut("api.github.com").expect("GitHub").apps[0];
            app.installations.get_mut(&INSTALLATION).expect("installed").suspended = Some(times.now);
        },
    },
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
