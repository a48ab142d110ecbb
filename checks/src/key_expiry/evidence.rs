//! What was seen of a key: who said what of its end, and when. Never the key, nor a hash of it.

use super::{moment::Moment, source::Source};
use crate::{
    clients::{clocks, http::Response},
    contract::{Unobserved, values::Period},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Whose key it is: what a remedy needs.
    pub source: Source,
    /// What was asked of whom, and when.
    pub look: Look,
    /// Every key that was looked for; at least one.
    pub keys: Vec<Key>,
    /// What could not be seen, beside what could.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unobserved>,
}

impl Evidence {
    /// What was seen of these keys, and nothing that could not.
    pub(super) const fn of(source: Source, look: Look, keys: Vec<Key>) -> Self {
        Self { source, look, keys, unseen: Vec::new() }
    }
}

/// What was asked of whom, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// What was asked.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// When the answer was whole.
    pub answered_at: Timestamp,
    /// What time the server thought it was, where one was asked and said so.
    pub server_time: Option<Timestamp>,
}

impl Look {
    pub(super) fn of(response: &Response) -> Self {
        let took = SignedDuration::try_from(response.took).unwrap_or(SignedDuration::MAX);
        Self {
            asked: response.asked.clone(),
            asked_at: response.asked_at,
            answered_at: response.asked_at.saturating_add(took).unwrap_or(Timestamp::MAX),
            server_time: response.header("date").and_then(clocks::parse),
        }
    }

    /// A look that asked nobody but this machine.
    pub(super) fn here(asked: String, at: Timestamp) -> Self {
        Self { asked, asked_at: at, answered_at: at, server_time: None }
    }

    /// By how many seconds the server's clock is ahead, where that is more than the answer's own time explains.
    #[must_use]
    pub fn skew(&self) -> Option<i64> {
        let server = self.server_time?.as_second();
        let ahead = server - self.answered_at.as_second();
        let behind = self.asked_at.as_second() - server;
        if ahead > clocks::MOST_SKEW { Some(ahead) } else { (behind > clocks::MOST_SKEW).then_some(-behind) }
    }
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What people call it: its alias, its name, the registry that it opens.
    pub name: String,
    /// What the system thinks of it now.
    pub standing: Standing,
    /// When it ends.
    pub ends: Ends,
    /// Before this it is not valid yet.
    #[serde(default)]
    pub begins: Option<Timestamp>,
    /// When it was made or last renewed.
    #[serde(default)]
    pub issued: Option<Timestamp>,
    /// How the system replaces it by itself, where it does.
    #[serde(default)]
    pub rotation: Option<Rotation>,
    /// Who replaces it by itself before it ends, cutting nobody off: then it counts that this works, and not the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Renews>,
    /// What makes the end that is told doubtful.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// When it was used, where its system tells that of every key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What a person should know besides.
    #[serde(default)]
    pub note: Option<String>,
}

/// How whoever uses a short-lived key gets the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renews {
    /// Who renews it, in words: `STS, for a token of the cluster`.
    pub by: String,
    /// When that was last seen to work; `None` where nothing shows that it does.
    pub proven: Option<Timestamp>,
}

/// When a key was used, and those beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// When it was last used; `None` where it never was.
    pub last: Option<Timestamp>,
    /// Those that may have been used in its place.
    #[serde(default)]
    pub beside: Vec<Beside>,
}

/// A key beside the one that counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// What people call it.
    pub name: String,
    /// False where it is switched off.
    pub is_on: bool,
    /// When it was last used; `None` where it never was.
    pub last: Option<Timestamp>,
}

impl Key {
    /// A key of which nothing but its standing is known.
    pub(super) fn of(name: impl Into<String>, standing: Standing) -> Self {
        let ends = Ends::Untold { says: "nothing is said of its end".to_owned() };
        Self {
            name: name.into(),
            standing,
            ends,
            begins: None,
            issued: None,
            rotation: None,
            renews: None,
            doubt: None,
            usage: None,
            note: None,
        }
    }

    /// A key in force that ends so.
    pub(super) fn ending(name: impl Into<String>, ends: Ends) -> Self {
        Self { ends, ..Self::of(name, Standing::InForce) }
    }
}

/// What the system thinks of a key now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Standing {
    /// It is not refused.
    InForce,
    /// It was switched off.
    Blocked {
        /// In the system's words.
        says: String,
    },
    /// The system knows it no more, or never did.
    Refused {
        /// In the system's words.
        says: String,
    },
    /// The system refused it because it has ended.
    Ended {
        /// In the system's words.
        says: String,
    },
    /// It is not where it should be.
    Missing {
        /// What was there instead.
        says: String,
    },
    /// There is something in its place that is no key: nothing, or the word `null`.
    Empty {
        /// What there is.
        says: String,
    },
    /// It works, and may not do what it is for.
    Lacking {
        /// What it may not do.
        says: String,
    },
    /// A certificate that no client with these authorities would take.
    Untrusted {
        /// Why not.
        says: String,
    },
    /// A certificate for other names.
    WrongName {
        /// For which.
        says: String,
    },
}

/// When a key ends, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ends {
    /// Then.
    At {
        /// When.
        time: Timestamp,
        /// Where that is written.
        told_by: String,
    },
    /// Not by itself.
    Never {
        /// Where that is written.
        told_by: String,
    },
    /// Nobody says.
    Untold {
        /// Who said nothing.
        says: String,
    },
}

impl Ends {
    /// As `moment` says, which stands in `told_by`.
    pub(super) fn told(moment: Moment, told_by: impl Into<String>) -> Self {
        let told_by = told_by.into();
        match moment {
            Moment::At(time) => Self::At { time, told_by },
            Moment::Never => Self::Never { told_by },
            Moment::Unset => Self::Untold { says: format!("{told_by} is zero") },
        }
    }

    /// For the order of keys: the soonest first, what is not known before what never ends.
    pub(super) fn order(&self) -> (u8, Timestamp) {
        match self {
            Self::At { time, .. } => (0, *time),
            Self::Untold { .. } => (1, Timestamp::MIN),
            Self::Never { .. } => (2, Timestamp::MIN),
        }
    }
}

/// How a system replaces a key by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// When it is due; `None` means at the next scan.
    pub due: Option<Timestamp>,
    /// How often, as the system writes it: `30d`.
    pub every: Option<String>,
    /// How often the system looks for keys that are due.
    pub scan: Period,
}
