//! An answer's chain of aliases: where the name that was asked for leads, by this answer alone.
//!
//! Records that the chain does not reach say nothing about the name and are not looked at.

use super::{Data, Reply};
use std::net::IpAddr;

/// The longest chain that is followed; resolvers give up earlier.
const LONGEST: usize = 16;

/// A chain of aliases and the addresses at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain<'a> {
    /// The names that the aliases lead to, in order; empty where the name is no alias.
    pub aliases: Vec<&'a str>,
    /// The addresses at the end.
    pub addresses: Vec<IpAddr>,
    /// The longest that any part of it may be kept, in seconds.
    pub ttl: Option<u32>,
    /// True where it comes back to itself.
    pub is_circle: bool,
}

impl<'a> Chain<'a> {
    /// Follows `name` through the answer.
    #[must_use]
    pub fn of(reply: &'a Reply, name: &'a str) -> Self {
        let (mut chain, mut at) = (Self::default(), name);
        while let Some((to, ttl)) = alias(reply, at) {
            chain.ttl = chain.ttl.max(Some(ttl));
            if to == name || chain.aliases.contains(&to) || chain.aliases.len() == LONGEST {
                chain.is_circle = true;
                return chain;
            }
            chain.aliases.push(to);
            at = to;
        }
        for record in reply.answers.iter().filter(|record| record.name == at) {
            if let Some(address) = record.address() {
                chain.addresses.push(address);
                chain.ttl = chain.ttl.max(Some(record.ttl));
            }
        }
        chain.addresses.sort_unstable();
        chain
    }

    /// The last name; none where the name is no alias.
    #[must_use]
    pub fn end(&self) -> Option<&'a str> {
        self.aliases.last().copied()
    }
}

fn alias<'a>(reply: &'a Reply, name: &str) -> Option<(&'a str, u32)> {
    reply.answers.iter().find_map(|record| match &record.data {
        Data::Cname(to) if record.name == name => Some((to.as_str(), record.ttl)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Record;
    use super::*;

    fn reply(records: &[(&str, Data)]) -> Reply {
        let record = |(name, data): &(&str, Data)| Record { name: (*name).to_owned(), ttl: 60, data: data.clone() };
        Reply { answers: records.iter().map(record).collect(), ..Reply::default() }
    }

    fn to(name: &str) -> Data {
        Data::Cname(name.to_owned())
    }

    #[test]
    fn addresses_that_the_name_does_not_lead_to_are_not_its_own() {
        let seen = reply(&[("a", to("b")), ("c", Data::A([192, 0, 2, 1].into()))]);
        let chain = Chain::of(&seen, "a");
        assert_eq!((chain.end(), chain.addresses.len()), (Some("b"), 0));
    }

    #[test]
    fn a_chain_that_comes_back_is_a_circle_and_ends() {
        assert!(Chain::of(&reply(&[("a", to("b")), ("b", to("a"))]), "a").is_circle);
        assert!(Chain::of(&reply(&[("a", to("b")), ("b", to("c")), ("c", to("b"))]), "a").is_circle);
        assert!(Chain::of(&reply(&[("a", to("a"))]), "a").is_circle);
    }
}
