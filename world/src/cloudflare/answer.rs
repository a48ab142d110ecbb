//! What the API answers: everything in its envelope.

use serde_json::{Value, json};

use super::{Cloudflare, Record, Token, Zone};
use crate::serve::{Reply, Request};

impl Cloudflare {
    pub(super) fn answer(&self, request: &Request) -> Reply {
        let segments = request.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let Some(path) = path.strip_prefix(&["client", "v4"]) else { return refusal(404) };
        let Some(secret) = request.bearer() else {
            return refused(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
        };
        let token = self.tokens.get(&secret);
        if let ["user", "tokens", "verify"] | ["accounts", _, "tokens", "verify"] = path {
            let account = (path.len() == 4).then(|| path[1]);
            return match token.filter(|token| token.account.as_deref() == account) {
                Some(token) => verified(token, request),
                None => refused(401, 1000, "Invalid API Token"),
            };
        }
        let Some(token) = token.filter(|token| token.status(request) == "active") else {
            return refused(403, 9109, "Invalid access token");
        };
        let seen = || self.zones.iter().filter(|zone| token.zones.contains(&zone.name));
        match path {
            ["zones"] => {
                let name = request.parameter("name");
                let zones = seen().filter(|zone| name.as_ref().is_none_or(|name| *name == zone.name));
                page(&zones.map(Zone::json).collect::<Vec<_>>(), request, 20)
            }
            ["zones", id, "dns_records"] => match seen().find(|zone| zone.id() == *id) {
                Some(zone) if !token.is_without_records => self.records(zone, request),
                _ => refused(403, 10_000, "Authentication error"),
            },
            _ => refused(400, 7003, "Could not route to the path, perhaps your object identifier is invalid?"),
        }
    }

    fn records(&self, zone: &Zone, request: &Request) -> Reply {
        let name = request.parameter("name").filter(|_| !self.ignores_filter);
        let records = zone.records.iter().filter(|record| name.as_ref().is_none_or(|name| *name == record.name));
        page(&records.enumerate().map(|(at, record)| record.json(zone, at)).collect::<Vec<_>>(), request, 100)
    }
}

impl Token {
    fn status(&self, request: &Request) -> &'static str {
        if self.is_disabled {
            "disabled"
        } else if self.expires.is_some_and(|expires| expires <= request.now) {
            "expired"
        } else {
            "active"
        }
    }
}

fn verified(token: &Token, request: &Request) -> Reply {
    let mut result = json!({ "id": "ed17574386854bf78a67040be0a770b0", "status": token.status(request) });
    for (key, time) in [("not_before", token.not_before), ("expires_on", token.expires)] {
        if let Some(time) = time {
            result[key] = json!(format!("{time:.0}"));
        }
    }
    let words = "This API Token is valid and active";
    let messages = json!([{ "code": 10_000, "message": words, "type": null }]);
    Reply::json(200, &json!({ "success": true, "errors": [], "messages": messages, "result": result }))
}

impl Zone {
    fn json(&self) -> Value {
        json!({
            "id": self.id(), "name": self.name, "status": self.status, "paused": self.paused, "type": "full",
            "name_servers": self.name_servers, "original_name_servers": null, "development_mode": 0,
        })
    }
}

impl Record {
    fn json(&self, zone: &Zone, at: usize) -> Value {
        let is_proxiable = matches!(self.kind.as_str(), "A" | "AAAA" | "CNAME");
        json!({
            "id": format!("{at:032x}"), "zone_id": zone.id(), "zone_name": zone.name,
            "name": self.name, "type": self.kind, "content": self.content, "ttl": self.ttl,
            "proxied": self.proxied, "proxiable": is_proxiable, "comment": null, "tags": [], "settings": {}, "meta": {},
            "created_on": format!("{:.6}", self.created), "modified_on": format!("{:.6}", self.modified),
        })
    }
}

fn page(all: &[Value], request: &Request, usual: usize) -> Reply {
    let number = |name: &str, otherwise: usize| {
        request.parameter(name).and_then(|text| text.parse().ok()).filter(|number| *number > 0).unwrap_or(otherwise)
    };
    let (page, size) = (number("page", 1), number("per_page", usual));
    let shown: Vec<&Value> = all.iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    let info = json!({
        "page": page, "per_page": size, "count": shown.len(), "total_count": all.len(), "total_pages": all.len().div_ceil(size),
    });
    Reply::json(200, &json!({ "success": true, "errors": [], "messages": [], "result": shown, "result_info": info }))
}

pub(super) fn refusal(status: u16) -> Reply {
    let (code, words) = match status {
        400 | 404 => (7003, "Could not route to the path, perhaps your object identifier is invalid?"),
        401 => (1000, "Invalid API Token"),
        403 => (10_000, "Authentication error"),
        429 => (971, "Please wait and consider throttling your request speed"),
        _ => (1101, "Internal error"),
    };
    refused(status, code, words)
}

fn refused(status: u16, code: u32, message: &str) -> Reply {
    let errors = json!([{ "code": code, "message": message }]);
    Reply::json(status, &json!({ "success": false, "errors": errors, "messages": [], "result": null }))
}
