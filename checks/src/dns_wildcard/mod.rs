//! `dns-wildcard`: every name below a domain leads to the target, whoever is asked.
//!
//! Random names are asked for, since a fixed one may exist, be cached or be faked. Missing means "no address in the
//! answer", not NXDOMAIN: signed zones and empty non-terminals say NOERROR. Zone transfers and providers' APIs would
//! show more and need rights that an organiser does not have.

pub(crate) mod evidence;
pub(crate) mod judge;
pub(crate) mod look;
pub(crate) mod observe;
pub(crate) mod settings;

use crate::contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window};
use evidence::Evidence;
use hickory_proto::rr::Name;
use look::Asking;
use settings::{Expect, Settings, Target, Viewpoint};

/// A wildcard and whom to ask for it.
pub struct DnsWildcard {
    settings: Settings,
    domain: Name,
    names: Vec<Name>,
    asking: Asking,
}

/// The longest domain that still takes two random labels in front.
const LONGEST_DOMAIN: usize = 200;

impl Probe for DnsWildcard {
    const KIND: &'static str = "dns-wildcard";
    const CODES: &'static [Code] = judge::CODES;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, _: &Place) -> Result<Self, Invalid> {
        let domain = domain(&settings.domain, "domain")?;
        if domain.len() > LONGEST_DOMAIN {
            return Err(Invalid::new("domain", "the domain is too long to put random names before it"));
        }
        if settings.resolvers.is_empty() {
            return Err(
                Invalid::new("resolvers", "nobody to ask").help("leave it out, or write `[authoritative, system]`")
            );
        }
        let mut names = Vec::new();
        for (at, name) in settings.names.iter().enumerate() {
            let name = below(name, &domain, &format!("names.{at}"))?;
            if names.contains(&name) {
                let message = format!("`{}` is there twice", settings.names[at].escape_debug());
                return Err(Invalid::new(&format!("names.{at}"), message));
            }
            names.push(name);
        }
        host(&settings.target, "target")?;
        for (name, other) in &settings.others {
            host(other, &format!("others.{name}"))?;
        }
        let control_domains = controls(settings.control.as_deref(), &domain)?;
        let asking = Asking { resolvers: settings.resolvers.clone(), control_domains };
        Ok(Self { settings, domain, names, asking })
    }

    fn access(&self) -> Vec<Access> {
        let whom: Vec<_> = self.settings.resolvers.iter().map(Viewpoint::to_string).collect();
        vec![Access::new("dns", format!("questions to {} over UDP and TCP, port 53", whom.join(", ")))]
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(self.look(cx).await)
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }
}

/// The domain name in `text`, which stands at `at`.
pub(crate) fn domain(text: &str, at: &str) -> Result<Name, Invalid> {
    let wrong = |what: &str| Invalid::new(at, format!("`{}` {what}", text.escape_debug()));
    if let Some(rest) = text.strip_prefix("*.") {
        return Err(wrong("is a wildcard, not a domain").help(format!("write `{}`", rest.escape_debug())));
    }
    let name = Name::from_ascii(text).map_err(|_| {
        wrong("is not a domain name")
            .help("write it as DNS has it: `ai.example.com`, or `xn--…` for letters beyond ASCII")
    });
    let mut name = name?.to_lowercase();
    name.set_fqdn(true);
    if name.is_root() || text.parse::<std::net::IpAddr>().is_ok() {
        Err(wrong("is not a domain name"))
    } else {
        Ok(name)
    }
}

/// The name `text` below `domain`; `@` is the domain itself, as in zone files.
fn below(text: &str, domain: &Name, at: &str) -> Result<Name, Invalid> {
    if text == "@" {
        return Ok(domain.clone());
    }
    let own = self::domain(text, at)?;
    own.append_domain(domain)
        .ok()
        .filter(|name| name.len() <= LONGEST_DOMAIN)
        .ok_or_else(|| Invalid::new(at, format!("`{}` is too long a name below the domain", text.escape_debug())))
}

