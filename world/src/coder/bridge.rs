//! AI Bridge: the models of each provider, and a message to one of them.
//!
//! A caller's own Coder token stands where the provider's key would. The circuit breaker is a metric of each replica
//! alone, so an open one shows here only as what a message is answered.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::serve::{Reply, Request};

/// The bridge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bridge {
    /// Whether it is licensed and on; every path is forbidden otherwise.
    pub is_on: bool,
    /// By provider: `anthropic`, `openai`.
    pub models: BTreeMap<String, Vec<String>>,
    /// What a message is answered instead of a completion: a status and the error's type.
    pub fails: Option<(u16, String)>,
}

impl Bridge {
    /// One that knows these models of one provider.
    #[must_use]
    pub fn of(provider: &str, models: &[&str]) -> Self {
        let models = models.iter().map(|model| (*model).to_owned()).collect();
        Self { is_on: true, models: [(provider.to_owned(), models)].into(), fails: None }
    }

    pub(super) fn answer(&self, provider: &str, path: &[&str], request: &Request) -> Reply {
        if !self.is_on {
            return Reply::json(403, &json!({ "message": "AI Bridge is a Premium feature. Contact sales!" }));
        }
        let Some(models) = self.models.get(provider) else {
            return Reply::text(404, "404 page not found\n");
        };
        match (request.method.as_str(), path) {
            ("GET", ["v1", "models"]) => {
                let models: Vec<Value> = models.iter().map(|id| json!({ "id": id, "object": "model" })).collect();
                Reply::json(200, &json!({ "data": models, "object": "list", "has_more": false }))
            }
            ("POST", ["v1", "messages"]) if provider == "anthropic" => self.message(models, request, |model| {
                json!({
                    "id": "msg_world", "type": "message", "role": "assistant", "model": model,
                    "content": [{ "type": "text", "text": "p" }], "stop_reason": "max_tokens",
                    "usage": { "input_tokens": 8, "output_tokens": 1 },
                })
            }),
            ("POST", ["v1", "chat", "completions"]) if provider == "openai" => {
                self.message(models, request, completion)
            }
            _ => Reply::text(404, "404 page not found\n"),
        }
    }

    fn message(&self, models: &[String], request: &Request, made: impl Fn(&str) -> Value) -> Reply {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let model = asked["model"].as_str().unwrap_or_default();
        let error = |status: u16, kind: &str, message: &str| {
            Reply::json(status, &json!({ "type": "error", "error": { "type": kind, "message": message } }))
        };
        if let Some((status, kind)) = &self.fails {
            return error(*status, kind, "the provider refused");
        }
        if !models.iter().any(|known| known == model) {
            return error(404, "not_found_error", &format!("model: {model}"));
        }
        Reply::json(200, &made(model))
    }
}

/// A completion of one token, as `OpenAI` writes it.
pub(crate) fn completion(model: &str) -> Value {
    json!({
        "id": "chatcmpl-world", "created": 1_795_335_521, "model": model, "object": "chat.completion",
        "choices": [{ "finish_reason": "length", "index": 0, "message": { "content": "p", "role": "assistant" } }],
        "usage": { "completion_tokens": 1, "prompt_tokens": 8, "total_tokens": 9 },
    })
}
