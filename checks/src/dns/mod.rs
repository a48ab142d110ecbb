//! `dns`: plain names lead where the checklist says, whoever is asked, and no change of them is still on its way.
//!
//! Names are asked for as `dns-wildcard` asks, and its judgement of one name is used. A provider's API shows what DNS hides:
//! the origin of a proxied name, the time of a change, records beside the declared ones. A zone transfer would too, and is
//! open to nobody.

mod alias;
mod evidence;
mod judge;
mod provider;
mod records;
mod serial;
mod settings;

use crate::{
    clients::cloudflare::DNS_READ,
    contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window},
    dns_wildcard::{
        self,
        look::{Asking, plain},
        observe::{Names, Questions},
        settings::{Target, Viewpoint},
    },
};
use evidence::{Evidence, NameSeen};
use futures::future::{join, join_all};
use hickory_proto::rr::Name;
use indexmap::IndexMap;
use provider::Provider;
use settings::{Declared, Expect, Settings};

/// Names, whom to ask for them, and the provider of their zone.
pub struct Dns {
    names: Vec<Known>,
    others: IndexMap<String, Target>,
    resolvers: Vec<Viewpoint>,
    provider: Option<Provider>,
}

/// One name and what is declared of it.
struct Known {
    name: Name,
    alias: Option<Name>,
    /// None for a proxied name.
    target: Option<Target>,
    asking: Asking,
}

impl Probe for Dns {
    const KIND: &'static str = "dns";
    const CODES: &'static [Code] = judge::CODES;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        if settings.names.is_empty() && settings.cloudflare.is_none() {
            return Err(Invalid::new("names", "nothing to look at").help("add `names`, `cloudflare` or both"));
        }
        if settings.resolvers.is_empty() {
            return Err(
                Invalid::new("resolvers", "nobody to ask").help("leave it out, or write `[authoritative, system]`")
            );
        }
        let mut names: Vec<Known> = Vec::new();
        for (at, declared) in settings.names.iter().enumerate() {
            let known = known(declared, &settings, &format!("names.{at}"))?;
            if names.iter().any(|other| other.name == known.name) {
                let message = format!("`{}` is there twice", declared.name.escape_debug());
                return Err(Invalid::new(&format!("names.{at}.name"), message));
            }
            names.push(known);
        }
        for (name, other) in &settings.others {
            dns_wildcard::host(other, &format!("others.{name}"))?;
        }
        let provider = settings.cloudflare.as_ref().map(|cloudflare| Provider::new(cloudflare, place)).transpose()?;
        Ok(Self { names, others: settings.others, resolvers: settings.resolvers, provider })
    }

    fn access(&self) -> Vec<Access> {
        let whom: Vec<_> = self.resolvers.iter().map(Viewpoint::to_string).collect();
        let asked = Access::new("dns", format!("questions to {} over UDP and TCP, port 53", whom.join(", ")));
        std::iter::once(asked).chain(self.provider.as_ref().map(|_| Access::new("cloudflare", DNS_READ))).collect()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let at = cx.now();
        let names = join_all(self.names.iter().map(|known| self.look(cx, known)));
        let provider = async {
            match &self.provider {
                Some(provider) => Some(provider.look(cx).await),
                None => None,
            }
        };
        let (names, provider) = join(names, provider).await;
        Ok(Evidence { at, names, provider })
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
        records::moments(evidence, window)
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}

impl Dns {
    async fn look(&self, cx: &Context, known: &Known) -> NameSeen {
        let questions = Questions {
            asking: &known.asking,
            domain: &known.name,
            names: Names::plain(&known.name),
            target: known.target.as_ref(),
            others: &self.others,
        };
        NameSeen {
            alias: known.alias.as_ref().map(plain),
            is_hidden: known.target.is_none(),
            seen: questions.look(cx).await,
        }
    }
}

fn known(declared: &Declared, settings: &Settings, at: &str) -> Result<Known, Invalid> {
    let name = dns_wildcard::domain(&declared.name, &format!("{at}.name")).map_err(|invalid| {
        if declared.name.starts_with("*.") {
            invalid.help("the probe `dns-wildcard` looks at wildcards")
        } else {
            invalid
        }
    })?;
    let alias =
        declared.alias.as_deref().map(|alias| dns_wildcard::domain(alias, &format!("{at}.alias"))).transpose()?;
    if let Some(target) = &declared.target {
        dns_wildcard::host(target, &format!("{at}.target"))?;
    }
    let target = match (&declared.target, &declared.alias, declared.proxied) {
        (None, None, true) if settings.cloudflare.is_some() => None,
        (None, None, true) => {
            return Err(Invalid::new(&format!("{at}.proxied"), "a proxied name hides where it leads")
                .help("add `cloudflare: { connection: …, zone: …, records: […] }`, which shows it"));
        }
        (_, _, true) => {
            return Err(Invalid::new(
                &format!("{at}.proxied"),
                "a proxied name has the proxy's addresses, not the target's",
            )
            .help("leave `target` and `alias` out, and declare the record under `cloudflare.records`"));
        }
        (Some(target), ..) => Some(target.clone()),
        (None, Some(alias), _) => Some(Target::Host(alias.clone())),
        (None, None, false) => {
            return Err(Invalid::new(at, format!("nothing says where `{}` must lead", declared.name.escape_debug()))
                .help("add `target: lb.example.net`, `target: [203.0.113.10]`, or `alias: lb.example.net`"));
        }
    };
    let control_domains = dns_wildcard::controls(settings.control.as_deref(), &name)?;
    Ok(Known { name, alias, target, asking: Asking { resolvers: settings.resolvers.clone(), control_domains } })
}

#[cfg(test)]
mod tests;
