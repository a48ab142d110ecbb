//! The look at the names, at everyone who was met, and what their answers ask to be looked at further.

use super::{
    DnsWildcard,
    chain::Chain,
    evidence::{Answer, Evidence, Named, Reading, View, ZoneSeen},
    look::{Met, Server, answer, plain, target},
    settings::Viewpoint,
};
use crate::{
    clients::dns::{Question, Rcode, Reply, Zone},
    contract::{Context, Unobserved},
};
use futures::{
    StreamExt as _,
    future::{join, join_all},
    stream,
};
use hickory_proto::rr::{Name, RecordType};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// How many names one server is asked for at once by one item.
const AT_ONCE: usize = 16;

/// The names of one look, random ones among them.
struct Names {
    random: Vec<Name>,
    deep: Name,
    given: Vec<(Name, Option<Name>)>,
}

impl DnsWildcard {
    pub(super) async fn look(&self, cx: &Context) -> Evidence {
        let (at, names) = (cx.now(), self.names(cx));
        let met = self.meet(cx).await;
        let ((zone, authorities), (aim, others)) = join(self.zone(cx, &met), self.targets(cx, &met)).await;
        let servers: Vec<Server> = authorities.into_iter().chain(met.resolvers).collect();
        let mut views = join_all(servers.iter().map(|server| view(cx, server, &names))).await;
        let beneath = self.beneath(cx, &servers, &views).await;
        for (view, server) in views.iter_mut().zip(&servers) {
            view.unchecked = unchecked(cx, server, view).await;
        }
        let ends = match &met.guide {
            Ok(guide) => ends(cx, guide, &views, aim.host.as_deref()).await,
            Err(_) => Vec::new(),
        };
        Evidence { at, domain: plain(&self.domain), target: aim, others, zone, views, ends, beneath }
    }

    /// Random names, one of them in the shape that applications use: a label may be refused for its `--`.
    fn names(&self, cx: &Context) -> Names {
        let below = |label: &str, of: &Name| of.prepend_label(label).unwrap_or_else(|_| of.clone());
        let shaped = cx.label();
        let shaped = format!("{}--{}--{}--{}", &shaped[..5], &shaped[5..9], &shaped[9..14], &shaped[14..]);
        let deepest = cx.label();
        Names {
            random: vec![below(&cx.label(), &self.domain), below(&shaped, &self.domain)],
            deep: below(&deepest, &below(&cx.label(), &self.domain)),
            given: self
                .names
                .iter()
                .map(|name| (name.clone(), (*name != self.domain).then(|| below(&deepest, name))))
                .collect(),
        }
    }

    async fn zone(&self, cx: &Context, met: &Met) -> (Option<Result<ZoneSeen, Unobserved>>, Vec<Server>) {
        if !self.settings.resolvers.contains(&Viewpoint::Authoritative) {
            return (None, Vec::new());
        }
        let found = match &met.guide {
            Ok(guide) => cx.zone_of(guide.address, &self.domain).await,
            Err(missing) => Err(missing.clone()),
        };
        match found {
            Ok(zone) => {
                let servers = self.authorities(cx, &zone).await;
                (Some(Ok(seen(zone))), servers)
            }
            Err(missing) => (Some(Err(missing)), Vec::new()),
        }
    }

    async fn targets(
        &self,
        cx: &Context,
        met: &Met,
    ) -> (super::evidence::TargetSeen, IndexMap<String, super::evidence::TargetSeen>) {
        let mut by: Vec<Server> = met.resolvers.iter().filter(|server| server.is_sound()).cloned().collect();
        if let Ok(guide) = &met.guide
            && !by.iter().any(|server| server.address == guide.address)
        {
            by.push(guide.clone());
        }
        let others = self.settings.others.iter().map(|(name, other)| async {
            let seen = target(cx, other, by.get(..1).unwrap_or_default()).await;
            (name.clone(), seen)
        });
        let (aim, others) = join(target(cx, &self.settings.target, &by), join_all(others)).await;
        (aim, others.into_iter().collect())
    }

    /// What has records at or below the names that have no address though the wildcard has.
    async fn beneath(&self, cx: &Context, servers: &[Server], views: &[View]) -> IndexMap<String, Vec<String>> {
        let mut found = IndexMap::new();
        for (view, server) in views.iter().zip(servers) {
            for named in view.names.iter().filter(|_| view.random.iter().any(has_address)) {
                let own = &named.own;
                if is_absent(own) && !found.contains_key(&own.name) {
                    found.insert(own.name.clone(), records_at(cx, server, &own.name).await);
                }
            }
        }
        found.retain(|_, records| !records.is_empty());
        found
    }
}

