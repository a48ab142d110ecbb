//! Cloudflare's API v4, as far as it says of tokens, zones and their records. Nothing is written.
//!
//! Every answer is an envelope: `success` counts, not the status. A zone that the token may not see is left out of the list
//! without a word, so that an empty list is no absence: the zones that it does see are asked for as a control.

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Remedy, Unobserved, Why, short};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;
use url::Url;

/// The right that reading records needs, as Cloudflare's token page calls it.
pub const DNS_READ: &str = "Zone, DNS, Read on the zone";
/// How long an automatic TTL (`ttl: 1`) is, in seconds (Cloudflare, "Time to Live (TTL)").
pub const AUTO_TTL: u32 = 300;
/// Records on a page, the most that every release takes.
const PER_PAGE: u32 = 100;
/// The most pages of records of one name that are read.
const MOST_PAGES: u32 = 20;
/// The codes that say of the token itself that it is none: invalid, not valid, a header that holds none.
const NO_TOKEN: [u32; 5] = [1000, 6003, 6103, 6111, 9109];

/// A zone, as Cloudflare describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct Zone {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `active` once the world asks Cloudflare for it; `pending`, `moved`, … otherwise.
    pub status: String,
    /// True while Cloudflare answers names only, and hides no origin.
    #[serde(default)]
    pub paused: bool,
    /// The name servers that the world must ask for it.
    #[serde(default)]
    pub name_servers: Vec<String>,
    /// The zone's own names for them, where it has some.
    #[serde(default)]
    pub vanity_name_servers: Option<Vec<String>>,
}

/// A record, as Cloudflare describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Whose it is.
    pub name: String,
    /// `A`, `CNAME`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What it says; absent for types that have structured data only.
    #[serde(default)]
    pub content: String,
    /// Seconds; 1 is automatic.
    pub ttl: u32,
    /// True where Cloudflare stands before the origin.
    #[serde(default)]
    pub proxied: bool,
    /// When it was made.
    #[serde(default)]
    pub created_on: Option<Timestamp>,
    /// When it was changed last.
    #[serde(default)]
    pub modified_on: Option<Timestamp>,
}

impl Record {
    /// For how many seconds resolvers may keep it.
    #[must_use]
    pub fn kept(&self) -> u32 {
        if self.ttl == 1 { AUTO_TTL } else { self.ttl }
    }
}

/// What Cloudflare says of the token that asks.
#[derive(Clone, Debug, Deserialize)]
pub struct Token {
    /// `active`, `disabled` or `expired`.
    pub status: String,
    /// Before this it is not valid.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
    /// When it ends; absent for one that never does.
    #[serde(default)]
    pub expires_on: Option<Timestamp>,
}

/// A token that asks, or what Cloudflare says against it.
#[derive(Clone, Debug)]
pub enum Own {
    /// It is one of the user's, or of the account that was named.
    Known(Token),
    /// Cloudflare does not know it.
    Refused(String),
}

#[derive(Deserialize)]
struct Envelope<T> {
    success: bool,
    #[serde(default)]
    errors: Vec<Complaint>,
    result: Option<T>,
    #[serde(default)]
    result_info: Option<Pages>,
}

#[derive(Deserialize)]
struct Complaint {
    code: u32,
    message: String,
}

#[derive(Deserialize)]
struct Pages {
    #[serde(default)]
    total_pages: u32,
    #[serde(default)]
    total_count: u64,
}

/// One client: where Cloudflare is, and who asks.
pub struct Cloudflare<'a> {
    cx: &'a Context,
    endpoint: &'a Endpoint,
    token: &'a SecretString,
}

impl<'a> Cloudflare<'a> {
    /// Asks at `endpoint` as `token`.
    #[must_use]
    pub const fn new(cx: &'a Context, endpoint: &'a Endpoint, token: &'a SecretString) -> Self {
        Self { cx, endpoint, token }
    }

    /// The zone `name`, and the answer that says so.
    ///
    /// # Errors
    /// No answer, no right, or no such zone among those that the token may see.
    pub async fn zone(&self, name: &str) -> Result<(Zone, Arc<Response>), Unobserved> {
        let mut url = self.address(&["zones"])?;
        url.query_pairs_mut().append_pair("name", name);
        let answer = self.ask(url).await?;
        let zones: Vec<Zone> = opened(&answer)?.0;
        match zones.into_iter().find(|zone| zone.name.eq_ignore_ascii_case(name)) {
            Some(zone) => Ok((zone, answer)),
            None => Err(self.unseen_zone(name, &answer).await?),
        }
    }

    /// Why the list held no zone `name`: nothing may be seen at all, or others may.
    async fn unseen_zone(&self, name: &str, answer: &Response) -> Result<Unobserved, Unobserved> {
        let mut url = self.address(&["zones"])?;
        url.query_pairs_mut().append_pair("per_page", "5");
        let (zones, pages): (Vec<Zone>, _) = opened(&*self.ask(url).await?)?;
        let count = pages.map_or(zones.len() as u64, |pages| pages.total_count.max(zones.len() as u64));
        let by_hand = Remedy::prose(format!(
            "give the token {DNS_READ} {name}, or name the zone that the record is in: it is the whole zone, not a name in it"
        ));
        let (why, detail) = match count {
            0 => (Why::Forbidden, "the token may see no zone at all".to_owned()),
            count => {
                (Why::NotFound, format!("no zone {name} among the {count} that the token may see: it may be hidden"))
            }
        };
        Ok(Unobserved::new(why, &answer.asked, detail).by_hand(by_hand))
    }

