//! What was told, and when it was by the clock of who told it.
//!
//! "Seen 40 s ago" is a statement about the server's clock, so the `Date` of its answer is what its times are compared
//! with. This machine's clock is left out: one that is slow would bring dead daemons back to life.

use crate::{
    clients::{clocks, http::Response},
    contract::{Unobserved, Why},
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// A value, and the two times of the answer that it came with.
#[derive(Clone, Debug)]
pub struct Told<T> {
    /// What was told.
    pub value: T,
    /// When the first byte was asked, by this machine's clock.
    pub asked_at: Timestamp,
    /// When it was answered, by the server's clock: to the second.
    pub clock: Timestamp,
}

impl<T: DeserializeOwned> Told<T> {
    /// What an answer tells.
    ///
    /// # Errors
    /// A refusal, a body that is no such thing, or an answer that does not say when it is from.
    pub(super) fn of(answer: &Response) -> Result<Self, Unobserved> {
        let value = answer.json()?;
        let clock = answer.header("date").and_then(clocks::parse).ok_or_else(|| {
            let detail = "the answer has no Date, so the times in it cannot be told from old ones";
            Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand())
        })?;
        Ok(Self { value, asked_at: answer.asked_at, clock })
    }
}
