//! A whole answer, as evidence: response code, flags, every section.

use hickory_proto::{
    op::{Message, ResponseCode},
    rr::{DNSClass, Name, RData, rdata::opt::EdnsOption},
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// The EDNS option in which a resolver says why it failed (RFC 8914).
const EXTENDED_ERROR: u16 = 15;
/// The longest text of that option that is kept, in characters.
const LONGEST_TEXT: usize = 200;

/// A server's whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a DNS header")]
pub struct Reply {
    /// The response code.
    pub rcode: Rcode,
    /// AA: the server speaks for the zone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub aa: bool,
    /// RA: the server resolves for others.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ra: bool,
    /// AD: the server says that it validated the answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ad: bool,
    /// TC came over UDP, and this is the answer over TCP.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tc: bool,
    /// The records that answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Record>,
    /// The records about who is responsible.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authority: Vec<Record>,
    /// The records that may help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional: Vec<Record>,
    /// What the server says of its own failure (RFC 8914): `9 DNSKEY Missing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// A response code, in the words of `dig`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Rcode {
    /// Answered; there may still be no data.
    #[default]
    NoError,
    /// The server could not read the question.
    FormErr,
    /// The server failed.
    ServFail,
    /// No such name.
    NxDomain,
    /// The server does not know this kind of question.
    NotImp,
    /// The server will not answer.
    Refused,
    /// Any other.
    Other(u16),
}

impl fmt::Display for Rcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoError => f.write_str("NOERROR"),
            Self::FormErr => f.write_str("FORMERR"),
            Self::ServFail => f.write_str("SERVFAIL"),
            Self::NxDomain => f.write_str("NXDOMAIN"),
            Self::NotImp => f.write_str("NOTIMP"),
            Self::Refused => f.write_str("REFUSED"),
            Self::Other(code) => write!(f, "response code {code}"),
        }
    }
}

/// One record of class IN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Whose it is: lower case, no last dot.
    pub name: String,
    /// Seconds for which it may be kept.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// What a record says; names are in lower case and without their last dot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Data {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    #[serde(rename = "AAAA")]
    Aaaa(Ipv6Addr),
    /// An alias.
    #[serde(rename = "CNAME")]
    Cname(String),
    /// A name server.
    #[serde(rename = "NS")]
    Ns(String),
    /// The zone's own record.
    #[serde(rename = "SOA")]
    Soa {
        /// The version of what was published.
        serial: u32,
        /// Seconds for which "there is none" may be kept.
        minimum: u32,
    },
    /// Any other: its type alone.
    Other(String),
}

impl Reply {
    pub(super) fn read(message: &Message) -> Self {
        let section = |records: &[hickory_proto::rr::Record]| {
            records.iter().filter(|record| record.dns_class == DNSClass::IN).map(Record::read).collect()
        };
        Self {
            rcode: Rcode::of(message.metadata.response_code),
            aa: message.metadata.authoritative,
            ra: message.metadata.recursion_available,
            ad: message.metadata.authentic_data,
            tc: false,
            answers: section(&message.answers),
            authority: section(&message.authorities),
            additional: section(&message.additionals),
            because: extended_error(message),
        }
    }

    /// True if and only if the server says what is so: there is data, there is none, or there is no such name.
    #[must_use]
    pub const fn is_definite(&self) -> bool {
        matches!(self.rcode, Rcode::NoError | Rcode::NxDomain)
    }

    /// The addresses that anything in the answer has.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.answers.iter().filter_map(Record::address)
    }

    /// The name servers of `zone` in the answer.
    #[must_use]
    pub fn name_servers(&self, zone: &str) -> Vec<String> {
        listed(&self.answers, zone)
    }

    /// The zone's own record, wherever it stands, and whose it is.
    #[must_use]
    pub fn soa(&self) -> Option<(&str, u32)> {
        self.answers.iter().chain(&self.authority).find_map(|record| match record.data {
            Data::Soa { serial, .. } => Some((record.name.as_str(), serial)),
            _ => None,
        })
    }

    /// Seconds for which "there is none" may be kept in the zone whose own record this answers with.
    #[must_use]
    pub fn absence_kept(&self) -> Option<u32> {
        self.answers.iter().find_map(|record| match record.data {
            Data::Soa { minimum, .. } => Some(minimum.min(record.ttl)),
            _ => None,
        })
    }

    /// Seconds for which "there is none" may be kept: the lesser of the SOA's TTL and its minimum (RFC 2308).
    #[must_use]
    pub fn negative_ttl(&self) -> Option<u32> {
        self.authority.iter().find_map(|record| match record.data {
            Data::Soa { minimum, .. } => Some(minimum.min(record.ttl)),
            _ => None,
        })
    }
}

/// The name servers that `records` list for `zone`.
pub(super) fn listed(records: &[Record], zone: &str) -> Vec<String> {
    let servers = records.iter().filter(|record| record.name == zone).filter_map(|record| match &record.data {
        Data::Ns(server) => Some(server.clone()),
        _ => None,
    });
    servers.collect()
}

impl Record {
    fn read(record: &hickory_proto::rr::Record) -> Self {
        let data = match &record.data {
            RData::A(a) => Data::A(a.0),
            RData::AAAA(aaaa) => Data::Aaaa(aaaa.0),
            RData::CNAME(to) => Data::Cname(plain(&to.0)),
            RData::NS(server) => Data::Ns(plain(&server.0)),
            RData::SOA(soa) => Data::Soa { serial: soa.serial, minimum: soa.minimum },
            _ => Data::Other(record.record_type().to_string()),
        };
        // RFC 2181 section 8: a TTL with its highest bit set means zero.
        let ttl = if record.ttl > i32::MAX.unsigned_abs() { 0 } else { record.ttl };
        Self { name: plain(&record.name), ttl, data }
    }

    /// The address that it gives.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self.data {
            Data::A(v4) => Some(IpAddr::V4(v4)),
            Data::Aaaa(v6) => Some(IpAddr::V6(v6)),
            _ => None,
        }
    }

    /// Its type, as it is written.
    #[must_use]
    pub fn kind(&self) -> &str {
        match &self.data {
            Data::A(_) => "A",
            Data::Aaaa(_) => "AAAA",
            Data::Cname(_) => "CNAME",
            Data::Ns(_) => "NS",
            Data::Soa { .. } => "SOA",
            Data::Other(kind) => kind,
        }
    }
}

impl Rcode {
    fn of(code: ResponseCode) -> Self {
        match code {
            ResponseCode::NoError => Self::NoError,
            ResponseCode::FormErr => Self::FormErr,
            ResponseCode::ServFail => Self::ServFail,
            ResponseCode::NXDomain => Self::NxDomain,
            ResponseCode::NotImp => Self::NotImp,
            ResponseCode::Refused => Self::Refused,
            other => Self::Other(other.into()),
        }
    }
}

/// The name in lower case and without its last dot, strange bytes escaped.
pub(super) fn plain(name: &Name) -> String {
    let text = name.to_lowercase().to_ascii();
    if text.len() > 1 { text.trim_end_matches('.').to_owned() } else { text }
}

fn extended_error(message: &Message) -> Option<String> {
    let options = message.edns.as_ref()?.options();
    options.as_ref().iter().find_map(|(_, option)| match option {
        EdnsOption::Unknown(EXTENDED_ERROR, bytes) => {
            let (code, text) = bytes.split_first_chunk::<2>()?;
            let text: String = String::from_utf8_lossy(text).chars().take(LONGEST_TEXT).collect();
            Some(format!("{} {text}", u16::from_be_bytes(*code)).trim_end().to_owned())
        }
        _ => None,
    })
}
