//! The first look: who is there to ask, and whether what they say means anything.

use super::{
    evidence::{Answer, Control, Reading, Said, TargetSeen, ZoneSeen},
    settings::{Target, Viewpoint},
};
use crate::{
    clients::dns::{Question, Zone},
    contract::{Context, Unobserved, Why},
};
use futures::future::{join, join_all};
use hickory_proto::rr::{Name, RecordType};
use std::net::SocketAddr;

/// Somebody to ask.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(super) called: String,
    pub(super) address: SocketAddr,
    pub(super) is_authoritative: bool,
    pub(super) controls: Vec<Control>,
}

impl Server {
    /// True if and only if it answered its control, and answered it as an honest server does.
    pub(super) fn is_sound(&self) -> bool {
        let is_answered = self.controls.iter().any(|control| control.answer.is_ok());
        is_answered && (self.is_authoritative || !self.is_hijacking())
    }

    fn is_hijacking(&self) -> bool {
        self.controls
            .iter()
            .filter_map(|control| control.answer.as_ref().ok())
            .any(|reply| reply.addresses().next().is_some())
    }

    pub(super) fn question(&self, name: Name, kind: RecordType) -> Question {
        if self.is_authoritative {
            Question::authoritative(self.address, name, kind)
        } else {
            Question::recursive(self.address, name, kind)
        }
    }

    /// What it says of the addresses of `name`.
    pub(super) async fn reading(&self, cx: &Context, name: &Name, is_random: bool) -> Reading {
        let ask = |kind| {
            let question = self.question(name.clone(), kind);
            let question = if is_random { question.alone() } else { question };
            async { answer(cx, question).await }
        };
        let (a, aaaa) = join(ask(RecordType::A), ask(RecordType::AAAA)).await;
        Reading { name: plain(name), a, aaaa }
    }
}

/// The answer as evidence.
pub(super) async fn answer(cx: &Context, question: Question) -> Answer {
    cx.dns(question).await.map(|reply| (*reply).clone())
}

/// The name as evidence has it.
pub(crate) fn plain(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

/// Whom to ask, and below which domains no name exists.
pub(crate) struct Asking {
    /// The viewpoints.
    pub(crate) resolvers: Vec<Viewpoint>,
    /// Domains without a wildcard.
    pub(crate) control_domains: Vec<Name>,
}

/// Everyone who was met.
pub(super) struct Met {
    /// The recursive resolvers that the checklist wants asked.
    pub(super) resolvers: Vec<Server>,
    /// The one that shows the way: to the zone's servers, to the ends of aliases.
    pub(super) guide: Result<Server, Unobserved>,
}

impl Asking {
    /// Finds the resolvers, and whom of them to believe.
    pub(super) async fn meet(&self, cx: &Context) -> Met {
        let explicit = self.resolvers.iter().filter_map(|viewpoint| match viewpoint {
            Viewpoint::Resolver(address) => Some((viewpoint.to_string(), *address)),
            _ => None,
        });
        let explicit = join_all(explicit.map(|(called, address)| self.control(cx, called, address)));
        let is_system_needed = self.resolvers.iter().any(|who| !matches!(who, Viewpoint::Resolver(_)));
        let system = async { if is_system_needed { self.system(cx).await } else { Ok(Vec::new()) } };
        let (mut resolvers, system) = join(explicit, system).await;
        let sound = system.iter().flatten().chain(&resolvers).find(|server| server.is_sound()).cloned();
        let guide = sound.ok_or_else(|| nobody(&system, &resolvers));
        if self.resolvers.contains(&Viewpoint::System)
            && let Ok(system) = system
        {
            let sound = system.iter().find(|server| server.is_sound()).or(system.first());
            resolvers.extend(sound.cloned());
        }
        Met { resolvers, guide }
    }

    /// This machine's resolvers up to the first that is sound.
    async fn system(&self, cx: &Context) -> Result<Vec<Server>, Unobserved> {
        let mut met = Vec::new();
        for address in cx.resolvers().await?.iter() {
            let called = format!("system ({})", Viewpoint::Resolver(*address));
            let server = self.control(cx, called, *address).await;
            let is_sound = server.is_sound();
            met.push(server);
            if is_sound {
                break;
            }
        }
        Ok(met)
    }

    /// Asks a resolver for names that do not exist.
    async fn control(&self, cx: &Context, called: String, address: SocketAddr) -> Server {
        let controls = join_all(self.control_domains.iter().map(|domain| async move {
            let of = format!("a random name below {}", plain(domain));
            let answer = cx.control(address, domain).await.map(|reply| (*reply).clone());
            Control { of, answer }
        }));
        Server { called, address, is_authoritative: false, controls: controls.await }
    }

    /// The zone of `domain` and its servers, where they are to be asked.
    pub(super) async fn zone(
        &self,
        cx: &Context,
        met: &Met,
        domain: &Name,
    ) -> (Option<Result<ZoneSeen, Unobserved>>, Vec<Server>) {
        if !self.resolvers.contains(&Viewpoint::Authoritative) {
            return (None, Vec::new());
        }
        let found = match &met.guide {
            Ok(guide) => cx.zone_of(guide.address, domain).await,
            Err(missing) => Err(missing.clone()),
        };
        match found {
            Ok(zone) => {
                let servers = Self::authorities(cx, &zone).await;
                (Some(Ok(ZoneSeen::of(zone))), servers)
            }
            Err(missing) => (Some(Err(missing)), Vec::new()),
        }
    }

    /// The zone's name servers, each asked for its zone's SOA.
    async fn authorities(cx: &Context, zone: &Zone) -> Vec<Server> {
        let Ok(apex) = Name::from_str_relaxed(format!("{}.", zone.name)) else { return Vec::new() };
        let servers = zone.servers.iter().flat_map(|server| {
            let addresses = server.addresses.as_ref().map(Vec::as_slice).unwrap_or_default();
            addresses.iter().map(|address| {
                let called = match addresses {
                    [_] => server.name.clone(),
                    _ => format!("{} ({address})", server.name),
                };
                (called, SocketAddr::new(*address, 53))
            })
        });
        let asked = servers.map(|(called, address)| {
            let question = Question::authoritative(address, apex.clone(), RecordType::SOA);
            async move {
                let control = Control { of: format!("SOA {}", zone.name), answer: answer(cx, question).await };
                Server { called, address, is_authoritative: true, controls: vec![control] }
            }
        });
        join_all(asked).await
    }
}

fn nobody(system: &Result<Vec<Server>, Unobserved>, explicit: &[Server]) -> Unobserved {
    let met = system.iter().flatten().chain(explicit);
    let silent = met.flat_map(|server| &server.controls).find_map(|control| control.answer.as_ref().err());
    let missing = silent.or(system.as_ref().err()).cloned();
    missing.unwrap_or_else(|| {
        Unobserved::new(Why::WrongSystem, "every resolver", "each answers for names that do not exist")
    })
}

/// What resolvers say of a target.
pub(super) async fn target(cx: &Context, target: &Target, by: &[Server]) -> TargetSeen {
    match target {
        Target::Addresses(given) => TargetSeen { given: given.clone(), ..TargetSeen::default() },
        Target::Host(host) => {
            let Ok(mut name) = Name::from_ascii(host) else { return TargetSeen::default() };
            name.set_fqdn(true);
            let said = join_all(by.iter().map(|server| async {
                let Reading { a, aaaa, .. } = server.reading(cx, &name, false).await;
                Said { by: server.called.clone(), a, aaaa }
            }));
            TargetSeen { host: Some(plain(&name)), given: Vec::new(), said: said.await }
        }
    }
}