    /// Every record of exactly `name` in `zone`, and the first answer that says so.
    ///
    /// # Errors
    /// No answer, no right, or more pages than are read.
    pub async fn records(&self, zone: &Zone, name: &str) -> Result<(Vec<Record>, Arc<Response>), Unobserved> {
        let (mut found, mut first) = (Vec::new(), None);
        for page in 1..=MOST_PAGES {
            let mut url = self.address(&["zones", &zone.id, "dns_records"])?;
            url.query_pairs_mut()
                .append_pair("name", name)
                .append_pair("per_page", &PER_PAGE.to_string())
                .append_pair("page", &page.to_string());
            let answer = self.ask(url).await?;
            let (records, pages): (Vec<Record>, _) = opened(&answer)?;
            let Some(pages) = pages else {
                return Err(malformed(&answer, "the list does not say how many pages it has"));
            };
            if records.is_empty() && pages.total_count > 0 {
                return Err(malformed(&answer, "a page without records, though the list has some"));
            }
            // Whether a filter is obeyed is the server's to decide; what counts is compared here.
            found.extend(records.into_iter().filter(|record| record.name.eq_ignore_ascii_case(name)));
            let first = first.get_or_insert(answer);
            if pages.total_pages <= page {
                return Ok((found, first.clone()));
            }
        }
        Err(Unobserved::new(Why::TooLarge, format!("the records of {name}"), format!("more than {MOST_PAGES} pages")))
    }

    /// What Cloudflare says of the token itself: one of `account`, where that is given, else a user's.
    ///
    /// # Errors
    /// No answer, or a refusal that may be of another thing than the token.
    pub async fn verify(&self, account: Option<&str>) -> Result<(Own, Arc<Response>), Unobserved> {
        let url = match account {
            Some(account) => self.address(&["accounts", account, "tokens", "verify"])?,
            None => self.address(&["user", "tokens", "verify"])?,
        };
        let answer = self.ask(url).await?;
        let Some(says) = disowned(&answer) else { return Ok((Own::Known(opened(&answer)?.0), answer)) };
        // An account's own token is none of a user's: what else it may do shows that it lives.
        let mut control = self.address(&["zones"])?;
        control.query_pairs_mut().append_pair("per_page", "5");
        let other = self.ask(control).await?;
        if disowned(&other).is_some() {
            return Ok((Own::Refused(says), answer));
        }
        opened::<Vec<Zone>>(&other)?;
        let detail = match account {
            None => "no user's token, yet one that lives: an account's own",
            Some(_) => "no token of this account, yet one that lives: a user's, or another account's",
        };
        let missing = Unobserved::new(Why::Unconfigured, &answer.asked, format!("{detail} ({says})"));
        Err(missing
            .by_hand(Remedy::prose("say whose it is: `account:` with the account's id, or without one a user's")))
    }

    async fn ask(&self, url: Url) -> Result<Arc<Response>, Unobserved> {
        let ask = Ask::to(url).via(&self.endpoint.via).header("accept", "application/json");
        self.cx.ask(ask.bearer(self.token)).await
    }

    fn address(&self, path: &[&str]) -> Result<Url, Unobserved> {
        let mut url = self.endpoint.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        } else {
            let detail = "no API can be below this URL";
            return Err(Unobserved::new(Why::Unconfigured, self.endpoint.url.as_str(), detail));
        }
        Ok(url)
    }
}

/// What Cloudflare says of the token where it does not know it; `None` where it complains of something else, or of nothing.
fn disowned(answer: &Response) -> Option<String> {
    if !matches!(answer.status, 400 | 401 | 403) {
        return None;
    }
    let envelope: Envelope<serde_json::Value> = serde_json::from_slice(&answer.body).ok()?;
    let complaint = envelope.errors.iter().find(|complaint| NO_TOKEN.contains(&complaint.code))?;
    Some(said(complaint))
}

fn said(complaint: &Complaint) -> String {
    let words = short(&complaint.message, 120);
    format!("{words} (code {})", complaint.code)
}

/// What is in the envelope.
fn opened<T: DeserializeOwned>(answer: &Response) -> Result<(T, Option<Pages>), Unobserved> {
    if answer.status >= 400 {
        return Err(refusal(answer));
    }
    let envelope: Envelope<T> = answer.json()?;
    if !envelope.success {
        let says: Vec<String> = envelope.errors.iter().take(3).map(said).collect();
        let detail = format!("status {}, and not a success: {}", answer.status, says.join(", "));
        return Err(Unobserved::new(Why::ServerError, &answer.asked, detail).by_hand(answer.by_hand()));
    }
    let result = envelope.result.ok_or_else(|| malformed(answer, "a success without a result"))?;
    Ok((result, envelope.result_info))
}

/// A refusal in Cloudflare's own words; `Authentication error` is a missing right as well as a token that is none.
fn refusal(answer: &Response) -> Unobserved {
    let missing = answer.refusal();
    let Ok(envelope) = serde_json::from_slice::<Envelope<serde_json::Value>>(&answer.body) else { return missing };
    let Some(complaint) = envelope.errors.first() else { return missing };
    let says = said(complaint);
    if disowned(answer).is_some() {
        return Unobserved { why: Why::Unauthorised, detail: says, ..missing };
    }
    match missing.why {
        Why::Forbidden => Unobserved { detail: format!("{says}; it needs {DNS_READ}"), ..missing },
        _ => Unobserved { detail: format!("status {}: {says}", answer.status), ..missing },
    }
}

fn malformed(answer: &Response, detail: &str) -> Unobserved {
    Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand())
}
