//! Rows that are shown once the event is over: what must be done then fails until it is.

use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30::Cause},
};

/// One row: what is asked for afterwards, and what does it.
pub struct After {
    /// The row on paper.
    pub id: &'static str,
    /// The item that asks for it.
    pub item: &'static str,
    /// The code of the finding that it raises until then.
    pub code: &'static str,
    /// What does it.
    pub done: fn(&mut State, &Times),
}

pub const AFTER: &[After] = &[
    After { id: "A03", item: "rotation-on-again@us-east-2", code: "expectation-not-met", done: rotate_again },
    After { id: "H03", item: "rotation-on-again@us-east-2", code: "expectation-not-met", done: rotate_again },
    After {
        id: "H03",
        item: "scaled-back@us-east-2",
        code: "expectation-not-met",
        // Six, as on an ordinary day.
        done: |state, times| Cause::TooFewProvisioners.inject(state, times),
    },
    After { id: "H04", item: "report-kept", code: "not-attested", done: |_, _| {} },
];

fn rotate_again(state: &mut State, times: &Times) {
    Cause::RotationInWindow.inject(state, times);
}
