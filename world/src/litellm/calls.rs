//! A call to a model: the one thing here that would cost money.

use serde_json::Value;

use super::key::Key;
use super::{Gateway, error};
use crate::coder::bridge::completion;
use crate::serve::{Reply, Request};

/// Whether the request is such a call.
pub(super) fn is_call(request: &Request) -> bool {
    request.method == "POST" && ["/v1/chat/completions", "/chat/completions"].contains(&request.path.as_str())
}

/// A completion, or why not. The master, which has no key's limits, is `None`.
pub(super) fn answer(gateway: &Gateway, key: Option<&Key>, request: &Request) -> Reply {
    let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let model = asked["model"].as_str().unwrap_or_default();
    if let Some((status, kind, message)) = gateway.fails.get(model) {
        return error(*status, message, kind, "None");
    }
    if let Some(key) = key {
        if !gateway.lets(key, model) {
            let allowed = key.models.join(", ");
            let message = format!("key not allowed to access model. This key can only access models=[{allowed}].");
            return error(403, &message, "key_model_access_denied", "model");
        }
        if key.max_budget.is_some_and(|most| key.spend >= most) {
            let message = format!("Budget has been exceeded! Current cost: {}", key.spend);
            return error(400, &message, "budget_exceeded", "None");
        }
        if key.rpm_limit == Some(0) {
            return error(429, "Rate limit exceeded for api_key. Limit type: requests.", "None", "None");
        }
    }
    if !gateway.models.iter().any(|known| known == model) {
        let message = format!("/chat/completions: Invalid model name passed in model={model}.");
        return error(400, &message, "invalid_request_error", "");
    }
    Reply::json(200, &completion(model)).header("x-litellm-version", "1.106.2")
}
