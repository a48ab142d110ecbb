//! Who may come in and how: sign-in, sign-up, licence and seats, the automation's tokens, and what the gateway's key may spend.

use super::{CODER_OWNER_TOKEN, CODER_SESSION_TOKEN, GATEWAY, Times, ago, later};
use crate::coder::{Estate, Feature, Licence, Provider, Token, User};
use crate::state::State;

/// GitHub's organisations whose members are let in.
const ORGANISATIONS: [&str; 2] = ["coder", "coder-contrib"];
/// The automation's other tokens: public half, secret half, name.
const TOKENS: [(&str, &str, &str); 2] =
    [("wrkshpcinn", "bcdefghijklmnopqrstuvw", "ci"), ("wrkshptmpl", "cdefghijklmnopqrstuvwx", "templates")];

/// All of it, as it should be.
pub(super) fn add(state: &mut State, times: Times) {
    state.coder.estate = estate(times);
    let automation = CODER_SESSION_TOKEN.split('-').next().unwrap_or_default();
    let Some(own) = state.coder.tokens.iter().find(|token| token.id == automation).cloned() else {
        return;
    };
    for (id, secret, name) in TOKENS {
        let names = (id.to_owned(), secret.to_owned(), name.to_owned());
        let (id, secret, name) = names;
        state.coder.tokens.push(Token { id, secret, name, ..own.clone() });
    }
    let (id, secret) = CODER_OWNER_TOKEN.split_once('-').unwrap_or_default();
    let owner = User {
        id: "2b1f0a77-6a1c-4d51-8a3e-00000000a002".to_owned(),
        name: "workshop-owner".to_owned(),
        status: "active".to_owned(),
        roles: vec!["owner".to_owned()],
        created_at: ago(times, 200),
    };
    let names = (id.to_owned(), secret.to_owned(), "gonogo".to_owned());
    state.coder.tokens.push(Token { id: names.0, secret: names.1, name: names.2, user_id: owner.id.clone(), ..own });
    state.coder.users.push(owner);
    spend(state);
}

fn estate(times: Times) -> Estate {
    let on = Feature { is_licensed: true, is_enabled: true };
    let features = ["external_provisioner_daemons", "workspace_proxy", "aibridge"].map(|name| (name.to_owned(), on));
    Estate {
        has_passwords: true,
        github: Provider {
            is_enabled: true,
            allows_signups: true,
            organisations: ORGANISATIONS.map(str::to_owned).into(),
            ..Provider::default()
        },
        oidc: Provider { is_enabled: true, allows_signups: true, ..Provider::default() },
        licences: vec![Licence::bought(ago(times, 200), later(times, 165))],
        seats: Some(100),
        features: features.into(),
        ..Estate::default()
    }
}

/// What the gateway serves, and what the workshop's key may spend of it.
fn spend(state: &mut State) {
    let Some(gateway) = state.litellm.get_mut(GATEWAY) else {
        return;
    };
    gateway.models = ["claude-sonnet", "claude-haiku"].map(str::to_owned).into();
    let Some(key) = gateway.key_mut("workshop") else {
        return;
    };
    (key.max_budget, key.spend) = (Some(100.0), 4.2);
    (key.rpm_limit, key.tpm_limit) = (Some(600), Some(2_000_000));
}
