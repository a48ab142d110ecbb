//! The first link: what a name gives, asked anew for each try, and who says so.
//!
//! Where the checklist names resolvers they are asked by ourselves, since a resolver library keeps what it has heard. This
//! machine's own way (hosts file, search list) is taken as its programs take it, and DNS is asked beside it to say why it fails.

use super::{aims::Here, evidence::Name, settings::Family};
use crate::{
    clients::{
        dns::{self, Rcode, Reply},
        looks::Question,
    },
    contract::{Context, Unobserved, Why},
};
use hickory_proto::rr::{Name as DnsName, RecordType};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The longest that this machine's own way may take, in link limits: it asks several resolvers in turn.
const OWN_WAY: u32 = 2;

/// What the name gives, and the sockets that it leads to.
pub(super) struct Resolved {
    pub(super) name: Name,
    pub(super) sockets: Vec<SocketAddr>,
}

pub(super) async fn resolve(aim: &Here, cx: &Context) -> Result<Resolved, Unobserved> {
    let named = |by: &str, addresses: Vec<IpAddr>| Name { by: by.to_owned(), addresses, ..Name::default() };
    if let Ok(ip) = aim.host.parse::<IpAddr>() {
        let sockets = vec![SocketAddr::new(ip, aim.port)];
        return Ok(Resolved { name: named("the address itself", vec![ip]), sockets });
    }
    if let Some(socket) = cx.network().leads_host(&aim.host, aim.port) {
        let name = Name { is_led: true, ..named("the checklist's network", vec![socket.ip()]) };
        return Ok(Resolved { name, sockets: vec![socket] });
    }
    let mut name =
        if cx.network().resolvers().is_empty() { by_machine(aim, cx).await? } else { by_dns(aim, cx).await? };
    name.addresses.sort_unstable();
    name.addresses.dedup();
    let is_wanted = |ip: &&IpAddr| match aim.family {
        Family::Every => true,
        Family::Ipv4 => ip.is_ipv4(),
        Family::Ipv6 => ip.is_ipv6(),
    };
    let sockets: Vec<_> = name.addresses.iter().filter(is_wanted).map(|ip| SocketAddr::new(*ip, aim.port)).collect();
    if sockets.is_empty() && name.absent.is_none() {
        name.absent = Some("no address of the wanted family".to_owned());
    }
    Ok(Resolved { name, sockets })
}

/// As this machine's programs resolve it.
async fn by_machine(aim: &Here, cx: &Context) -> Result<Name, Unobserved> {
    let asked = format!("addresses of {}", aim.host);
    let question =
        Question { host: asked.clone(), key: String::new(), asked: asked.clone(), limit: aim.limit * OWN_WAY };
    let (network, host) = (cx.network().clone(), aim.host.clone());
    let look = move || {
        let (network, host) = (network.clone(), host.clone());
        async move { network.addresses(&host).await }
    };
    let own = cx.looks().alone::<Vec<IpAddr>, _>(cx.trace(), question, look).await;
    let dns = by_dns(aim, cx).await;
    match (own, dns) {
        (Ok(addresses), dns) => {
            let dns = dns.ok();
            let dns_says = dns.as_ref().and_then(|name| name.absent.clone());
            let is_rewritten = dns.is_some_and(|name| name.is_rewritten);
            Ok(Name {
                by: "this machine".to_owned(),
                addresses: (*addresses).clone(),
                dns_says,
                is_rewritten,
                ..Name::default()
            })
        }
        // DNS says that there is none; anything else says that somebody failed.
        (Err(_), Ok(name)) if name.absent.is_some() => Ok(name),
        (Err(missing), _) => Err(missing),
    }
}

/// As the first resolver says that knows.
async fn by_dns(aim: &Here, cx: &Context) -> Result<Name, Unobserved> {
    let unfit = |error: &dyn std::fmt::Display| Unobserved::new(Why::Unconfigured, format!("name {}", aim.host), error);
    let name = DnsName::from_ascii(format!("{}.", aim.host.trim_end_matches('.'))).map_err(|error| unfit(&error))?;
    let mut failed = None;
    for server in cx.resolvers().await?.iter() {
        match ask(cx, *server, &name).await {
            Ok(mut found) => {
                found.is_rewritten = !found.addresses.is_empty() && is_rewritten(cx, *server, &found).await;
                return Ok(found);
            }
            Err(missing) => failed = failed.or(Some(missing)),
        }
    }
    Err(failed.unwrap_or_else(|| unfit(&"there is no resolver to ask")))
}

async fn ask(cx: &Context, server: SocketAddr, name: &DnsName) -> Result<Name, Unobserved> {
    let question = |kind| dns::Question::recursive(server, name.clone(), kind).alone();
    let of = async |kind: RecordType| definite(&question(kind), cx.dns(question(kind)).await);
    let (v4, v6) = futures::join!(of(RecordType::A), of(RecordType::AAAA));
    let by = if server.port() == 53 { server.ip().to_string() } else { server.to_string() };
    let addresses: Vec<IpAddr> = [&v4, &v6].into_iter().flatten().flat_map(|reply| reply.addresses()).collect();
    if !addresses.is_empty() {
        return Ok(Name { by, addresses, ..Name::default() });
    }
    let (v4, v6) = (v4?, v6?);
    let absent = match (v4.rcode, v6.rcode) {
        (Rcode::NxDomain, _) | (_, Rcode::NxDomain) => "NXDOMAIN: there is no such name",
        _ if !v4.answers.is_empty() || !v6.answers.is_empty() => "an alias that leads to no address",
        _ => "the name is there, and has no address",
    };
    Ok(Name { by, absent: Some(absent.to_owned()), ..Name::default() })
}

/// SERVFAIL and its like say nothing of the name.
fn definite(question: &dns::Question, reply: Result<Arc<Reply>, Unobserved>) -> Result<Arc<Reply>, Unobserved> {
    let reply = reply?;
    if reply.is_definite() {
        return Ok(reply);
    }
    let because = reply.because.as_ref().map(|words| format!(" ({words})")).unwrap_or_default();
    let detail = format!("{}{because}: the resolver failed, which says nothing of the name", reply.rcode);
    Err(Unobserved::new(Why::ServerError, question.asked(), detail).by_hand(question.by_hand()))
}

/// True where a name that cannot exist (RFC 6761, section 6.4) has these addresses too.
async fn is_rewritten(cx: &Context, server: SocketAddr, found: &Name) -> bool {
    let Ok(invalid) = DnsName::from_ascii("invalid.") else { return false };
    match cx.control(server, &invalid).await {
        Ok(reply) => {
            let lies: Vec<IpAddr> = reply.addresses().collect();
            let mut asked_alike = found.addresses.iter().filter(|ip| ip.is_ipv4()).peekable();
            asked_alike.peek().is_some() && asked_alike.all(|ip| lies.contains(ip))
        }
        Err(_) => false,
    }
}
