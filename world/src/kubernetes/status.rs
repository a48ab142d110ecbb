//! The API server's refusals: a `Status` object for most, a line of text for some, as recorded.

use serde_json::{Map, Value, json};

use crate::serve::Reply;

/// What a `Status` says besides its code.
#[derive(Debug, Default)]
pub(super) struct Status {
    pub(super) message: String,
    pub(super) reason: &'static str,
    pub(super) details: Option<Value>,
    pub(super) next: Option<String>,
}

impl Status {
    pub(super) fn new(reason: &'static str, message: impl Into<String>) -> Self {
        Self { message: message.into(), reason, ..Self::default() }
    }

    pub(super) fn about(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// With a token to go on from.
    pub(super) fn then(mut self, token: String) -> Self {
        self.next = Some(token);
        self
    }

    pub(super) fn reply(self, code: u16) -> Reply {
        let mut metadata = Map::new();
        metadata.extend(self.next.map(|token| ("continue".to_owned(), json!(token))));
        let mut body = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": metadata,
            "status": "Failure",
            "message": self.message,
        });
        if !self.reason.is_empty() {
            body["reason"] = json!(self.reason);
        }
        if let Some(details) = self.details {
            body["details"] = details;
        }
        body["code"] = json!(code);
        let reply = Reply::json(code, &body);
        if code == 403 { reply.header("x-content-type-options", "nosniff") } else { reply }
    }
}

/// A line of text, with the headers that Go's own answers carry.
pub(super) fn text(code: u16, line: &str) -> Reply {
    Reply::text(code, line).header("x-content-type-options", "nosniff")
}

/// No such path.
pub(super) fn no_page() -> Reply {
    text(404, "404 page not found\n")
}

/// A group and version that are served, without this resource.
pub(super) fn no_resource() -> Reply {
    Status::new("NotFound", "the server could not find the requested resource").about(json!({})).reply(404)
}

/// No such object.
pub(super) fn no_object(group: &str, plural: &str, name: &str) -> Reply {
    let resource = super::kind::qualified(group, plural);
    let mut details = json!({ "name": name, "kind": plural });
    if !group.is_empty() {
        details["group"] = json!(group);
    }
    Status::new("NotFound", format!("{resource} \"{name}\" not found")).about(details).reply(404)
}

pub(super) fn unauthorized() -> Reply {
    Status::new("Unauthorized", "Unauthorized").reply(401)
}

pub(super) fn bad_request(message: impl Into<String>) -> Reply {
    Status::new("BadRequest", message).reply(400)
}

pub(super) fn no_method() -> Reply {
    let message = "the server does not allow this method on the requested resource";
    Status::new("MethodNotAllowed", message).about(json!({})).reply(405)
}

/// What a fault with a status gives.
pub(super) fn of(code: u16) -> Reply {
    match code {
        401 => unauthorized(),
        404 => no_resource(),
        429 => text(429, "Too many requests, please try again later.\n"),
        500 => Status::new("InternalError", "Internal error occurred: etcdserver: leader changed").reply(500),
        503 => text(503, "service unavailable\n"),
        504 => Status::new("Timeout", "Timeout: request did not complete within the allotted timeout").reply(504),
        other => Status::new("", "the world was asked to answer so").reply(other),
    }
}
