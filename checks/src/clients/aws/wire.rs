//! The SDK's transport: each request goes through the run's HTTP client.
//!
//! It holds the run weakly, since the run holds the SDK's configurations.

use crate::{
    clients::{
        Reach,
        http::{Ask, Via},
    },
    contract::{Context, Unobserved},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use url::{Host, Url};

/// The run's HTTP client, as the SDK wants it.
#[derive(Clone)]
pub(super) struct Wire {
    reach: Weak<Reach>,
    /// The SDK's own limit, short for a machine's metadata service, which most machines do not have.
    limit: Option<Duration>,
}

impl Wire {
    pub(super) fn of(cx: &Context) -> Self {
        Self { reach: Arc::downgrade(cx.reach()), limit: None }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let limit = settings.read_timeout().map(|read| read + settings.connect_timeout().unwrap_or_default());
        SharedHttpConnector::new(Self { limit, ..self.clone() })
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (reach, limit) = (self.reach.upgrade(), self.limit);
        HttpConnectorFuture::new(async move {
            let reach = reach.ok_or_else(|| ConnectorError::other("the run is over".into(), None))?;
            let ask = ask(&request).map_err(|error| ConnectorError::user(error.into()))?;
            let cx = Context::new(reach, "aws", 0);
            let answer = match limit {
                None => cx.send(&ask).await,
                Some(limit) => tokio::time::timeout(limit, cx.send(&ask))
                    .await
                    .map_err(|late| ConnectorError::timeout(late.into()))?,
            };
            let answer = answer.map_err(broken)?;
            let status =
                StatusCode::try_from(answer.status).map_err(|error| ConnectorError::other(error.into(), None))?;
            let mut response = HttpResponse::new(status, SdkBody::from(answer.body.clone()));
            for (name, value) in &answer.headers {
                if let Ok(value) = value.to_str() {
                    response.headers_mut().append(name.as_str().to_owned(), value.to_owned());
                }
            }
            Ok(response)
        })
    }
}

fn broken(missing: Unobserved) -> ConnectorError {
    ConnectorError::io(Box::new(missing))
}

fn ask(request: &HttpRequest) -> Result<Ask, String> {
    let method: Method = request.method().parse().map_err(|_| "no method".to_owned())?;
    let url = Url::parse(request.uri()).map_err(|error| error.to_string())?;
    let body = request.body().bytes().ok_or("a body that cannot be sent at once")?;
    // What a machine says about itself is never behind a proxy.
    let is_own = matches!(url.host(), Some(Host::Ipv4(ip)) if ip.is_link_local() || ip.is_loopback());
    let via = Via { proxy: is_own.then(|| "none".to_owned()), ..Via::default() };
    let mut ask = Ask::new(method, url).via(&via).body(Bytes::copy_from_slice(body)).any_status();
    for (name, value) in request.headers() {
        let name: HeaderName = name.parse().map_err(|_| format!("no header `{name}`"))?;
        if name == http::header::HOST || name == http::header::CONTENT_LENGTH {
            continue;
        }
        let mut value = HeaderValue::from_str(value).map_err(|_| format!("no value for `{name}`"))?;
        value.set_sensitive(name == http::header::AUTHORIZATION || name == "x-amz-security-token");
        ask = ask.made_header(name, value);
    }
    Ok(ask)
}
