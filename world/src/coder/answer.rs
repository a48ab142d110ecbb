//! What a host of the deployment answers: the API, the dashboard, or the application behind a sub-domain.

use serde_json::json;

use super::{Deployment, Region, api};
use crate::serve::{Reply, Request};

pub(super) fn answer(deployment: &Deployment, host: &str, request: &Request) -> Reply {
    let Some(region) = deployment.regions.iter().find(|region| region.host == host) else {
        return Reply::text(404, "");
    };
    let reply = match subdomain(region, request) {
        Some(label) if region.routes_wildcard => application(deployment, region, label, request),
        _ => own(deployment, region, request),
    };
    reply.header("x-coder-build-version", &region.version)
}

/// The one label in front of the region's host; a deeper name is none of the wildcard's.
fn subdomain<'a>(region: &Region, request: &'a Request) -> Option<&'a str> {
    let label = request.host.strip_suffix(&region.host)?.strip_suffix('.')?;
    (!label.is_empty() && !label.contains('.')).then_some(label)
}

fn own(deployment: &Deployment, region: &Region, request: &Request) -> Reply {
    match request.path.as_str() {
        "/healthz" => Reply::text(200, "OK"),
        "/healthz-report" if region.is_proxy => Reply::json(200, &json!({ "errors": [], "warnings": [] })),
        "/buildinfo" | "/api/v2/buildinfo" => Reply::json(200, &api::buildinfo(deployment, region)),
        path if path.starts_with("/api/v2/") && region.is_proxy => {
            Reply::json(404, &json!({ "message": "Route not found." }))
        }
        path if path.starts_with("/api/v2/") => api::answer(deployment, request),
        _ if region.is_proxy && region.routes_wildcard => Reply::text(404, "404 page not found\n"),
        _ => dashboard(),
    }
}

fn dashboard() -> Reply {
    Reply::html(
        200,
        "<!doctype html>\n<html lang=\"en\"><head><title>Coder</title>\
         <meta property=\"og:type\" content=\"website\"></head><body><div id=\"root\"></div></body></html>\n",
    )
}

/// `{port or slug}--{agent}--{workspace}--{user}`, of which older links leave out the agent.
fn application(deployment: &Deployment, region: &Region, label: &str, request: &Request) -> Reply {
    let parts = label.split("--").count();
    if !(3..=4).contains(&parts) || label.split("--").any(str::is_empty) {
        return unparsed(label);
    }
    let server = deployment.regions.first().map_or(region.host.as_str(), |server| server.host.as_str());
    let back = format!("https://{}{}", request.host, request.target());
    let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    let login = format!("https://{server}/api/v2/applications/auth-redirect?redirect_uri={back}");
    Reply::html(303, "<a>See Other</a>.\n").header("location", login)
}

fn unparsed(label: &str) -> Reply {
    let label: String =
        label.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
    let words = format!(
        "Could not parse subdomain application URL &#34;{label}&#34;: invalid application url format: &#34;{label}&#34;"
    );
    Reply::html(
        400,
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><title>400 - Invalid application URL</title></head>\
             <body><div class=\"container\"><h1>400 - Invalid application URL</h1><p>{words}</p></div></body></html>\n"
        ),
    )
}
