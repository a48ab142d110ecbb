//! What the workshop depends on at others' places: its zone at Cloudflare, and who is in its organisation at GitHub.

use jiff::Timestamp;

use super::{PLACES, Times, ago, names};
use crate::cloudflare::{self, Record, Zone};
use crate::github::{Format, Github, Organisation, Token};
use crate::state::State;

/// A token that may read the workshop's zone.
pub const CLOUDFLARE_API_TOKEN: &str = "cf-world-zone-reader-5d2c81aa90";
/// A token of a member of the workshop's organisation.
pub const GITHUB_TOKEN: &str = "ghp_worldworkshopworkshopworkshopworld1";
/// The organisation whose members may sign in.
pub const ORGANISATION: &str = "coder-contrib";
/// GitHub's API.
pub const GITHUB: &str = "api.github.com";
/// How many people registered.
const GUESTS: usize = 12;
/// Who looks, and whose account is used to try things.
const OWN: [&str; 2] = ["workshop-checker", "workshop-test"];

/// Adds both.
pub(super) fn add(state: &mut State, times: Times) {
    zone(state, ago(times, 90));
    let guests = (1..=GUESTS).map(|number| format!("workshop-guest-{number:02}"));
    let organisation = Organisation::of(OWN.into_iter().map(str::to_owned).chain(guests));
    let github: &mut Github = state.github.entry(GITHUB.to_owned()).or_default();
    github.organisations.insert(ORGANISATION.to_owned(), organisation);
    let token = Token { login: OWN[0].to_owned(), expires: Some(super::later(times, 60)), format: Format::Utc };
    github.tokens.insert(GITHUB_TOKEN.to_owned(), token);
}

/// The zone as its owners declared it, untouched for long.
fn zone(state: &mut State, made: Timestamp) {
    let zone = PLACES.iter().fold(Zone::new(names::ZONE, &names::NAME_SERVERS.map(|(name, _)| name)), |zone, place| {
        let wildcard = format!("*.{}", place.host);
        [place.host, &wildcard]
            .into_iter()
            .fold(zone, |zone, name| zone.record(Record::new(name, "CNAME", place.balancer, made)))
    });
    let cloudflare = state.cloudflare.entry(cloudflare::HOST.to_owned()).or_default();
    cloudflare.zones.push(zone);
    cloudflare.tokens.insert(CLOUDFLARE_API_TOKEN.to_owned(), cloudflare::Token::of(names::ZONE));
}