/// Refuses a target that is no host.
pub(crate) fn host(target: &Target, at: &str) -> Result<(), Invalid> {
    match target {
        Target::Host(host) => domain(host, at).map(drop),
        Target::Addresses(_) => Ok(()),
    }
}

/// Where no name exists: `invalid` (RFC 2606), and the top-level domain, since some resolvers fake only what could exist.
pub(crate) fn controls(control: Option<&str>, domain: &Name) -> Result<Vec<Name>, Invalid> {
    if let Some(control) = control {
        return Ok(vec![self::domain(control, "control")?]);
    }
    let invalid = self::domain("invalid", "control")?;
    let top = domain.trim_to(1);
    Ok(if domain.num_labels() > 1 && top != invalid { vec![invalid, top] } else { vec![invalid] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clients::connections::Connections,
        contract::text::{Step, load, read},
    };
    use std::sync::Arc;

    fn made(with: &str) -> Result<DnsWildcard, Invalid> {
        let mut problems = Vec::new();
        let node = load(0, with, &mut problems).expect("a map");
        let settings = read(&node, &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
        DnsWildcard::new(settings, &Place::new(None, Vec::new(), Arc::new(Connections::default())))
    }

    fn refused(with: &str) -> Invalid {
        made(with).err().unwrap_or_else(|| panic!("{with} is taken"))
    }

    #[test]
    fn the_least_settings_ask_the_zones_servers_and_this_machines_resolver() {
        let probe =
            made("{ domain: AI.example.com., target: lb.example.net, names: ['@', a.b] }").expect("sound settings");
        assert_eq!(probe.settings.resolvers, [Viewpoint::Authoritative, Viewpoint::System]);
        let names: Vec<_> = probe.names.iter().map(Name::to_ascii).collect();
        assert_eq!(names, ["ai.example.com.", "a.b.ai.example.com."]);
        let controls: Vec<_> = probe.asking.control_domains.iter().map(Name::to_ascii).collect();
        assert_eq!(controls, ["invalid.", "com."]);
    }

    #[test]
    fn what_is_no_domain_is_refused_in_its_place() {
        for (with, at) in [
            ("{ domain: '*.ai.example.com', target: lb.example.net }", vec![Step::Key("domain".into())]),
            ("{ domain: 192.0.2.1, target: lb.example.net }", vec![Step::Key("domain".into())]),
            ("{ domain: '.', target: lb.example.net }", vec![Step::Key("domain".into())]),
            ("{ domain: '', target: lb.example.net }", vec![Step::Key("domain".into())]),
            ("{ domain: ai.example.com, target: 'not a host' }", vec![Step::Key("target".into())]),
            (
                "{ domain: ai.example.com, target: lb.example.net, names: [ok, 'no name'] }",
                vec![Step::Key("names".into()), Step::Index(1)],
            ),
            ("{ domain: ai.example.com, target: lb.example.net, resolvers: [] }", vec![Step::Key("resolvers".into())]),
            (
                "{ domain: ai.example.com, target: lb.example.net, others: { west: 'a..b' } }",
                vec![Step::Key("others".into()), Step::Key("west".into())],
            ),
        ] {
            assert_eq!(refused(with).at, at, "{with}");
        }
        assert_eq!(
            refused("{ domain: '*.ai.example.com', target: lb }").help.as_deref(),
            Some("write `ai.example.com`")
        );
    }

    #[test]
    fn a_target_is_a_host_or_addresses_and_never_nothing() {
        let target = |text: &str| {
            let mut problems = Vec::new();
            let node = load(0, text, &mut problems).expect("a value");
            read::<Target>(&node, &mut problems)
        };
        assert_eq!(target("lb.example.net"), Some(Target::Host("lb.example.net".into())));
        assert_eq!(target("203.0.113.10"), Some(Target::Addresses(vec!["203.0.113.10".parse().expect("an address")])));
        assert_eq!(
            target("[203.0.113.10, '2001:db8::1']").map(|t| matches!(t, Target::Addresses(list) if list.len() == 2)),
            Some(true)
        );
        assert_eq!((target("[]"), target("[lb.example.net]"), target("7")), (None, None, None));
    }
}
