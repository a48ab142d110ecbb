//! Since when nothing may have changed: a time, a while before the look, or the look of a report that was GO.
//!
//! A report that is no GO is no baseline, whatever time it names.

use super::last_go::{LastGo, Own};
use crate::{clients::clocks::MOST_SKEW, contract::Context, drift::settings::Since};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Since when nothing may have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// This time.
    Since {
        /// When.
        at: Timestamp,
        /// What says so.
        says: String,
    },
    /// There is none.
    Unusable {
        /// Where it should have been.
        named: String,
        /// Why.
        reason: String,
    },
}

/// Finds it; a report is read now.
pub(super) async fn find(cx: &Context, since: &Since, own: &Own, asked_at: Timestamp) -> Baseline {
    let (named, found) = match since {
        Since::Time(at) => (at.to_string(), Ok((*at, "the checklist".to_owned()))),
        Since::QuietFor(period) => {
            let at = asked_at.saturating_sub(period.signed()).unwrap_or(Timestamp::MIN);
            (format!("{period} before the look"), Ok((at, format!("{period} before the look"))))
        }
        Since::Report(file) => {
            let path = cx.reach().base.join(file);
            let own = own.clone();
            let read = tokio::task::spawn_blocking(move || LastGo::read(&path, &own)).await;
            let read = read.unwrap_or_else(|error| Err(error.to_string()));
            let name = file.display();
            (format!("report {name}"), read.map(|go| (go.looked_at, format!("the GO of {name}{}", go.left_out()))))
        }
    };
    match found {
        Ok((at, _)) if at > asked_at + SignedDuration::from_secs(MOST_SKEW) => {
            Baseline::Unusable { named, reason: format!("{at} is later than the look") }
        }
        Ok((at, says)) => Baseline::Since { at, says },
        Err(reason) => Baseline::Unusable { named, reason },
    }
}
