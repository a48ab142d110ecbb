//! Metadata alone, for whoever asks for it: `Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1`, and the same
//! with `List` for a collection.

use serde_json::{Value, json};

use super::status::Status;
use crate::serve::{Reply, Request};

const OBJECT: &str = "PartialObjectMetadata";
const LIST: &str = "PartialObjectMetadataList";

/// An object, as it was asked for.
pub(super) fn object(object: &Value, request: &Request) -> Reply {
    match asked(request).as_deref() {
        Some(OBJECT) => Reply::json(200, &bare(object)),
        Some(LIST) => refused(&format!("you requested {LIST}, but the requested object is not a list type")),
        _ => Reply::json(200, object),
    }
}

/// A list, as it was asked for.
pub(super) fn list(list: &Value, request: &Request) -> Reply {
    match asked(request).as_deref() {
        Some(LIST) => {
            let items: Vec<_> = list["items"].as_array().into_iter().flatten().map(bare).collect();
            let metadata = &list["metadata"];
            Reply::json(
                200,
                &json!({ "kind": LIST, "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "items": items }),
            )
        }
        Some(OBJECT) => refused(&format!("you requested {OBJECT}, but the requested object is a list type")),
        _ => Reply::json(200, list),
    }
}

fn bare(object: &Value) -> Value {
    json!({ "kind": OBJECT, "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] })
}

/// What JSON is asked to be; the first that is accepted counts.
fn asked(request: &Request) -> Option<String> {
    let accept = request.header("accept")?;
    let first = accept.split(',').next()?;
    let parameters: Vec<_> = first.split(';').skip(1).filter_map(|part| part.trim().split_once('=')).collect();
    let value = |name| parameters.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
    let is_meta = value("g") == Some("meta.k8s.io") && value("v") == Some("v1");
    value("as").filter(|_| is_meta).map(str::to_owned)
}

fn refused(message: &str) -> Reply {
    Status::new("NotAcceptable", message).reply(406)
}
