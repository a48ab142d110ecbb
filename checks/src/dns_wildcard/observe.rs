//! The look at the names, at everyone who was met, and what their answers ask to be looked at further.

use super::{
    DnsWildcard,
    evidence::{Answer, Evidence, Named, Reading, TargetSeen, View},
    look::{Asking, Met, Server, answer, plain, target},
    settings::Target,
};
use crate::{
    clients::dns::{Chain, Question, Rcode, Reply},
    contract::Context,
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
#[derive(Default)]
pub(crate) struct Names {
    random: Vec<Name>,
    deep: Option<Name>,
    given: Vec<(Name, Option<Name>)>,
}

impl Names {
    /// One name alone.
    pub(crate) fn plain(name: &Name) -> Self {
        Self { given: vec![(name.clone(), None)], ..Self::default() }
    }
}

/// One look: whom it asks for which names of a domain, and where they must lead.
pub(crate) struct Questions<'a> {
    /// Whom.
    pub(crate) asking: &'a Asking,
    /// The domain.
    pub(crate) domain: &'a Name,
    /// Which names.
    pub(crate) names: Names,
    /// Where they must lead, where that can be seen.
    pub(crate) target: Option<&'a Target>,
    /// Whose addresses a wrong answer might be.
    pub(crate) others: &'a IndexMap<String, Target>,
}

impl DnsWildcard {
    pub(super) async fn look(&self, cx: &Context) -> Evidence {
        let questions = Questions {
            asking: &self.asking,
            domain: &self.domain,
            names: self.names(cx),
            target: Some(&self.settings.target),
            others: &self.settings.others,
        };
        questions.look(cx).await
    }

    /// Random names, one of them in the shape that applications use: a label may be refused for its `--`.
    fn names(&self, cx: &Context) -> Names {
        let below = |label: &str, of: &Name| of.prepend_label(label).unwrap_or_else(|_| of.clone());
        let shaped = cx.label();
        let shaped = format!("{}--{}--{}--{}", &shaped[..5], &shaped[5..9], &shaped[9..14], &shaped[14..]);
        let deepest = cx.label();
        Names {
            random: vec![below(&cx.label(), &self.domain), below(&shaped, &self.domain)],
            deep: Some(below(&deepest, &below(&cx.label(), &self.domain))),
            given: self
                .names
                .iter()
                .map(|name| (name.clone(), (*name != self.domain).then(|| below(&deepest, name))))
                .collect(),
        }
    }
}

impl Questions<'_> {
    /// Asks everybody.
    pub(crate) async fn look(self, cx: &Context) -> Evidence {
        let at = cx.now();
        let met = self.asking.meet(cx).await;
        let zone = self.asking.zone(cx, &met, self.domain);
        let ((zone, authorities), (aim, others)) = join(zone, self.targets(cx, &met)).await;
        let servers: Vec<Server> = authorities.into_iter().chain(met.resolvers).collect();
        let mut views = join_all(servers.iter().map(|server| view(cx, server, &self.names))).await;
        let beneath = beneath(cx, &servers, &views).await;
        for (view, server) in views.iter_mut().zip(&servers) {
            view.unchecked = unchecked(cx, server, view).await;
        }
        let ends = match &met.guide {
            Ok(guide) => ends(cx, guide, &views, aim.host.as_deref()).await,
            Err(_) => Vec::new(),
        };
        Evidence { at, domain: plain(self.domain), target: aim, others, zone, views, ends, beneath }
    }

    async fn targets(&self, cx: &Context, met: &Met) -> (TargetSeen, IndexMap<String, TargetSeen>) {
        let mut by: Vec<Server> = met.resolvers.iter().filter(|server| server.is_sound()).cloned().collect();
        if let Ok(guide) = &met.guide
            && !by.iter().any(|server| server.address == guide.address)
        {
            by.push(guide.clone());
        }
        let others = self.others.iter().map(|(name, other)| async {
            let seen = target(cx, other, by.get(..1).unwrap_or_default()).await;
            (name.clone(), seen)
        });
        let aim = async {
            match self.target {
                Some(aim) => target(cx, aim, &by).await,
                None => TargetSeen::default(),
            }
        };
        let (aim, others) = join(aim, join_all(others)).await;
        (aim, others.into_iter().collect())
    }
}

/// What has records at or below the names that have no address though the wildcard has.
async fn beneath(cx: &Context, servers: &[Server], views: &[View]) -> IndexMap<String, Vec<String>> {
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
    let fresh = names.random.iter().chain(&names.deep).map(|name| server.reading(cx, name, true));
    let given: Vec<_> = names.given.iter().map(|(name, below)| named(cx, server, name, below.as_ref())).collect();
    let given = stream::iter(given).buffered(AT_ONCE);
    let (mut random, given) = join(join_all(fresh), given.collect()).await;
    if names.deep.is_some() {
        view.deep = random.pop();
    }
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
