//! Who and what helps while the workshop is on: the rota of those who are paged, and the pages that everyone has.

use jiff::Timestamp;

use super::{Times, ago, later};
use crate::pagerduty::{Pagerduty, Target};
use crate::state::State;
use crate::web::{Page, Site};

/// Where the rota is asked for.
pub const PAGERDUTY: &str = "api.pagerduty.com";
/// The escalation policy of the workshop.
pub const POLICY: &str = "PWRKSHP";
/// The host of the published pages.
pub const HANDBOOK: &str = "handbook.coder.com";
/// A key that may read the rota.
pub(super) const PAGERDUTY_TOKEN: &str = "u+wrkshpReadOnly01";

/// Two levels, each with one person for a week around the workshop, and three pages.
pub(super) fn add(state: &mut State, times: Times) {
    let week: (Timestamp, Timestamp) = (ago(times, 3), later(times, 4));
    let rota = Pagerduty::of_key(PAGERDUTY_TOKEN)
        .user("UFIRST1", "Robin Ohio")
        .user("USECND2", "Kim Oregon")
        .schedule("SFIRST1", "Workshop first", &[("UFIRST1", week.0, week.1)])
        .schedule("SSECND2", "Workshop second", &[("USECND2", week.0, week.1)])
        .policy(POLICY, "Agentic Workshop", &[&[Target::schedule("SFIRST1")], &[Target::schedule("SSECND2")]]);
    state.pagerduty.insert(PAGERDUTY.to_owned(), rota);
    let pages = ["runbook", "agenda", "guide"];
    let site = Site { otherwise: Page::text(404, "not found\n"), ..Site::at(HANDBOOK, &[]) };
    let site = pages.iter().fold(site, |site, name| {
        site.page(
            &format!("/agentic-workshop/{name}"),
            Page::text(200, format!("The {name} of the Agentic Workshop\n")),
        )
    });
    state.web.insert(HANDBOOK.to_owned(), site);
}
