//! What the licences of the event entitle to, where they are others than today's, of which alone the server speaks.

use super::{
    Entitled, codes,
    entitled::Case,
    force::{Stretch, stretches},
    licence::name,
};
use crate::{
    clients::coder::{
        entitlements::{Feature, Standing},
        licences::Licence,
    },
    contract::{Code, Finding, Remedy},
};

/// Of each thing that is wanted, the first stretch of the window that lacks it.
pub(super) fn judge(case: &Case<'_>, entitled: &Entitled, licences: &[Licence]) -> Vec<Finding> {
    let today = Stretch::at(licences, case.window.now);
    let mut others = stretches(licences, case.window);
    others.retain(|stretch| !stretch.is_as(&today));
    let seats = entitled.seats.and_then(|seats| {
        let actual = seats.user_limit.and_then(|told| told.actual);
        others.iter().find_map(|stretch| self::seats(case, stretch, actual))
    });
    let is_there = |seen: &Option<Feature>| seen.is_some_and(|seen| seen.entitlement == Standing::Entitled);
    let wanted = entitled.features.iter().filter(|(_, seen)| is_there(seen)).map(|(feature, _)| feature);
    let features =
        wanted.filter_map(|feature| others.iter().find_map(|stretch| self::feature(case, stretch, feature, &today)));
    seats.into_iter().chain(features).collect()
}

fn seats(case: &Case<'_>, stretch: &Stretch<'_>, actual: Option<i64>) -> Option<Finding> {
    let untold = |seen: String| {
        let finding = Finding::new(codes::SEATS_UNTOLD, "seats").expected("a number of seats for the crowd");
        Some(finding.seen(seen).mended_by(Remedy::prose("look at the licence's own text, and count the users by hand")))
    };
    match (stretch.seats(), actual) {
        (Ok(None), _) => None,
        (Err(silent), _) => untold(format!("{} does not tell them{}", name(silent), since(case, stretch))),
        (Ok(Some(_)), None) => {
            untold(format!("the server does not tell how many users there are{}", since(case, stretch)))
        }
        (Ok(Some(limit)), Some(actual)) => case.room(limit, actual, &since(case, stretch)),
    }
}

fn feature(case: &Case<'_>, stretch: &Stretch<'_>, feature: &str, today: &Stretch<'_>) -> Option<Finding> {
    let (code, seen): (Code, _) = match stretch.carries(feature, today) {
        Some(true) => return None,
        Some(false) => (codes::NOT_ENTITLED, "not among its features"),
        None => (codes::FEATURE_UNTOLD, "its claims do not tell"),
    };
    let url = &case.evidence.url;
    let cure = format!("see that the licence that is in force then carries `{feature}`, at {url}/deployment/licenses");
    let finding = Finding::new(code, feature).expected("carried by the licence of the event");
    Some(finding.seen(format!("{seen}{}", since(case, stretch))).mended_by(Remedy::prose(cure)))
}

/// ` from Tue 1 Dec 16:00 PST on, with licence 2`.
fn since(case: &Case<'_>, stretch: &Stretch<'_>) -> String {
    let names: Vec<String> = stretch.licences.iter().take(3).map(|licence| name(licence)).collect();
    let begins = stretch.licences.iter().filter_map(|licence| licence.begins).max();
    let from = begins.filter(|begins| *begins <= stretch.from && *begins > case.window.now).unwrap_or(stretch.from);
    format!(" from {} on, with {}", case.window.clock(from), names.join(" and "))
}