fn seen(zone: Zone) -> ZoneSeen {
    let mut seen = ZoneSeen { name: zone.name, homeless: Vec::new(), unseen: IndexMap::new() };
    for server in zone.servers {
        match server.addresses {
            Ok(addresses) if addresses.is_empty() => seen.homeless.push(server.name),
            Ok(_) => {}
            Err(missing) => {
                seen.unseen.insert(server.name, missing);
            }
        }
    }
    seen
}

/// What one server says of all names; nothing where its control already gave nothing.
async fn view(cx: &Context, server: &Server, names: &Names) -> View {
    let mut view = View {
        server: server.called.clone(),
        address: server.address,
        authoritative: server.is_authoritative,
        controls: server.controls.clone(),
        random: Vec::new(),
        deep: None,
        names: Vec::new(),
        unchecked: None,
    };
    if !server.is_sound() {
        return view;
    }
    let fresh = names.random.iter().chain([&names.deep]).map(|name| server.reading(cx, name, true));
    let given: Vec<_> = names.given.iter().map(|(name, below)| named(cx, server, name, below.as_ref())).collect();
    let given = stream::iter(given).buffered(AT_ONCE);
    let (mut random, given) = join(join_all(fresh), given.collect()).await;
    view.deep = random.pop();
    view.random = random;
    view.names = given;
    view
}

async fn named(cx: &Context, server: &Server, name: &Name, below: Option<&Name>) -> Named {
    let own = server.reading(cx, name, false);
    let Some(below) = below else { return Named { own: own.await, below: None } };
    let (own, below) = join(own, server.reading(cx, below, true)).await;
    Named { own, below: Some(below) }
}

fn readings(view: &View) -> impl Iterator<Item = &Reading> {
    let named = view.names.iter().flat_map(|named| std::iter::once(&named.own).chain(&named.below));
    view.random.iter().chain(&view.deep).chain(named)
}

fn replies(reading: &Reading) -> impl Iterator<Item = &Reply> {
    [&reading.a, &reading.aaaa].into_iter().filter_map(|answer| answer.as_ref().ok())
}

fn has_address(reading: &Reading) -> bool {
    replies(reading).any(|reply| reply.addresses().next().is_some())
}

fn is_absent(reading: &Reading) -> bool {
    replies(reading).count() == 2 && replies(reading).all(|reply| reply.is_definite() && reply.answers.is_empty())
}

/// The records that are likely to stand in a wildcard's way: a certificate's challenge, a text, a wildcard below.
async fn records_at(cx: &Context, server: &Server, name: &str) -> Vec<String> {
    let likely = [
        (format!("_acme-challenge.{name}"), RecordType::TXT),
        (name.to_owned(), RecordType::TXT),
        (format!("*.{name}"), RecordType::A),
    ];
    let asked = likely.into_iter().map(|(owner, kind)| async move {
        let asked = Name::from_ascii(format!("{owner}.")).ok()?;
        let reply = answer(cx, server.question(asked, kind)).await.ok()?;
        let own = reply.answers.iter().find(|record| record.name == owner)?;
        Some(format!("{} {owner}", own.kind()))
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// The first question that failed, without DNSSEC validation.
async fn unchecked(cx: &Context, server: &Server, view: &View) -> Option<Answer> {
    let is_failed =
        |answer: &Answer| answer.as_ref().is_ok_and(|reply| reply.rcode == Rcode::ServFail && !server.is_authoritative);
    let (name, kind) = readings(view).find_map(|reading| match reading {
        _ if is_failed(&reading.a) => Some((&reading.name, RecordType::A)),
        _ if is_failed(&reading.aaaa) => Some((&reading.name, RecordType::AAAA)),
        _ => None,
    })?;
    let name = Name::from_ascii(format!("{name}.")).ok()?;
    Some(answer(cx, Question::recursive(server.address, name, kind).unchecked().alone()).await)
}

/// The addresses of the names to which aliases lead that name servers could not follow.
async fn ends(cx: &Context, guide: &Server, views: &[View], host: Option<&str>) -> Vec<Reading> {
    let mut open = BTreeSet::new();
    for reading in views.iter().filter(|view| view.authoritative).flat_map(readings) {
        for reply in replies(reading) {
            let chain = Chain::of(reply, &reading.name);
            if reply.rcode == Rcode::NoError && chain.addresses.is_empty() && !chain.is_circle {
                open.extend(chain.end().filter(|end| Some(*end) != host).map(str::to_owned));
            }
        }
    }
    let names = open.iter().filter_map(|end| Name::from_str_relaxed(format!("{end}.")).ok());
    let asked = names.map(|name| async move { guide.reading(cx, &name, false).await });
    join_all(asked).await
}
