//! The arithmetic of one quota: what it allows, what is in use, what that leaves, and what of it may be needed.

use crate::contract::values::Percent;

/// A quota and its use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Room {
    /// What the quota allows.
    pub(super) limit: f64,
    /// What is in use; the least that it may be where it is not known: nothing.
    pub(super) used: f64,
    /// The share of what is left that must stay free.
    pub(super) headroom: Percent,
}

/// How a need fits into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// With the headroom.
    Well,
    /// Without it.
    Tight,
    /// Not at all.
    Not,
}

/// What floating point may add to a sum of whole numbers.
const DUST: f64 = 1e-6;

impl Room {
    /// What the quota leaves.
    pub(super) fn left(self) -> f64 {
        (self.limit - self.used).max(0.0)
    }

    /// The share that may be used.
    fn share(self) -> f64 {
        1.0 - self.headroom.share()
    }

    /// What of the rest may be needed: `left × (1 − headroom)`. The other way to state headroom, so much more than the need,
    /// is the weaker one.
    pub(super) fn usable(self) -> f64 {
        self.left() * self.share()
    }

    pub(super) fn fit(self, need: f64) -> Fit {
        if need > self.left() + DUST {
            Fit::Not
        } else if need > self.usable() + DUST {
            Fit::Tight
        } else {
            Fit::Well
        }
    }

    /// The least whole limit into which `need` fits well; `None` where no limit would do.
    pub(super) fn limit_for(self, need: f64) -> Option<f64> {
        let share = self.share();
        (share > 0.0).then(|| (self.used + need / share - DUST).ceil())
    }
}

/// A count as a person writes it: whole where it is whole, else with one decimal.
pub(super) fn number(count: f64) -> String {
    if (count - count.round()).abs() < DUST { format!("{count:.0}") } else { format!("{count:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(limit: f64, used: f64) -> Room {
        Room { limit, used, headroom: Percent::of(0.3) }
    }

    #[test]
    fn a_need_fits_well_up_to_seven_tenths_of_what_is_left() {
        for (need, fit) in [(70.0, Fit::Well), (70.5, Fit::Tight), (100.0, Fit::Tight), (100.5, Fit::Not)] {
            assert_eq!(room(256.0, 156.0).fit(need), fit, "{need}");
        }
        assert_eq!(room(5.0, 32.0).fit(0.0), Fit::Well);
        assert_eq!(room(5.0, 32.0).fit(1.0), Fit::Not);
    }

    #[test]
    fn the_limit_to_ask_for_is_the_least_that_fits() {
        assert_eq!(room(128.0, 96.0).limit_for(80.0), Some(211.0));
        assert_eq!(room(211.0, 96.0).fit(80.0), Fit::Well);
        assert_eq!(room(210.0, 96.0).fit(80.0), Fit::Tight);
        assert_eq!(room(128.0, 30.0).limit_for(70.0), Some(130.0));
        assert_eq!(Room { headroom: Percent::of(1.0), ..room(1.0, 0.0) }.limit_for(1.0), None);
    }

    #[test]
    fn a_count_is_written_as_people_write_it() {
        assert_eq!([number(5.0), number(72.8), number(145.6)], ["5", "72.8", "145.6"]);
    }
}
