//! The source `ai_bridge`: the licensed feature, each provider's models through each URL, and calls.

use super::{
    calls::called,
    evidence::{Bridge, Door, Evidence, Gateway, Seen, Served},
    settings::BridgeGateway,
};
use crate::{
    clients::{
        aibridge::{self, through},
        coder::entitlements::{Feature, entitlements},
        connections::Endpoint,
    },
    contract::{Access, Context, Invalid, Place, Secret, Unobserved},
};
use futures::future::join_all;

/// One deployment with AI Bridge.
pub(super) struct Looking {
    /// The connection's own URL first.
    doors: Vec<Endpoint>,
    token: Secret,
    payer: Option<Secret>,
    with: BridgeGateway,
}

impl Looking {
    pub(super) fn new(with: BridgeGateway, place: &Place) -> Result<Self, Invalid> {
        let urls = with.urls()?;
        let token_of = |name: &str, at: &str| {
            let endpoint = place.endpoint(name, "coder", at)?;
            let token = endpoint.token().ok_or_else(|| {
                Invalid::new(at, format!("connection `{name}` has no token, and this looks as a user"))
                    .help("add `token: { env: … }` to the connection")
            })?;
            Ok::<_, Invalid>((endpoint, token))
        };
        let (endpoint, token) = token_of(&with.connection, "ai_bridge.connection")?;
        let payer = match &with.calls {
            None => None,
            Some(calls) => {
                let name = calls.connection.as_deref().unwrap_or(&with.connection);
                Some(token_of(name, "ai_bridge.calls.connection")?.1)
            }
        };
        let doors = std::iter::once(endpoint.clone()).chain(urls.iter().map(|url| through(&endpoint, url))).collect();
        Ok(Self { doors, token, payer, with })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let mut rights = vec![Access::new("coder", "any token, for /entitlements and /aibridge")];
        if self.payer.is_some() {
            rights.push(Access::new("cost", "a message of one token to each model through each URL"));
        }
        rights
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let doors = self.pairs().map(|(endpoint, provider, wanted)| self.door(cx, endpoint, provider, wanted));
        let (feature, doors, calls) = futures::join!(self.feature(cx), join_all(doors), self.calls(cx));
        Ok(Evidence {
            url: self.doors.first().map(shown).unwrap_or_default(),
            asked_at: cx.trace().asked_at().unwrap_or_else(|| cx.now()),
            gateway: Gateway::AiBridge(Bridge { feature, doors }),
            calls,
        })
    }

    fn pairs(&self) -> impl Iterator<Item = (&Endpoint, &str, &[String])> {
        let each =
            |endpoint| self.with.models.iter().map(move |(name, models)| (endpoint, name.as_str(), models.as_slice()));
        self.doors.iter().flat_map(each)
    }

    async fn feature(&self, cx: &Context) -> Seen<Option<Feature>> {
        let Some(home) = self.doors.first() else { return Ok(None) };
        let told = entitlements(cx, home, &cx.reveal(&self.token)?).await?;
        Ok(told.features.get("aibridge").copied())
    }

    async fn door(&self, cx: &Context, endpoint: &Endpoint, provider: &str, wanted: &[String]) -> Door {
        let all = async { aibridge::models(cx, endpoint, &cx.reveal(&self.token)?, provider).await };
        Door { url: shown(endpoint), provider: provider.to_owned(), models: Served::of(wanted, all.await) }
    }

    async fn calls(&self, cx: &Context) -> Option<Vec<super::Call>> {
        let payer = self.payer.as_ref()?;
        let is_one = self.doors.len() == 1;
        let all = self.pairs().flat_map(|(endpoint, provider, wanted)| {
            wanted.iter().map(move |model| async move {
                let outcome = async { aibridge::call(cx, endpoint, &cx.reveal(payer)?, provider, model).await };
                let of = if is_one { model.clone() } else { format!("{model} through {}", shown(endpoint)) };
                (of, outcome.await)
            })
        });
        Some(called(join_all(all).await))
    }
}

fn shown(endpoint: &Endpoint) -> String {
    endpoint.url.as_str().trim_end_matches('/').to_owned()
}
