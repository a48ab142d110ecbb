//! The licences that are in force, moment by moment of the event's window. Together they entitle to what any of them does.
//!
//! Source: coder/coder, `enterprise/coderd/license/license.go`: of licences that overlap the larger limit counts; a count of
//! none is as good as no mention; a set of features carries what is listed nowhere.

use crate::{clients::coder::licences::Licence, contract::Window};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The count of users among the features.
pub(super) const SEATS: &str = "user_limit";

/// A time, and the licences that are in force from then on until one begins or expires.
pub(super) struct Stretch<'a> {
    pub(super) from: Timestamp,
    pub(super) licences: Vec<&'a Licence>,
}

/// The window, cut where a licence begins or expires; what no licence covers is left out.
pub(super) fn stretches<'a>(licences: &'a [Licence], window: &Window) -> Vec<Stretch<'a>> {
    let (opens, closes) = (window.opens(), window.closes());
    let edges = licences.iter().flat_map(|licence| [licence.begins, Some(licence.expires)]).flatten();
    let edges = edges.filter(|edge| opens < *edge && *edge < closes);
    let cuts: BTreeSet<Timestamp> = std::iter::once(opens).chain(edges).collect();
    let all = cuts.into_iter().map(|from| Stretch::at(licences, from));
    all.filter(|stretch| !stretch.licences.is_empty()).collect()
}

impl<'a> Stretch<'a> {
    pub(super) fn at(licences: &'a [Licence], from: Timestamp) -> Self {
        let is_in_force =
            |licence: &&Licence| licence.begins.is_none_or(|begins| begins <= from) && licence.expires > from;
        Self { from, licences: licences.iter().filter(is_in_force).collect() }
    }

    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.licences == other.licences
    }

    /// The one that lasts longest.
    pub(super) fn last(&self) -> Option<&'a Licence> {
        self.licences.iter().copied().max_by_key(|licence| licence.expires)
    }

    /// How many users are allowed, `None` inside for any number; `None` where a licence does not tell.
    pub(super) fn seats(&self) -> Result<Option<i64>, &'a Licence> {
        let mut most = None;
        for licence in &self.licences {
            let features = licence.features.as_ref().ok_or(*licence)?;
            most = most.max(features.get(SEATS).copied().filter(|seats| *seats > 0));
        }
        Ok(most)
    }

    /// Whether the licences carry `feature`, which those of `today` do; `None` where they do not tell.
    pub(super) fn carries(&self, feature: &str, today: &Self) -> Option<bool> {
        if self.lists(feature) {
            return Some(true);
        }
        let is_told = |stretch: &Self| stretch.licences.iter().all(|licence| licence.features.is_some());
        if !is_told(self) {
            return None;
        }
        let (sets, known) = (self.sets(), today.sets());
        if sets.is_empty() {
            return Some(false);
        }
        // What is listed nowhere today is of one of today's sets.
        let is_of_a_set = is_told(today) && !today.lists(feature) && !known.is_empty();
        (is_of_a_set && known.is_subset(&sets)).then_some(true)
    }

    fn lists(&self, feature: &str) -> bool {
        let count = |licence: &&Licence| licence.features.as_ref().and_then(|all| all.get(feature)).copied();
        self.licences.iter().filter_map(count).any(|count| count > 0)
    }

    fn sets(&self) -> BTreeSet<&'a str> {
        self.licences.iter().flat_map(|licence| &licence.sets).map(String::as_str).collect()
    }
}
